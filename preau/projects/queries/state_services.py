"""Services of the State: whom to choose from, and what their page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from preau.accounts.models import Membership
from preau.core.french import by_name
from preau.projects import answering
from preau.projects.enums import LIVE, STANDING, TERRITORIAL, ServiceKind
from preau.projects.models import (
    Absence,
    Assignment,
    Project,
    ServiceMember,
    StatePair,
    StateService,
    ThemeRule,
)
from preau.resources.enums import Theme


def assignable(project: Project) -> QuerySet[StateService]:
    """Services that may be set to work on it: of its départements, of their region, national
    ones and operators; but for those that are at work already."""
    at_work = Assignment.objects.filter(project=project, state__in=STANDING)
    where = Q(kind__in=TERRITORIAL, departement__in=project.departement_codes)
    if project.lead_commune is not None:
        region = project.lead_commune.departement.region_id
        where |= Q(kind=ServiceKind.REGION, region=region)
    where |= Q(kind=ServiceKind.NATIONAL)
    where |= Q(kind=ServiceKind.OTHER) & (
        Q(departement=None) | Q(departement__in=project.departement_codes)
    )
    return (
        StateService.objects.filter(where, active=True)
        .exclude(pk__in=at_work.values("service"))
        .select_related("organization")
        .order_by(*by_name("organization__name"), "pk")
    )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a service."""

    membership: Membership
    themes: list[str]
    function: str
    absence: Absence | None
    is_referent: bool
    in_charge: int


def people_of(service: StateService, today: date) -> list[Person]:
    """Its people, with what they look after and whether they are there; four statements."""
    rows = {one.user_id: one for one in ServiceMember.objects.filter(service=service)}
    away = {
        one.user_id: one
        for one in Absence.objects.filter(
            service=service, first_day__lte=today, last_day__gte=today
        ).select_related("replaced_by")
    }
    members = (
        Membership.objects.filter(organization=service.organization_id, ended_at=None)
        .select_related("user")
        .order_by(*by_name("user__last_name", "user__first_name"), "pk")
    )
    held = projects_held(service)
    found = []
    for one in members:
        row = rows.get(one.user_id)
        found.append(
            Person(
                membership=one,
                themes=[Theme(theme).label for theme in row.themes] if row else [],
                function=row.function if row else "",
                absence=away.get(one.user_id),
                is_referent=one.user_id == service.referent_id,
                in_charge=held.get(one.user_id, 0),
            )
        )
    return found


def projects_held(service: StateService) -> dict[int, int]:
    """How many live projects each person of it answers for."""
    rows = (
        Project.objects.filter(service_in_charge=service, state__in=LIVE)
        .values_list("in_charge")
        .annotate(number=Count("pk"))
    )
    return {user: number for user, number in rows if user is not None}


def coming_absences(service: StateService) -> QuerySet[Absence]:
    today = answering.today_of(service)
    return (
        Absence.objects.filter(service=service, last_day__gte=today)
        .select_related("user", "replaced_by")
        .order_by("first_day", "pk")
    )


def rules_of(departement_code: str) -> QuerySet[ThemeRule]:
    return (
        ThemeRule.objects.filter(departement=departement_code)
        .select_related("service__organization", "user")
        .order_by("theme")
    )


def pair_of_service(service: StateService) -> StatePair | None:
    return (
        StatePair.objects.filter(departement=service.departement_id)
        .select_related(
            "departement",
            "ddt__organization",
            "prefecture__organization",
            "escalates_to__organization",
        )
        .first()
    )


def all_services() -> QuerySet[StateService]:
    return StateService.objects.select_related(
        "organization", "departement", "region", "referent"
    ).order_by(*by_name("departement__name"), "kind", *by_name("organization__name"), "pk")


def all_pairs() -> QuerySet[StatePair]:
    return StatePair.objects.select_related(
        "departement", "ddt__organization", "prefecture__organization", "escalates_to__organization"
    ).order_by("departement")


def beside(service: StateService) -> QuerySet[StateService]:
    """Those to whom a rule of its département may send: there, in its region, or everywhere."""
    where = Q(departement=service.departement_id) | Q(kind=ServiceKind.NATIONAL)
    where |= Q(kind=ServiceKind.OTHER, departement=None)
    if service.departement is not None:
        where |= Q(kind=ServiceKind.REGION, region=service.departement.region_id)
    return (
        StateService.objects.filter(where, active=True)
        .select_related("organization")
        .order_by(*by_name("organization__name"), "pk")
    )
