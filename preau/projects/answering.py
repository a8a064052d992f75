"""Who answers for a service today: always one name.

The person of the theme's rule, whoever replaces them, the referent, whoever replaces the referent,
then anybody who is there, somebody of the theme first. Where all are away the referent it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from preau.accounts.models import Membership, User
from preau.core import clock
from preau.projects.models import Absence, Project, ServiceMember, StateService, ThemeRule
from preau.territories.models import Departement


@dataclass(frozen=True, slots=True)
class Roster:
    """A service one day.

    Attributes:
        people: keys of its live members, in the order of their arrival.
        away: who is absent that day → who replaces them, or None.
        referent: of the service, whether there or not.
    """

    people: tuple[int, ...]
    away: Mapping[int, int | None]
    referent: int

    def is_present(self, person: int) -> bool:
        return person in self.people and person not in self.away

    def present_for(self, person: int) -> int | None:
        """The person, or whoever replaces them, or whoever replaces that one…; None where the
        chain ends on nobody or turns in a circle."""
        met: set[int] = set()
        one: int | None = person
        while one is not None and one not in met:
            if self.is_present(one):
                return one
            met.add(one)
            one = self.away.get(one)
        return None

    def who_answers(self, wanted: int | None = None, of_theme: Iterable[int] = ()) -> int:
        """One person, always."""
        for first in (wanted, self.referent):
            if first is not None and (found := self.present_for(first)) is not None:
                return found
        for person in (*(one for one in self.people if one in set(of_theme)), *self.people):
            if self.is_present(person):
                return person
        if self.referent in self.people or not self.people:
            return self.referent
        return self.people[0]


def roster(service: StateService, day: date) -> Roster:
    people = Membership.objects.filter(
        organization=service.organization_id, ended_at=None, user__is_active=True
    ).order_by("started_at", "pk")
    away = Absence.objects.filter(service=service, first_day__lte=day, last_day__gte=day)
    return Roster(
        people=tuple(people.values_list("user", flat=True)),
        away=dict(away.values_list("user", "replaced_by")),
        referent=service.referent_id,
    )


def today_of(service: StateService, departement: Departement | None = None) -> date:
    """The day it is where the service works."""
    where = service.departement or departement
    return clock.today(ZoneInfo(where.time_zone if where else "Europe/Paris"))


def who_answers(
    service: StateService,
    *,
    wanted: int | None = None,
    theme: str = "",
    departement: Departement | None = None,
) -> User:
    """Who of the service answers today, for somebody wanted or for a theme."""
    found = roster(service, today_of(service, departement))
    of_theme = ServiceMember.objects.filter(service=service, themes__contains=[theme])
    listed = of_theme.values_list("user", flat=True) if theme else ()
    return User.objects.get(pk=found.who_answers(wanted, listed))


def rule_for(project: Project) -> ThemeRule | None:
    """The rule of its first theme that has one, where the service is still at work."""
    rules = {
        rule.theme: rule
        for rule in ThemeRule.objects.filter(
            departement=project.departement_code, theme__in=project.themes, service__active=True
        ).select_related("service__organization", "user")
    }
    return next((rules[theme] for theme in project.themes if theme in rules), None)


def replacement_of(project: Project) -> User | None:
    """Who answers today in the place of the person in charge, when that person is away."""
    if project.service_in_charge is None or project.in_charge_id is None:
        return None
    found = roster(project.service_in_charge, today_of(project.service_in_charge))
    if found.is_present(project.in_charge_id):
        return None
    one = found.who_answers(project.in_charge_id)
    return User.objects.get(pk=one) if one != project.in_charge_id else None
