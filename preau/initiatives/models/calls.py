"""Tables of calls for initiatives and submissions."""

from __future__ import annotations
