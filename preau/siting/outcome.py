"""What a computed scenario says, as `Scenario.result` keeps it and as pages read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from preau.siting.models import Scenario

#: Moments in the order of the arrays.
MOMENTS = ("en semaine", "en soirée", "le samedi")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A commune that would receive a place."""

    code: str
    gain: float
    catchment: int
    is_forced: bool


@dataclass(frozen=True, slots=True)
class Next:
    """Where one more place would do most: a commune and those uncovered around it."""

    code: str
    gain: float
    communes: list[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    Attributes:
        uncovered: commune → moments (numbers of `MOMENTS`) at which nobody serves it.
        mean_before, mean_after: mean way in km; None where there is no place at all.
        existing: how many existing places were counted.
        unknown_hours: of them, how many whose hours are not known.
        versions: digest and date of the territories, day of the directory.
    """

    chosen: list[Chosen]
    uncovered: dict[str, tuple[int, ...]]
    after: list[Next]
    mean_before: float | None
    mean_after: float | None
    existing: int
    unknown_hours: int
    versions: dict[str, str]

    def packed(self) -> dict[str, Any]:
        groups: dict[str, list[str]] = {}
        for code, moments in self.uncovered.items():
            groups.setdefault("".join(map(str, moments)), []).append(code)
        return {
            "chosen": [
                [one.code, round(one.gain, 2), one.catchment, int(one.is_forced)]
                for one in self.chosen
            ],
            "uncovered": {moments: " ".join(codes) for moments, codes in groups.items()},
            "after": [[one.code, round(one.gain, 2), one.communes] for one in self.after],
            "mean": [self.mean_before, self.mean_after],
            "existing": [self.existing, self.unknown_hours],
            "versions": self.versions,
        }


def outcome_of(scenario: Scenario) -> Outcome:
    """Of a computed scenario."""
    kept = scenario.result
    before, after = kept["mean"]
    existing, unknown = kept["existing"]
    return Outcome(
        chosen=[Chosen(code, gain, mass, bool(own)) for code, gain, mass, own in kept["chosen"]],
        uncovered={
            code: tuple(map(int, moments))
            for moments, codes in kept["uncovered"].items()
            for code in codes.split()
        },
        after=[Next(code, gain, communes) for code, gain, communes in kept["after"]],
        mean_before=before,
        mean_after=after,
        existing=existing,
        unknown_hours=unknown,
        versions=kept["versions"],
    )
