"""The place that a blockage asks for: what `Blockage.need` holds, checked and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from preau.core.formats import NBSP, WEEKDAYS, count, duration
from preau.places.enums import Equipment, SpaceKind

DEFAULT_KM = 15
DEFAULT_MINUTES = 120
#: « Quand vous voulez » looks at the hours when people meet.
ANY_HOURS = (8 * 60, 22 * 60)


@dataclass(frozen=True, slots=True)
class PlaceNeed:
    """What is wanted of a space.

    Attributes:
        weekday: 0 is Monday; None: any day.
        start_minute: of the local day; None: any hour between eight and ten in the evening.
        equipment: mask of `Equipment` bits, all required.
        kinds: any of these; empty: all.
        km: how far from the project.
    """

    people: int
    weekday: int | None = None
    start_minute: int | None = None
    minutes: int = DEFAULT_MINUTES
    equipment: int = 0
    kinds: tuple[str, ...] = ()
    km: int = DEFAULT_KM

    @property
    def hours(self) -> tuple[int, int]:
        """The minutes of the day within which it must lie."""
        if self.start_minute is None:
            return ANY_HOURS
        return self.start_minute, min(self.start_minute + self.minutes, 1440)

    @property
    def equipment_wanted(self) -> list[Equipment]:
        return [one for one in Equipment if self.equipment >> one & 1]

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        kept: dict[str, Any] = {"people": self.people, "minutes": self.minutes, "km": self.km}
        if self.weekday is not None:
            kept["weekday"] = self.weekday
        if self.start_minute is not None:
            kept["start"] = f"{self.start_minute // 60:02d}:{self.start_minute % 60:02d}"
        if self.equipment:
            kept["equipment"] = self.equipment
        if self.kinds:
            kept["kinds"] = list(self.kinds)
        return kept

    @property
    def words(self) -> str:
        """« 30 personnes, le jeudi à 18 h, pendant 2 h, à 15 km au plus »."""
        when = "n’importe quel jour" if self.weekday is None else f"le {WEEKDAYS[self.weekday]}"
        if self.start_minute is not None:
            minute = f"{NBSP}{self.start_minute % 60:02d}" if self.start_minute % 60 else ""
            when += f" à {self.start_minute // 60}{NBSP}h{minute}"
        parts = [count(self.people, "personne"), when, f"pendant {duration(self.minutes)}"]
        parts += [SpaceKind(one).label.lower() for one in self.kinds]
        parts += [one.label.lower() for one in self.equipment_wanted]
        return ", ".join([*parts, f"à {self.km}{NBSP}km au plus"])


def read(kept: Mapping[str, Any]) -> PlaceNeed | None:
    """The need of a blockage, or None when no place would help; whatever an import has put in."""
    if not kept:
        return None
    start = str(kept.get("start", ""))
    hour, _, minute = start.partition(":")
    begins = int(hour) * 60 + int(minute or 0) if hour.isdecimal() else None
    weekday = kept.get("weekday")
    minutes = max(15, min(int(kept.get("minutes", DEFAULT_MINUTES)), 12 * 60))
    return PlaceNeed(
        people=max(1, int(kept.get("people", 1))),
        weekday=weekday if isinstance(weekday, int) and 0 <= weekday <= 6 else None,
        start_minute=None if begins is None else min(begins, 1440 - minutes),
        minutes=minutes,
        equipment=int(kept.get("equipment", 0)),
        kinds=tuple(one for one in kept.get("kinds", ()) if one in SpaceKind.values),
        km=max(1, min(int(kept.get("km", DEFAULT_KM)), 50)),
    )
