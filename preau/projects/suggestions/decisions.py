"""What people have decided of suggestions: the last word on each holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from preau.core.errors import Refusal
from preau.projects.enums import RecommendationState, SuggestionVerdict
from preau.projects.models import Blockage, SuggestionDecision
from preau.projects.suggestions.engine import suggest
from preau.projects.suggestions.one import Suggestion


@dataclass(frozen=True, slots=True)
class Left:
    """The suggestions of a blockage, and what became of the others.

    Attributes:
        open: nobody has decided yet.
        discarded: set aside for this blockage, with by whom and why.
    """

    open: list[Suggestion]
    discarded: list[tuple[Suggestion, SuggestionDecision]]


def left(blockage: Blockage, *, on: date) -> Left:
    """What is still to be decided.

    A suggestion used in this project is not proposed again, whatever the blockage, until its
    recommendation has lapsed; one set aside is, for the project's other blockages: what does not
    suit one need may suit another.
    """
    found = suggest(blockage, on=on)
    used = set(
        blockage.project.recommendations.exclude(suggestion_id="")
        .exclude(state=RecommendationState.LAPSED)
        .values_list("suggestion_id", flat=True)
    )
    last = _last_decisions(blockage)
    open_, discarded = [], []
    for one in found:
        decision = last.get(one.id)
        if one.id in used:
            continue
        if decision is not None and decision.verdict == SuggestionVerdict.DISCARDED:
            discarded.append((one, decision))
        else:
            open_.append(one)
    return Left(open_, discarded)


def find(blockage: Blockage, suggestion_id: str, *, on: date) -> Suggestion:
    """A suggestion by its id, as it is now.

    Raises:
        Refusal: it is no longer made ("gone").
    """
    for one in suggest(blockage, on=on):
        if one.id == suggestion_id:
            return one
    raise Refusal(
        "Cette suggestion n’est plus faite : la fiche, le lieu ou le projet a changé entre-temps."
        " Voyez celles qui le sont maintenant.",
        code="gone",
    )


def _last_decisions(blockage: Blockage) -> dict[str, SuggestionDecision]:
    rows = SuggestionDecision.objects.filter(project=blockage.project_id, blockage=blockage)
    return {one.suggestion_id: one for one in rows.select_related("user").order_by("id")}
