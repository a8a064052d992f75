"""Tables of listings."""

from __future__ import annotations
