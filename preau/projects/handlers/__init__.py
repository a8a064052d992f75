"""What the room does when something has happened, by part."""

from preau.projects.handlers import filing, help, impact, pair, sheet

__all__ = ["filing", "help", "impact", "pair", "sheet"]
