"""From exact fractions of cents to cents that add up."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor


def to_cents(exact: Sequence[Fraction], total: int) -> list[int]:
    """Whole cents whose sum is `total`: the largest remainders first, then the order given.

    Nobody moves by a cent or more from the exact share.
    """
    cents = [floor(one) for one in exact]
    left = total - sum(cents)
    if not 0 <= left <= len(exact):
        raise ValueError("The exact shares do not add up to the total.")
    ranked = sorted(range(len(exact)), key=lambda i: (cents[i] - exact[i], i))
    for number in ranked[:left]:
        cents[number] += 1
    return cents
