"""Which projects figures are about, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from preau.accounts.actors import Actor
from preau.core.french import by_name
from preau.portfolio.figures.base import Population
from preau.portfolio.figures.enums import Period, ScopeKind
from preau.projects.enums import ProjectState
from preau.projects.models import Programme, Project, ProjectProgramme
from preau.projects.standing import Competence, competence_of
from preau.territories.models import Crte, Departement, Region

K = ScopeKind
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Scope:
    """A territory or a programme, or the part of it that a service answers for.

    Attributes:
        within: codes of the départements it is cut down to; None for the whole of it.
    """

    kind: ScopeKind
    code: str
    name: str
    within: frozenset[str] | None = None

    @property
    def value(self) -> str:
        """In addresses: « departement-38 »."""
        return f"{self.kind}-{self.code}" if self.code else self.kind


NATION = Scope(K.NATION, "", K.NATION.label)


def population(scope: Scope, period: Period, now: datetime) -> Population:
    """Filed projects, each in the département of its lead commune alone."""
    rows = Project.objects.filter(_where(scope)).exclude(state=ProjectState.DRAFT)
    if scope.within is not None:
        rows = rows.filter(departement_code__in=scope.within)
    if period == Period.YEAR:
        rows = rows.filter(deposited_at__gt=now - YEAR)
    return Population(rows, now)


def _where(scope: Scope) -> Q:
    if scope.kind == K.REGION:
        codes = Departement.objects.filter(region=scope.code).values_list("code", flat=True)
        return Q(departement_code__in=list(codes))
    if scope.kind == K.DEPARTEMENT:
        return Q(departement_code=scope.code)
    if scope.kind == K.CRTE:
        return Q(crte=scope.code)
    if scope.kind == K.PROGRAMME:
        inside = ProjectProgramme.objects.filter(programme__slug=scope.code, until=None)
        return Q(pk__in=inside.values("project"))
    return Q()


def offered_to(actor: Actor) -> list[Scope]:
    """What a service may choose from, the widest first. Nothing for everybody else.

    CRTE are chosen from their portfolio: there are hundreds of them.
    """
    competence = competence_of(actor)
    if competence is None or competence.departements == frozenset():
        return []
    within = competence.departements
    departements = Departement.objects.select_related("region").order_by("code")
    known = [one for one in departements if within is None or one.code in within]
    found = [] if within is not None else [NATION]
    regions = Region.objects.order_by(*by_name("name"))
    found += [
        Scope(K.REGION, one.code, one.name) for one in regions if _covers_region(competence, one)
    ]
    found += [Scope(K.DEPARTEMENT, one.code, f"{one.name} ({one.code})") for one in known]
    programmes = Programme.objects.filter(active=True)
    return found + [Scope(K.PROGRAMME, one.slug, one.name, within) for one in programmes]


def _covers_region(competence: Competence, region: Region) -> bool:
    if competence.departements is None:
        return True
    codes = Departement.objects.filter(region=region).values_list("code", flat=True)
    return bool(codes) and set(codes) <= competence.departements


def asked_for(actor: Actor, value: str) -> Scope | None:
    """The scope of an address, if it is for them; else the widest that is; None for nobody."""
    offered = offered_to(actor)
    for one in offered:
        if one.value == value:
            return one
    kind, _, code = value.partition("-")
    competence = competence_of(actor)
    if offered and competence and kind == K.CRTE:
        crte = Crte.objects.filter(code=code[:40]).first()
        if crte is not None:
            return Scope(K.CRTE, crte.code, crte.name, competence.departements)
    return offered[0] if offered else None
