"""What comes from files: records delivered with Préau, and the aids of Aides-territoires."""

from preau.resources.loading.aids import load_aids
from preau.resources.loading.delivered import load_delivered
from preau.resources.loading.report import Report

__all__ = ["Report", "load_aids", "load_delivered"]
