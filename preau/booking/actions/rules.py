"""Writing the rules of an organisation, and saying where they hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Organization, User
from preau.agreements.models import Model
from preau.booking.approvers import people_for
from preau.booking.enums import Approver
from preau.booking.models import (
    ApprovalStep,
    BookingRules,
    Delegation,
    RequiredDocument,
    RulesAssignment,
)
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.places.models import Place, Space


@dataclass(frozen=True)
class Step:
    """One accord of the chain: an `Approver`, how it is named, how long it may take."""

    approver: str
    label: str
    hours: int


@dataclass(frozen=True)
class Asked:
    """One document asked for: of which categories, and whether the request waits for it."""

    kind: str
    categories: Sequence[str]
    with_request: bool
    note: str = ""


@dataclass(frozen=True)
class Wanted:
    """A model of rules as it is to be."""

    name: str
    completion_days: int
    offer_hours: int
    has_waiting_list: bool
    allows_economic_use: bool
    agreement_model: Model | None
    steps: Sequence[Step]
    documents: Sequence[Asked]


@transaction.atomic
def save_rules(
    organization: Organization, wanted: Wanted, *, actor: Actor, rules: BookingRules | None = None
) -> BookingRules:
    """Write a model of rules. Requests already sent keep the accords they were promised.

    Raises:
        Refusal: the name is taken.
    """
    if rules is None:
        rules = BookingRules(organization=organization)
    rules.name, rules.agreement_model = wanted.name, wanted.agreement_model
    rules.completion_days, rules.offer_hours = wanted.completion_days, wanted.offer_hours
    rules.has_waiting_list = wanted.has_waiting_list
    rules.allows_economic_use = wanted.allows_economic_use
    try:
        with transaction.atomic():
            rules.save()
    except IntegrityError as error:
        if "booking_rules_name_once" not in str(error):
            raise
        raise Refusal(
            "Un modèle de règles porte déjà ce nom. Choisissez-en un autre.",
            field="name",
            code="name_taken",
        ) from error
    _write_parts(rules, wanted)
    audit.record(actor, "booking_rules.saved", rules)
    return rules


def _write_parts(rules: BookingRules, wanted: Wanted) -> None:
    rules.steps.all().delete()
    ApprovalStep.objects.bulk_create(
        ApprovalStep(
            rules=rules,
            position=position,
            approver=step.approver,
            label=step.label,
            hours=step.hours,
        )
        for position, step in enumerate(wanted.steps, start=1)
    )
    rules.documents.all().delete()
    RequiredDocument.objects.bulk_create(
        RequiredDocument(
            rules=rules,
            kind=one.kind,
            categories=list(one.categories),
            with_request=one.with_request,
            note=one.note,
        )
        for one in wanted.documents
    )


@transaction.atomic
def assign_rules(
    rules: BookingRules,
    places: Collection[Place],
    spaces: Collection[Space],
    *,
    actor: Actor,
) -> None:
    """Let these rules hold for these places and spaces, and nowhere else.

    What had other rules takes these; what had these and is not named has none any more.

    Raises:
        Refusal: one of them belongs to another organisation.
    """
    owners = {one.owner_id for one in places} | {one.place.owner_id for one in spaces}
    if owners - {rules.organization_id}:
        raise Refusal("Un de ces lieux appartient à une autre structure.", code="foreign")
    rules.assignments.all().delete()
    RulesAssignment.objects.filter(place__in=places).delete()
    RulesAssignment.objects.filter(space__in=spaces).delete()
    RulesAssignment.objects.bulk_create(
        [RulesAssignment(rules=rules, place=one) for one in places]
        + [RulesAssignment(rules=rules, space=one) for one in spaces]
    )
    audit.record(
        actor,
        "booking_rules.assigned",
        rules,
        places=[one.pk for one in places],
        spaces=[one.pk for one in spaces],
    )


@transaction.atomic
def archive_rules(rules: BookingRules, *, actor: Actor) -> None:
    """Keep a model of rules out of sight. Bookings made under it keep it.

    Raises:
        Refusal: it still holds somewhere.
    """
    if rules.assignments.exists():
        raise Refusal(
            "Ce modèle de règles sert encore. Appliquez-en d’abord un autre à ces lieux.",
            code="in_use",
        )
    rules.is_archived = True
    rules.save(update_fields=["is_archived"])
    audit.record(actor, "booking_rules.archived", rules)


@transaction.atomic
def delegate(place: Place, receiver: User, since: date, until: date, *, actor: Actor) -> Delegation:
    """Let somebody decide in one's place at a place, from one day to another.

    Raises:
        Refusal: to oneself, for no day, for a past one, or by who decides nothing here.
    """
    giver = actor.person
    if receiver == giver:
        raise Refusal("Choisissez une autre personne que vous-même.", field="email")
    if until < since or until < clock.today(place.zone):
        raise Refusal("Le dernier jour suit le premier et n’est pas passé.", field="until")
    if not people_for(Approver.ANY, place).filter(pk=giver.pk).exists():
        raise Refusal("Vous ne donnez pas d’accord sur ce lieu.", code="not_a_decider")
    delegation = Delegation.objects.create(
        giver=giver, receiver=receiver, place=place, since=since, until=until
    )
    audit.record(actor, "delegation.given", delegation, place=place.pk)
    return delegation


@transaction.atomic
def revoke_delegation(delegation: Delegation, *, actor: Actor) -> None:
    """End a delegation before its time. Twice is harmless."""
    if delegation.revoked_at is None:
        delegation.revoked_at = clock.now()
        delegation.save(update_fields=["revoked_at"])
        audit.record(actor, "delegation.revoked", delegation)
