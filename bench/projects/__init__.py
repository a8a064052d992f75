"""40,000 projects on the real communes, and what their pages cost. See bench/README.md."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

DESCRIPTION = "country.json"


@dataclass(frozen=True)
class Portfolio:
    """What a measure is given: which country of projects was built, and where it is."""

    projects: int
    seed: int
    url: str  # DATABASE_URL of its server
    today: date
    folder: Path
    #: The parts asked for (`make bench ONLY=projects.list`); empty: everything.
    only: tuple[str, ...] = ()

    def wants(self, name: str) -> bool:
        """Whether a figure of this name, or one that begins so, was asked for."""
        return not self.only or any(
            name.startswith(word) or word.startswith(f"{name}.") for word in self.only
        )


def read(folder: Path, url: str, only: tuple[str, ...] = ()) -> Portfolio:
    """The country whose description is beside its data."""
    about = json.loads((folder / DESCRIPTION).read_text())
    today = date.fromisoformat(about["today"])
    return Portfolio(about["projects"], about["seed"], url, today, folder, only)
