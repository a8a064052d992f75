"""A country of configurable size, in real tables of the real product. See bench/README.md."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

DESCRIPTION = "country.json"


@dataclass(frozen=True)
class Country:
    """What a measure is given: which country was built, and where it is."""

    spaces: int
    bookings_per_space: int
    seed: int
    url: str  # DATABASE_URL of its server
    today: date  # the day it was built for: half of the bookings are before, half after
    #: The parts asked for (`make bench ONLY=reads.search.window`); empty: everything.
    only: tuple[str, ...] = ()
    #: The rest of country.json: counts, accounts, a few known places and spaces.
    about: dict[str, Any] = field(default_factory=dict)
    draw: random.Random = field(default_factory=random.Random)

    def wants(self, name: str) -> bool:
        """Whether a figure of this name, or one that begins so, was asked for."""
        return not self.only or any(
            name.startswith(word) or word.startswith(f"{name}.") for word in self.only
        )


def read(folder: Path, url: str, only: tuple[str, ...] = ()) -> Country:
    """The country whose description is beside its data."""
    about = json.loads((folder / DESCRIPTION).read_text())
    return Country(
        spaces=about["spaces"],
        bookings_per_space=about["bookings_per_space"],
        seed=about["seed"],
        url=url,
        today=date.fromisoformat(about["today"]),
        only=only,
        about=about,
        draw=random.Random(about["seed"]),  # noqa: S311  a repeatable draw, no secret
    )
