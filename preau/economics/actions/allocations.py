"""Preparing the sharing of a place's costs: its charges, its providers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, models, transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.core import audit
from preau.core.errors import Forbidden, Refusal
from preau.economics import half_days, perms
from preau.economics.enums import AllocationState, CostPart, Origin
from preau.economics.models import CostAllocation, CostItem, ProviderLine
from preau.economics.occupying import uses_of
from preau.places.models import Place
from preau.places.queries import managed_places

#: Longest period, most amounts and providers of one allocation.
LONGEST = timedelta(days=3 * 366)
MOST_ITEMS = 60
MOST_PROVIDERS = 40
CHANGED = "Cette répartition a changé entre-temps. Rechargez la page."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    place: Place | None
    place_name: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedProvider:
    """`weekly` replaces the half-days; None keeps those there are."""

    name: str
    minutes: int
    square_metres: int | None
    weekly: tuple[str, ...] | None
    correction: str = ""
    organization: Organization | None = None


@transaction.atomic
def create(wanted: Wanted, *, actor: Actor) -> CostAllocation:
    """Begin one; a place that the actor manages brings who used it.

    Raises:
        Forbidden: the present hat may not.
        Refusal: the period does not hold, or the place is not one of theirs.
    """
    if not perms.may_create(actor) or actor.organization is None:
        raise Forbidden(perms.NOT_YOURS)
    if wanted.last_day < wanted.first_day:
        raise Refusal("La période finit après avoir commencé.", field="last_day")
    if wanted.last_day - wanted.first_day > LONGEST:
        raise Refusal("Une répartition porte sur trois ans au plus.", field="last_day")
    if wanted.place and not managed_places(actor).filter(pk=wanted.place.pk).exists():
        raise Refusal("Choisissez un lieu que vous gérez.", field="place", code="not_yours")
    name = wanted.place.name if wanted.place else wanted.place_name.strip()
    if not name:
        raise Refusal("Choisissez un lieu, ou écrivez son nom.", field="place_name")
    allocation = CostAllocation.objects.create(
        organization=actor.organization,
        place=wanted.place,
        place_name=name,
        first_day=wanted.first_day,
        last_day=wanted.last_day,
        created_by=actor.user,
    )
    audit.record(actor, "allocation.create", allocation)
    if wanted.place:
        _prefill(allocation)
    return allocation


@transaction.atomic
def prefill(allocation: CostAllocation, *, actor: Actor) -> int:
    """Take who used the place from its occupancies again; lines corrected by hand stay.

    Returns:
        How many lines were written.
    """
    perms.require(actor, "allocation.keep", allocation)
    allocation = draft(allocation)
    place = allocation.place
    if place is None or not managed_places(actor).filter(pk=place.pk).exists():
        raise Refusal("Ce lieu n’est pas un lieu que vous gérez.", code="not_yours")
    written = _prefill(allocation)
    audit.record(actor, "allocation.prefill", allocation, lines=written)
    return written


def _prefill(allocation: CostAllocation) -> int:
    assert allocation.place is not None
    kept = list(allocation.providers.all())
    by_organization = {one.organization_id: one for one in kept if one.organization_id}
    names = {one.name for one in kept}
    written = 0
    for use in uses_of(allocation.place, allocation.first_day, allocation.last_day):
        line = by_organization.get(use.organization.pk)
        if line is None:
            if len(names) >= MOST_PROVIDERS:
                break
            name = use.organization.name[:160]
            name = name if name not in names else f"{name[:140]} ({use.organization.pk})"
            line = ProviderLine(allocation=allocation, organization=use.organization, name=name)
            names.add(name)
        elif line.correction or line.origin != Origin.OCCUPANCIES:
            continue
        line.minutes, line.half_days = use.minutes, sorted(use.half_days)
        line.square_metres, line.origin = use.square_metres, Origin.OCCUPANCIES
        line.save()
        written += 1
    return written


@transaction.atomic
def add_item(
    allocation: CostAllocation,
    *,
    part: str,
    label: str,
    cents: int,
    square_metres: int | None,
    actor: Actor,
) -> CostItem:
    """One more amount.

    Raises:
        Refusal: no longer a draft, too many, or a room without its size.
    """
    perms.require(actor, "allocation.keep", allocation)
    allocation = draft(allocation)
    if allocation.items.count() >= MOST_ITEMS:
        raise Refusal(f"Une répartition a {MOST_ITEMS} charges au plus.")
    if part == CostPart.ROOM and not square_metres:
        raise Refusal("Indiquez la surface de la salle.", field="square_metres")
    item = CostItem.objects.create(
        allocation=allocation,
        part=part,
        label=label.strip(),
        cents=cents,
        square_metres=square_metres if part == CostPart.ROOM else None,
    )
    audit.record(actor, "allocation.add_item", allocation, item=item.pk)
    return item


@transaction.atomic
def remove_item(item: CostItem, *, actor: Actor) -> None:
    perms.require(actor, "allocation.keep", item)
    allocation = draft(item.allocation)
    allocation.items.filter(pk=item.pk).delete()
    audit.record(actor, "allocation.remove_item", allocation, item=item.pk)


@transaction.atomic
def add_provider(
    allocation: CostAllocation,
    wanted: WantedProvider,
    *,
    actor: Actor,
    origin: Origin = Origin.TYPED,
) -> ProviderLine:
    """One more provider, typed.

    Raises:
        Refusal: no longer a draft, too many, or it is there already.
    """
    perms.require(actor, "allocation.keep", allocation)
    allocation = draft(allocation)
    if allocation.providers.count() >= MOST_PROVIDERS:
        raise Refusal(f"Une répartition a {MOST_PROVIDERS} occupants au plus.")
    line = ProviderLine(allocation=allocation, organization=wanted.organization, origin=origin)
    _write(line, wanted)
    audit.record(actor, "allocation.add_provider", allocation, line=line.pk)
    return line


@transaction.atomic
def edit_provider(line: ProviderLine, wanted: WantedProvider, *, actor: Actor) -> ProviderLine:
    """Correct what it uses; what came from the planning needs a reason.

    Raises:
        Refusal: no longer a draft, or no reason for the correction.
    """
    perms.require(actor, "allocation.keep", line.allocation)
    draft(line.allocation)
    line = ProviderLine.objects.select_related("allocation").get(pk=line.pk)
    if line.origin == Origin.OCCUPANCIES and not wanted.correction.strip():
        raise Refusal(
            "Ces chiffres viennent du planning : dites pourquoi vous les corrigez.",
            field="correction",
            code="reason_needed",
        )
    _write(line, wanted)
    audit.record(actor, "allocation.edit_provider", line.allocation, line=line.pk)
    return line


@transaction.atomic
def remove_provider(line: ProviderLine, *, actor: Actor) -> None:
    perms.require(actor, "allocation.keep", line.allocation)
    allocation = draft(line.allocation)
    allocation.providers.filter(pk=line.pk).delete()
    audit.record(actor, "allocation.remove_provider", allocation, line=line.pk)


@transaction.atomic
def delete(allocation: CostAllocation, *, actor: Actor) -> None:
    """Throw a draft away that was never proposed."""
    perms.require(actor, "allocation.keep", allocation)
    allocation = draft(allocation)
    if allocation.proposals:
        raise Refusal("Cette répartition a déjà été proposée : elle se garde.", code="proposed")
    audit.record(actor, "allocation.delete", allocation)
    allocation.delete()


def draft(allocation: CostAllocation) -> CostAllocation:
    """Locked; still a draft.

    Raises:
        Refusal: it was proposed.
    """
    allocation = locked(allocation)
    if allocation.state != AllocationState.DRAFT:
        raise Refusal(
            "Cette répartition est proposée : reprenez-la d’abord en brouillon.", code="state"
        )
    return allocation


def locked(allocation: CostAllocation) -> CostAllocation:
    rows: models.QuerySet[CostAllocation] = CostAllocation.objects.select_for_update(of=("self",))
    return rows.select_related("organization", "place__owner").get(pk=allocation.pk)


def _write(line: ProviderLine, wanted: WantedProvider) -> None:
    allocation = line.allocation
    if wanted.minutes <= 0:
        raise Refusal("Indiquez combien d’heures.", field="hours")
    line.name, line.minutes = wanted.name.strip(), wanted.minutes
    line.square_metres, line.correction = wanted.square_metres, wanted.correction.strip()
    if wanted.organization is not None:
        line.organization = wanted.organization
    if wanted.weekly is not None:
        line.half_days = _dated(wanted.weekly, allocation)
    try:
        with transaction.atomic():
            line.save()
    except IntegrityError as error:
        raise Refusal(
            "Cet occupant figure déjà dans la répartition.", field="name", code="already"
        ) from error


def _dated(weekly: Iterable[str], allocation: CostAllocation) -> list[str]:
    return half_days.over(weekly, allocation.first_day, allocation.last_day)
