"""Tables of workshops."""

from __future__ import annotations
