"""Services of the State, pairs, who looks after what, absences, rules that propose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from preau.accounts.actors import Actor
from preau.accounts.enums import OrganizationKind
from preau.accounts.models import Membership, Organization, User
from preau.core import audit
from preau.core.errors import Forbidden, Refusal
from preau.projects import perms
from preau.projects.enums import ServiceKind
from preau.projects.models import Absence, ServiceMember, StatePair, StateService, ThemeRule
from preau.territories.models import Departement, Region


@contextmanager
def _in_words(row: Any) -> Iterator[None]:
    """A constraint of the table, in the sentence that it carries."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as clash:
        try:
            row.validate_constraints()
        except ValidationError as said:
            raise Refusal(" ".join(said.messages)) from clash
        raise


def member_of(user: User, organization: Organization) -> None:
    """
    Raises:
        Refusal: the person is not of the organisation ("member").
    """
    there = Membership.objects.filter(
        user=user, organization=organization, ended_at=None, user__is_active=True
    )
    if not there.exists():
        raise Refusal(
            f"{user} ne fait pas partie de « {organization} ». Invitez d’abord cette personne"
            " parmi les membres.",
            field="referent",
            code="member",
        )


@transaction.atomic
def save_service(
    service: StateService | None,
    *,
    organization: Organization,
    kind: str,
    referent: User,
    departement: Departement | None,
    region: Region | None,
    active: bool = True,
    actor: Actor,
) -> StateService:
    """Make a service of an organisation of the State, or change it."""
    perms.require(actor, "pair.manage", None)
    if organization.kind != OrganizationKind.STATE_SERVICE:
        raise Refusal(
            "Seule une structure de nature « Service de l’État » peut recevoir des projets.",
            field="organization",
            code="kind",
        )
    member_of(referent, organization)
    made = service or StateService(organization=organization)
    made.kind, made.referent, made.active = kind, referent, active
    made.departement = departement if kind != ServiceKind.REGION else None
    made.region = region if kind == ServiceKind.REGION else None
    in_pair = Q(ddt=made.pk) | Q(prefecture=made.pk)
    if not active and made.pk and StatePair.objects.filter(in_pair).exists():
        raise Refusal("Ce service est dans un binôme : changez d’abord le binôme.", field="active")
    with _in_words(made):
        made.save()
    audit.record(actor, "projects.service_saved", made, kind=kind, active=active)
    return made


@transaction.atomic
def save_pair(
    departement: Departement,
    *,
    ddt: StateService,
    prefecture: StateService,
    escalates_to: StateService | None,
    acknowledge_days: int,
    advice_days: int,
    actor: Actor,
) -> StatePair:
    """Say who receives the projects of a département, how fast, and who is told when it is not."""
    perms.require(actor, "pair.manage", None)
    for service, kind, name in (
        (ddt, ServiceKind.DDT, "ddt"),
        (prefecture, ServiceKind.PREFECTURE, "prefecture"),
    ):
        if (service.kind, service.departement_id, service.active) != (kind, departement.code, True):
            raise Refusal(
                f"Choisissez un service en activité de ce département, de nature {kind.label}.",
                field=name,
                code="service",
            )
    values = {
        "ddt": ddt,
        "prefecture": prefecture,
        "escalates_to": escalates_to,
        "acknowledge_days": acknowledge_days,
        "advice_days": advice_days,
    }
    found = StatePair.objects.filter(departement=departement).first()
    pair = found or StatePair(departement=departement)
    for name, value in values.items():
        setattr(pair, name, value)
    with _in_words(pair):
        pair.save(force_insert=found is None)
    audit.record(actor, "projects.pair_saved", pair, days=acknowledge_days)
    return pair


@transaction.atomic
def name_referent(service: StateService, user: User, *, actor: Actor) -> StateService:
    """Choose who answers when nobody else does."""
    perms.require(actor, "service.manage", service)
    member_of(user, service.organization)
    before, service.referent = service.referent_id, user
    service.save(update_fields=["referent"])
    audit.record(actor, "projects.referent_named", service, before=before, after=user.pk)
    return service


@transaction.atomic
def describe_person(
    service: StateService, user: User, *, themes: list[str], function: str, actor: Actor
) -> ServiceMember:
    """Write what somebody of the service looks after: themself, or whoever manages it."""
    if actor.user_id != user.pk:
        perms.require(actor, "service.manage", service)
    member_of(user, service.organization)
    row, _ = ServiceMember.objects.update_or_create(
        service=service, user=user, defaults={"themes": themes, "function": function.strip()}
    )
    audit.record(actor, "projects.person_described", service, user=user.pk)
    return row


@transaction.atomic
def be_away(
    service: StateService,
    *,
    user: User,
    first_day: date,
    last_day: date,
    replaced_by: User | None,
    actor: Actor,
) -> Absence:
    """Enter days of absence: one's own, or those of a person of a service one manages."""
    _own_or_managed(service, user, actor)
    member_of(user, service.organization)
    if replaced_by is not None:
        try:
            member_of(replaced_by, service.organization)
        except Refusal as no:
            raise Refusal(no.sentence, field="replaced_by", code=no.code) from no
    absence = Absence(
        service=service,
        user=user,
        first_day=first_day,
        last_day=last_day,
        replaced_by=replaced_by,
    )
    with _in_words(absence):
        absence.save()
    audit.record(actor, "projects.absence", service, user=user.pk)
    return absence


@transaction.atomic
def come_back(absence: Absence, *, actor: Actor) -> None:
    """The absence does not take place, or no longer does."""
    _own_or_managed(absence.service, absence.user, actor)
    audit.record(actor, "projects.absence_removed", absence.service, user=absence.user_id)
    absence.delete()


def _own_or_managed(service: StateService, user: User, actor: Actor) -> None:
    """
    Raises:
        Forbidden: it is somebody else's, in a service that the actor does not manage.
    """
    if actor.user_id == user.pk:
        if not Membership.objects.filter(
            user=user, organization=service.organization_id, ended_at=None
        ).exists():
            raise Forbidden
        return
    perms.require(actor, "service.manage", service)


@transaction.atomic
def add_rule(
    service: StateService, *, theme: str, to: StateService, user: User | None, actor: Actor
) -> ThemeRule:
    """In the département of this service, projects of a theme are proposed to somebody.

    A rule that names one of the pair's services also says who answers for a new project.
    """
    perms.require(actor, "service.manage", service)
    if service.departement is None:
        raise Refusal("Seul un service d’un département écrit des règles.", code="no_departement")
    if user is not None:
        try:
            member_of(user, to.organization)
        except Refusal as no:
            raise Refusal(no.sentence, field="whom", code=no.code) from no
    rule = ThemeRule(departement=service.departement, theme=theme, service=to, user=user)
    with _in_words(rule):
        rule.save()
    audit.record(actor, "projects.rule_added", rule, theme=theme)
    return rule


@transaction.atomic
def remove_rule(rule: ThemeRule, *, service: StateService, actor: Actor) -> None:
    perms.require(actor, "service.manage", service)
    if rule.departement_id != service.departement_id:
        raise Forbidden
    audit.record(actor, "projects.rule_removed", rule, theme=rule.theme)
    rule.delete()
