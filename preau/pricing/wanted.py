"""What somebody adds to a booking."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    option_id: int
    quantity: int = 1
