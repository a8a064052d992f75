"""The booking rules of a space, said in French: the same words for managers and the public."""

from __future__ import annotations

from dataclasses import dataclass

from preau.core import formats
from preau.places.enums import ApprovalMode, UserCategory
from preau.places.models import Space

DAY = 1440
#: Days → words, for how long ahead people usually book.
HORIZONS = {
    30: "1\u00a0mois",
    60: "2\u00a0mois",
    90: "3\u00a0mois",
    180: "6\u00a0mois",
    365: "1\u00a0an",
    540: "18\u00a0mois",
    730: "2\u00a0ans",
}


def minutes(value: int) -> str:
    """`1 h 30`, `2 jours`."""
    if value and value % DAY == 0:
        return formats.count(value // DAY, "jour")
    return formats.duration(value)


def stations_for(people: int, capacity: int, size: int) -> int:
    """How many stations of a pool of `size` so many people take: they share its capacity evenly.

    One for a room; all of them when even that is not enough.
    """
    return min(max(1, -(-people * size // capacity)), max(1, size))


def seats_at(stations: int, capacity: int, size: int) -> int:
    """How many people so many stations of a pool seat."""
    return stations * capacity // size if size else 0


@dataclass(frozen=True, slots=True)
class Sentences:
    """One sentence for each rule; empty when there is nothing to say."""

    categories: list[str]
    approval: str
    duration: str
    step: str
    buffers: str
    window: str
    price: str


def sentences(space: Space) -> Sentences:
    return Sentences(
        categories=[UserCategory(one).label for one in space.categories],
        approval=_approval(space),
        duration=f"De {minutes(space.min_minutes)} à {minutes(space.max_minutes)}",
        step=f"Toutes les {minutes(space.step_minutes)}"
        if space.step_minutes != DAY
        else "Une fois par jour",
        buffers=_buffers(space),
        window=_window(space),
        price=price(space),
    )


def _approval(space: Space) -> str:
    if space.approval == ApprovalMode.IMMEDIATE:
        return "La réservation est confirmée aussitôt"
    delay = formats.count(space.response_hours, "heure")
    if space.response_hours % 24 == 0:
        delay = formats.count(space.response_hours // 24, "jour")
    return f"Un gestionnaire répond en {delay} au plus"


def _buffers(space: Space) -> str:
    parts = []
    if space.buffer_before:
        parts.append(f"{minutes(space.buffer_before)} de préparation avant")
    if space.buffer_after:
        parts.append(f"{minutes(space.buffer_after)} de remise en état après")
    return ", ".join(parts)


def _window(space: Space) -> str:
    ahead = HORIZONS.get(space.horizon_days) or formats.count(space.horizon_days, "jour")
    earliest = f"jusqu’à {ahead} à l’avance"
    if not space.lead_minutes:
        return f"{earliest[0].upper()}{earliest[1:]}, et jusqu’au dernier moment"
    return f"Au plus tard {minutes(space.lead_minutes)} avant, {earliest}"


def price(space: Space) -> str:
    if space.price_from_cents is None:
        return "Sur demande"
    if space.price_from_cents == 0:
        return "Gratuit"
    return f"À partir de {formats.euros(space.price_from_cents)}"
