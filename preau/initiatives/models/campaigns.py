"""Tables of campaigns and pledges."""

from __future__ import annotations
