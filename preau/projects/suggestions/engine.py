"""The suggestions for a blockage, best first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from preau.projects.models import Blockage
from preau.projects.suggestions import competent, library, places
from preau.projects.suggestions import weights as w
from preau.projects.suggestions.one import Suggestion, need_of
from preau.resources.enums import HelpKind


def suggest(blockage: Blockage, *, on: date) -> list[Suggestion]:
    """What may help to lift it: computed now, explained, in an order that depends on nothing else.

    The same blockage, library and day give the same list; an id is that of the row it stands for,
    whatever else comes or goes. Nobody has yet decided anything of it: see `decisions`.
    """
    need = need_of(blockage, on=on)
    found = library.suggestions(need) + places.suggestions(need)
    kept = _best(found, w.MOST_OF_A_KIND)
    kept += _best(competent.suggestions(need), w.MOST_PEOPLE)
    return _in_order(kept)


def _best(found: Iterable[Suggestion], most: int) -> list[Suggestion]:
    """The first of each nature, those too weak left out."""
    seen: Counter[HelpKind] = Counter()
    kept = []
    for one in _in_order(found):
        if one.score < w.FLOOR or seen[one.kind] >= most:
            continue
        seen[one.kind] += 1
        kept.append(one)
    return kept


def _in_order(found: Iterable[Suggestion]) -> list[Suggestion]:
    return sorted(found, key=lambda one: (-one.score, one.id))
