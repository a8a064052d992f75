"""Tables of stories."""

from __future__ import annotations
