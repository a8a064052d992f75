"""Before composing: the season and its rules, the needs, the mediators, the spaces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit
from preau.core.errors import Forbidden, Refusal
from preau.places.actions.saving import assign, save_checked
from preau.places.models import Place, Space
from preau.timetables import perms
from preau.timetables.enums import TimetableState
from preau.timetables.models import Candidate, Forbidding, Mediator, ServiceNeed, Timetable

RULES = frozenset(
    {
        *("name", "area_key", "first_day", "last_day", "cycle", "in_school_holidays"),
        *("on_public_holidays", "earliest", "latest", "radius_km", "least_share"),
        *("session_worth", "half_day_cost", "minute_cost"),
    }
)
NEED = frozenset(
    {
        *("provider", "provider_name", "signatory_name", "signatory_capacity", "signatory_email"),
        *("label", "family", "theme", "sessions", "minutes", "priority", "capacity", "equipment"),
        *("needs_closed_room", "weekdays", "part", "mediator"),
    }
)
MEDIATOR = frozenset(
    {
        *("name", "provider_name", "email", "user", "weekdays", "part", "base", "most_from_base"),
        *("most_places", "most_travel"),
    }
)
MOST_NEEDS, MOST_CANDIDATES = 200, 150


def locked(timetable: Timetable) -> Timetable:
    """The timetable as it stands, until the transaction ends."""
    rows = Timetable.objects.select_for_update(of=("self",)).select_related("organization__commune")
    return rows.get(pk=timetable.pk)


def begin_change(timetable: Timetable, actor: Actor) -> Timetable:
    """The right, the lock, and a grid that may still change.

    Raises:
        Forbidden: no right.
        Refusal: it is being computed, or published.
    """
    perms.require(actor, "timetable.edit", timetable)
    timetable = locked(timetable)
    if timetable.state == TimetableState.COMPUTING:
        raise Refusal(
            "Un calcul est en cours : arrêtez-le ou attendez sa fin pour changer la grille.",
            code="computing",
        )
    if not timetable.is_open:
        raise Refusal(
            "Cette grille est publiée : arrêtez-la, ou composez-en une autre, pour la changer.",
            code="not_open",
        )
    return timetable


def touch(timetable: Timetable) -> None:
    """One more version of the grid."""
    timetable.version += 1
    timetable.save(update_fields=["version"])


@transaction.atomic
def create(values: Mapping[str, Any], *, actor: Actor) -> Timetable:
    """Begin a timetable for the organisation the person acts for.

    Raises:
        Forbidden: no manager of a verified public organisation.
    """
    if not perms.may_create(actor):
        raise Forbidden("Votre structure ne compose pas de grilles de permanences.")
    timetable = Timetable(organization=actor.organization, created_by=actor.user)
    assign(timetable, RULES, values)
    save_checked(timetable)
    audit.record(actor, "timetable.created", timetable)
    return timetable


@transaction.atomic
def set_rules(timetable: Timetable, values: Mapping[str, Any], *, actor: Actor) -> Timetable:
    timetable = begin_change(timetable, actor)
    was_weekly = timetable.cycle
    assign(timetable, RULES, values)
    if timetable.cycle < was_weekly:  # the second week is no more
        timetable.sessions.filter(day__gte=7).delete()
        timetable.forbiddings.filter(half_day__gte=14).delete()
    save_checked(timetable)
    touch(timetable)
    audit.record(actor, "timetable.rules_set", timetable)
    return timetable


@transaction.atomic
def save_need(
    timetable: Timetable,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    need: ServiceNeed | None = None,
) -> ServiceNeed:
    """Write a need; sittings that it no longer allows are shown as conflicts, not lost."""
    timetable = begin_change(timetable, actor)
    if need is None and timetable.needs.count() >= MOST_NEEDS:
        raise Refusal(f"Une grille tient au plus {MOST_NEEDS} services.")
    need = need or ServiceNeed(timetable=timetable)
    assign(need, NEED, values)
    if need.mediator is not None and need.mediator.timetable_id != timetable.pk:
        raise Refusal("Ce médiateur n’est pas de cette grille.", field="mediator")
    save_checked(need)
    touch(timetable)
    audit.record(actor, "timetable.need_saved", timetable, need=need.pk)
    return need


@transaction.atomic
def remove_need(need: ServiceNeed, *, actor: Actor) -> None:
    timetable = begin_change(need.timetable, actor)
    pk = need.pk
    need.delete()
    touch(timetable)
    audit.record(actor, "timetable.need_removed", timetable, need=pk)


@transaction.atomic
def add_needs(
    timetable: Timetable, rows: Iterable[Mapping[str, Any]], *, actor: Actor
) -> tuple[int, int]:
    """Several at once, from a file: (added, changed); all or nothing."""
    timetable = begin_change(timetable, actor)
    known = {(one.provider_name, one.label): one for one in timetable.needs.all()}
    added = changed = 0
    for values in rows:
        need = known.get((values["provider_name"], values["label"]))
        added, changed = added + (need is None), changed + (need is not None)
        save_need(timetable, values, actor=actor, need=need)
    return added, changed


@transaction.atomic
def save_mediator(
    timetable: Timetable,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    mediator: Mediator | None = None,
) -> Mediator:
    timetable = begin_change(timetable, actor)
    mediator = mediator or Mediator(timetable=timetable)
    assign(mediator, MEDIATOR, values)
    save_checked(mediator)
    touch(timetable)
    audit.record(actor, "timetable.mediator_saved", timetable, mediator=mediator.pk)
    return mediator


@transaction.atomic
def remove_mediator(mediator: Mediator, *, actor: Actor) -> None:
    """Their services stay, held by somebody of the service."""
    timetable = begin_change(mediator.timetable, actor)
    pk = mediator.pk
    mediator.delete()
    touch(timetable)
    audit.record(actor, "timetable.mediator_removed", timetable, mediator=pk)


@transaction.atomic
def add_candidate(
    timetable: Timetable, space: Space, *, is_closed_room: bool, actor: Actor
) -> Candidate:
    """One more space where sittings may be held.

    Raises:
        Refusal: it shares its walls with another of the list, or is a pool of desks.
    """
    timetable = begin_change(timetable, actor)
    rows = timetable.candidates.select_related("space")
    known = rows.filter(space=space).first()
    if known is None and rows.count() >= MOST_CANDIDATES:
        raise Refusal(f"Une grille retient au plus {MOST_CANDIDATES} espaces.")
    if space.is_pool:
        raise Refusal("Des postes partagés ne sont pas une salle : choisissez une salle.")
    shares = [one.space for one in rows if one.space.root_id_or_self == space.root_id_or_self]
    if any(one.pk != space.pk for one in shares):
        raise Refusal(
            f"« {shares[0]} » est déjà dans la liste, et c’est la même salle que « {space} » :"
            " gardez l’une des deux."
        )
    candidate = known or Candidate(timetable=timetable, space=space)
    candidate.is_closed_room = is_closed_room
    save_checked(candidate)
    touch(timetable)
    audit.record(actor, "timetable.space_added", timetable, space=space.pk)
    return candidate


@transaction.atomic
def remove_candidate(candidate: Candidate, *, actor: Actor) -> None:
    timetable = begin_change(candidate.timetable, actor)
    space = candidate.space_id
    candidate.delete()
    touch(timetable)
    audit.record(actor, "timetable.space_removed", timetable, space=space)


@transaction.atomic
def forbid(
    need: ServiceNeed, *, place: Place | None, half_day: int | None, actor: Actor
) -> Forbidding:
    """A service not in that place, or not then; what was held so goes, unless pinned."""
    timetable = begin_change(need.timetable, actor)
    forbidding = Forbidding(timetable=timetable, need=need, place=place, half_day=half_day)
    save_checked(forbidding)
    for one in timetable.sessions.filter(need=need).select_related("candidate__space"):
        there = place is None or one.candidate.space.place_id == place.pk
        if there and (half_day is None or one.half_day == half_day):
            one.delete()
    touch(timetable)
    audit.record(actor, "timetable.forbidden", timetable, need=need.pk)
    return forbidding


@transaction.atomic
def allow_again(forbidding: Forbidding, *, actor: Actor) -> None:
    timetable = begin_change(forbidding.timetable, actor)
    need = forbidding.need_id
    forbidding.delete()
    touch(timetable)
    audit.record(actor, "timetable.allowed", timetable, need=need)
