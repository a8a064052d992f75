"""An amendment says only what changes, and the price before and after."""

from __future__ import annotations

from typing import Any

from preau.agreements.drafting.facts import Amendment
from preau.agreements.enums import AgreementState
from preau.agreements.models import Agreement
from preau.core import formats
from preau.core.errors import Refusal

Content = dict[str, Any]
_COMPARED = ("title", "text", "table")


def amend(content: Content, before: Content, amendment: Amendment, *, rank: int) -> Content:
    """The content of an amendment: the changed clauses out of the whole new text.

    Raises:
        Refusal: nothing changes.
    """
    articles = _changed(content["articles"], before["articles"])
    annexes = _changed(content["annexes"], before["annexes"])
    gone = _gone(content, before)
    if not articles and not annexes and not gone:
        raise Refusal("Cet avenant ne change rien à la convention.", code="nothing_changes")
    difference = content["total_cents"] - before["total_cents"]
    return content | {
        "title": f"Avenant n° {rank} à la convention {amendment.of}",
        "amendment": {
            "of": amendment.of,
            "signed_on": formats.day(amendment.signed_on, weekday=False),
            "reason": amendment.reason,
            "before": formats.euros(before["total_cents"]),
            "after": formats.euros(content["total_cents"]),
            "difference": ("+" if difference > 0 else "") + formats.euros(difference),
            "gone": gone,
        },
        "articles": articles,
        "annexes": annexes,
        # The text in force once it is signed: what the next amendment starts from.
        "in_force": whole(content),
    }


def whole(content: Content) -> Content:
    """Every clause that binds, of an agreement or of one as amended."""
    kept: Content = content.get("in_force") or {
        "articles": content["articles"],
        "annexes": content["annexes"],
        "total_cents": content["total_cents"],
    }
    return kept


def in_force(agreement: Agreement) -> Content:
    """What binds the parties today: the agreement as its last signed amendment left it."""
    last = agreement.amendments.filter(state=AgreementState.SIGNED).order_by("-amendment").first()
    return whole((last or agreement).content)


def _numbered(clauses: list[dict[str, Any]]) -> dict[str, int]:
    return {one["key"]: rank for rank, one in enumerate(clauses, start=1)}


def _changed(new: list[dict[str, Any]], old: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Clauses that are new or other, each with its number in the agreement it changes."""
    before = {one["key"]: one for one in old}
    ranks = _numbered(old)
    changed = []
    for one in new:
        same = before.get(one["key"])
        if same is not None and all(same[name] == one[name] for name in _COMPARED):
            continue
        changed.append(one | {"number": ranks.get(one["key"], 0)})
    return changed


def _gone(content: Content, before: Content) -> list[str]:
    kept = {one["key"] for one in [*content["articles"], *content["annexes"]]}
    was = [*before["articles"], *before["annexes"]]
    return [one["title"] for one in was if one["key"] not in kept]
