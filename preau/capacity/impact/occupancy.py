"""Occupancy of one season and of the same a year before; hours revealed, then used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from preau.capacity.grids import Measure
from preau.capacity.impact.base import Definition, Figure, Question, Section
from preau.capacity.queries.figures import Reading, live, read
from preau.capacity.queries.scopes import MOST_LIVE
from preau.capacity.reading import Measured
from preau.core import formats

OCCUPANCY = Definition(
    "occupation",
    "Taux d’occupation",
    "%",
    "Heures occupées divisées par heures ouvertes, à côté de la même saison un an plus tôt "
    "(52 semaines avant, les mêmes jours de la semaine).",
    "Une hausse peut venir d’heures d’ouverture en moins : lisez-la avec les heures occupées.",
    decimals=1,
)
USED = Definition(
    "heures_occupees",
    "Heures occupées",
    "h",
    "Réservations, permanences et usage propre, pendant l’ouverture, en heures de l’espace "
    "entier : une heure d’un tiers de salle compte pour un tiers.",
)
REVEALED = Definition(
    "revelees",
    "Heures × m² révélées",
    "h·m²",
    "Pour chaque espace, les heures de la semaine où il est ouvert et ne l’était jamais un an "
    "plus tôt, multipliées par sa surface.",
    "Les espaces de surface inconnue ne sont pas comptés.",
)
REVEALED_USED = Definition(
    "revelees_occupees",
    "… dont occupées",
    "h·m²",
    "Parmi les heures × m² révélées, celles que quelqu’un occupe.",
)
#: A place must have existed on both sides, and long enough, for a comparison to mean something.
LEAST_DAYS = 28


@dataclass(frozen=True)
class Pair:
    """The same spaces on the same season, before and after."""

    before: Reading
    after: Reading

    @property
    def is_comparable(self) -> bool:
        return bool(self.before.hours(Measure.OPEN))


def pair(question: Question) -> Pair:
    """Only what existed both times is compared, where spaces are read one by one."""
    earlier = question.a_year_before()
    after = read(question.scope, question.first, question.last)
    before = read(earlier.scope, earlier.first, earlier.last)
    return Pair(before, after)


def compute(question: Question) -> list[Figure]:
    both = pair(question)
    now, then = both.after, both.before
    share, earlier = now.share_of_open(Measure.USED), then.share_of_open(Measure.USED)
    counted = f"{formats.count(now.spaces, 'espace', 'espaces')} ; {then.spaces} un an plus tôt"
    return [
        Figure(
            OCCUPANCY.key,
            None if share is None else 100 * share,
            "aucune heure d’ouverture",
            None if earlier is None else 100 * earlier,
            counted,
        ),
        Figure(
            USED.key,
            now.hours(Measure.USED),
            before=then.hours(Measure.USED) if then.spaces else None,
            counted=counted,
        ),
        *_revealed(question),
    ]


def _revealed(question: Question) -> list[Figure]:
    if question.scope.exceeds(MOST_LIVE):
        words = "territoire trop grand : choisissez une intercommunalité ou une commune"
        return [Figure(one.key, None, words) for one in (REVEALED, REVEALED_USED)]
    earlier = question.a_year_before()
    now = live(question.scope, question.first, question.last).measured
    then = live(earlier.scope, earlier.first, earlier.last).measured
    revealed, used = revealed_then_used(then, now)
    known = sum(one.root.surface is not None for one in now)
    counted = f"{formats.count(known, 'espace', 'espaces')} de surface connue sur {len(now)}"
    return [
        Figure(REVEALED.key, revealed if known else None, "surface à renseigner", None, counted),
        Figure(REVEALED_USED.key, used if known else None, "surface à renseigner", None, counted),
    ]


def revealed_then_used(then: Sequence[Measured], now: Sequence[Measured]) -> tuple[float, float]:
    """In hours × m²."""
    known = {one.root.space_id: one.months for one in then}
    revealed = used = 0.0
    for one in now:
        before = known.get(one.root.space_id)
        shut = np.ones((2, 7, 24), bool) if before is None else before[:, Measure.OPEN] == 0
        weight = (one.root.surface or 0) / (4.0 * one.root.whole)
        revealed += float(one.months[:, Measure.OPEN][shut].sum()) * weight
        used += float(one.months[:, Measure.USED][shut].sum()) * weight
    return revealed, used


SECTION = Section(
    "occupation",
    "Occupation, d’une année à l’autre",
    (OCCUPANCY, USED, REVEALED, REVEALED_USED),
    compute,
)
