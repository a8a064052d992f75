"""Tables of kits, their uses, supports."""

from __future__ import annotations
