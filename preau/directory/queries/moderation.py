"""What waits for somebody's decision: signals, possible doubles, claims, proposed sheets."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.directory import perms
from preau.directory.enums import PairState, SheetState, SignalState
from preau.directory.models import Sheet, SheetClaim, SheetPair, Signal

#: Shown at once, the oldest first; the next ones come as these are decided.
MOST = 50
MOST_COUNTED = 100
NONE = Q(pk__in=[])
KEEPERS = frozenset({MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Inbox:
    """What one person may decide of."""

    signals: list[Signal]
    pairs: list[SheetPair]
    claims: list[SheetClaim]
    proposed: list[Sheet]

    def __bool__(self) -> bool:
        return bool(self.signals or self.pairs or self.claims or self.proposed)


def inbox(actor: Actor) -> Inbox:
    """Four queries, whatever waits."""
    return Inbox(
        signals=list(waiting_signals(actor).select_related("sheet", "commune")[:MOST]),
        pairs=list(open_pairs(actor).select_related("first__commune", "second__commune")[:MOST]),
        claims=list(waiting_claims(actor).select_related("sheet__commune", "organization")[:MOST]),
        proposed=list(proposed_sheets(actor).select_related("commune")[:MOST]),
    )


def waiting_signals(actor: Actor) -> QuerySet[Signal]:
    found = Signal.objects.filter(state=SignalState.WAITING)
    if actor.is_operator:
        return found
    return found.filter(_managed(actor, "sheet__") | (perms.held_by_authority(actor) or NONE))


def open_pairs(actor: Actor) -> QuerySet[SheetPair]:
    found = SheetPair.objects.filter(state=PairState.OPEN).order_by("-score", "pk")
    if actor.is_operator:
        return found
    ours = _held_sheets(actor)
    return found.filter(first__in=ours, second__in=ours)


def waiting_claims(actor: Actor) -> QuerySet[SheetClaim]:
    found = SheetClaim.objects.filter(state=SignalState.WAITING)
    if actor.is_operator:
        return found
    held = perms.held_by_authority(actor)
    return found.filter(sheet__in=Sheet.objects.filter(held)) if held else found.none()


def proposed_sheets(actor: Actor) -> QuerySet[Sheet]:
    """Those that wait to be shown; a bookable place waits for its owner alone."""
    found = Sheet.objects.filter(state=SheetState.PROPOSED, place=None).order_by("created_at")
    return found if actor.is_operator else found.filter(pk__in=_held_sheets(actor))


def managed_sheets(actor: Actor) -> QuerySet[Sheet]:
    """The sheets that the organisation one acts for keeps."""
    if actor.organization_id is None:
        return Sheet.objects.none()
    shown = Sheet.objects.filter(manager=actor.organization_id)
    return shown.exclude(state=SheetState.MERGED).select_related("commune").order_by("name", "pk")


def counted(actor: Actor) -> int:
    """How much waits, for the home page: four short counts."""
    if actor.user is None or (actor.organization is None and not actor.is_operator):
        return 0
    waiting: list[QuerySet[Signal] | QuerySet[SheetPair] | QuerySet[SheetClaim] | QuerySet[Sheet]]
    waiting = [
        waiting_signals(actor),
        open_pairs(actor),
        waiting_claims(actor),
        proposed_sheets(actor),
    ]
    return sum(some.order_by()[:MOST_COUNTED].count() for some in waiting)


def _held_sheets(actor: Actor) -> QuerySet[Sheet]:
    return Sheet.objects.filter(_managed(actor) | (perms.held_by_authority(actor) or NONE))


def _managed(actor: Actor, start: str = "") -> Q:
    if actor.membership is None or actor.membership.role not in KEEPERS:
        return NONE
    return Q(**{f"{start}manager": actor.organization_id})
