"""Two sheets of one place become one; or stay two, once and for all."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.registries import sheet_merges
from preau.directory import finding, perms
from preau.directory.actions.changes import note
from preau.directory.actions.offers import names_of
from preau.directory.enums import ChangeCause, PairState, SheetState, SignalState
from preau.directory.models import ListedFields, Sheet, SheetClaim, SheetPair
from preau.directory.opening import write_days

#: What the sheet that stays takes from the other where it says nothing itself.
FILLED = (
    "description", "origin", "opening_mode", "staffing", "animation", "colouring", "shared",
    "is_accessible", "accessibility_url", "address_more", "phone", "email", "website",
    "appointment_url", "siret", "hours_text",
)  # fmt: skip
#: Which of two states what they become keeps: uniting never takes a place off the directory.
_MOST_SEEN = (
    SheetState.PUBLISHED,
    SheetState.CLOSED,
    SheetState.PROPOSED,
    SheetState.REFUSED,
)


@transaction.atomic
def merge_sheets(kept: Sheet, gone: Sheet, *, actor: Actor) -> Sheet:
    """Everything of `gone` becomes of `kept`; the old address leads to the new page.

    Raises:
        Refusal: one of them is already merged, both are booked here, or what is shown would go
            with a bookable place that is not.
    """
    perms.require(actor, "directory.moderate", kept)
    perms.require(actor, "directory.moderate", gone)
    kept, gone = _both(kept, gone)
    if gone.place_id and kept.place_id:
        raise Refusal("Ces deux lieux se réservent ici, chacun à part : ils restent deux fiches.")
    if gone.place_id:  # what is booked keeps its page
        kept, gone = gone, kept
    before, state = names_of(kept), _most_seen(kept, gone)
    _move(kept, gone)
    for move in sheet_merges:
        move(kept, gone)
    changed = _fill(kept, gone)
    if state != kept.state:
        changed["state"] = (kept.state, state)
        kept.state = state
        kept.save(update_fields=["state"])
    gone.state, gone.merged_into = SheetState.MERGED, kept
    gone.save(update_fields=["state", "merged_into"])
    note(gone, {"state": ("", SheetState.MERGED)}, cause=ChangeCause.MERGED, actor=actor)
    fields = changed | {"merged": ("", gone.name), "services": (before, names_of(kept))}
    note(kept, fields, cause=ChangeCause.MERGED, actor=actor)
    finding.refresh(kept)
    write_days(kept)
    write_days(gone)
    _decide(kept, gone, actor)
    return kept


def _both(kept: Sheet, gone: Sheet) -> tuple[Sheet, Sheet]:
    """Locked in one order, whoever merges them which way."""
    locked = Sheet.objects.select_for_update(of=("self",)).select_related("commune", "manager")
    rows = {one.pk: one for one in locked.filter(pk__in=[kept.pk, gone.pk]).order_by("pk")}
    if len(rows) < 2:
        raise Refusal("Une fiche ne se réunit pas à elle-même.")
    if any(one.state == SheetState.MERGED for one in rows.values()):
        raise Refusal("Une de ces fiches est déjà réunie à une autre.", code="state")
    return rows[kept.pk], rows[gone.pk]


def _most_seen(kept: Sheet, gone: Sheet) -> str:
    """What `kept` is shown as afterwards.

    Raises:
        Refusal: it would have to be shown, and its bookable place is not.
    """
    state = min(kept.state, gone.state, key=lambda one: _MOST_SEEN.index(SheetState(one)))
    if state != kept.state and kept.place_id:  # its state follows the place's
        raise Refusal(
            "Le lieu qui se réserve ici n’est pas publié : l’autre fiche disparaîtrait de"
            " l’annuaire. Publiez d’abord ce lieu.",
            code="state",
        )
    return state


def _move(kept: Sheet, gone: Sheet) -> None:
    gone.references.update(sheet=kept)
    gone.labels.update(sheet=kept)
    gone.signals.update(sheet=kept)
    gone.absorbed.update(merged_into=kept)
    known_lists = ListedFields.objects.filter(sheet=kept).values("source")
    ListedFields.objects.filter(sheet=gone, source__in=known_lists).delete()
    ListedFields.objects.filter(sheet=gone).update(sheet=kept)
    _move_claims(kept, gone)
    _move_offers_and_hours(kept, gone)


def _move_claims(kept: Sheet, gone: Sheet) -> None:
    """An organisation that asked for both waits for one answer."""
    waiting = SheetClaim.objects.filter(state=SignalState.WAITING)
    asked = waiting.filter(sheet=kept).values("organization")
    waiting.filter(sheet=gone, organization__in=asked).delete()
    gone.claims.update(sheet=kept)


def _move_offers_and_hours(kept: Sheet, gone: Sheet) -> None:
    known = {(one.family, one.name.casefold()) for one in kept.services.all()}
    for offer in gone.services.all():
        if (offer.family, offer.name.casefold()) in known:
            offer.delete()
        else:
            offer.sheet = kept
            offer.save(update_fields=["sheet"])
    if kept.hours.exists() or kept.hours_text:
        gone.hours.all().delete()
        gone.exceptions.all().delete()
    else:
        gone.hours.update(sheet=kept)
        gone.exceptions.update(sheet=kept)


def _fill(kept: Sheet, gone: Sheet) -> dict[str, tuple[object, object]]:
    changed: dict[str, tuple[object, object]] = {}
    names = list(FILLED)
    if kept.hours.exists():
        names.remove("hours_text")
    for name in names:
        before, other = getattr(kept, name), getattr(gone, name)
        if before in ("", None, []) and other not in ("", None, []):
            setattr(kept, name, other)
            changed[name] = (before, other)
    profiles = {*kept.secondary_profiles, gone.main_profile, *gone.secondary_profiles}
    kept.secondary_profiles = sorted(profiles - {kept.main_profile})
    if kept.manager_id is None:
        kept.manager = gone.manager
    if not kept.is_located and gone.is_located and not kept.place_id:
        kept.latitude, kept.longitude, kept.is_located = gone.latitude, gone.longitude, True
    kept.save()
    return changed


def _decide(kept: Sheet, gone: Sheet, actor: Actor) -> None:
    """The pair is one place; the other pairs of the sheet that is gone are asked no more."""
    first, second = sorted([kept.pk, gone.pk])
    decided = {"decided_by": actor.user, "decided_at": clock.now()}
    SheetPair.objects.update_or_create(
        first_id=first,
        second_id=second,
        defaults=decided | {"state": PairState.SAME},
        create_defaults=decided | {"state": PairState.SAME, "score": 1.0},
    )
    for side in ("first", "second"):
        SheetPair.objects.filter(**{side: gone, "state": PairState.OPEN}).delete()


@transaction.atomic
def keep_apart(pair: SheetPair, *, actor: Actor) -> None:
    """« Lieux distincts »: never asked again.

    Raises:
        Refusal: somebody else has decided.
        Forbidden: one of the two sheets is not theirs to decide of.
    """
    perms.require(actor, "directory.moderate", pair.first)
    perms.require(actor, "directory.moderate", pair.second)
    locked = SheetPair.objects.select_for_update().get(pk=pair.pk)
    if locked.state != PairState.OPEN:
        raise Refusal("Quelqu’un d’autre a déjà tranché.", code="state")
    locked.state, locked.decided_by, locked.decided_at = PairState.DISTINCT, actor.user, clock.now()
    locked.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(actor, "directory.kept_apart", locked)
