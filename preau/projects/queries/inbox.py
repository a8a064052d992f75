"""The inbox of a service of the State: what to sort, in which order and why; what waits.

The order is one array of whole numbers, compared from left to right by PostgreSQL; the same array
is the key of the next page and the source of « pourquoi ici ». Time stands still from the first
page to the last (`as_of`), so that no project is skipped or shown twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Extract

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.formats import local
from preau.projects import standing, working_days
from preau.projects.enums import TO_TRIAGE, Priority, ProjectState
from preau.projects.models import Project, ProjectProgramme
from preau.projects.queries.why import Row, rows_of
from preau.projects.standing import Competence
from preau.resources.enums import Theme
from preau.territories.models import Departement

PAGE = 25
S = ProjectState
_NEVER = 99_999_999_999
_RANKS = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.NONE: 2, Priority.LOW: 3}
KEY = ArrayField(BigIntegerField())


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asks to see; unknown values are no filter."""

    state: str = ""
    theme: str = ""
    programme: int | None = None
    mine: bool = False

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        programme = asked.get("programme", "")
        state, theme = asked.get("etat", ""), asked.get("theme", "")
        return cls(
            state=state if state in TO_TRIAGE else "",
            theme=theme if theme in Theme.values else "",
            programme=int(programme[:9]) if programme.isdecimal() else None,
            mine=asked.get("qui") == "moi",
        )

    @property
    def is_any(self) -> bool:
        return self != Filters()


def in_hands(actor: Actor) -> QuerySet[Project]:
    """The projects that the hat's service answers for: those of its département; for a service of
    the region or of the nation, those that were escalated to it."""
    service = standing.competence_of(actor)
    found = standing.visible_to(actor)
    if service is None or service.departements == frozenset():
        return found.none()
    if service.departements is not None:
        found = found.filter(departement_code__in=sorted(service.departements))
    return found if service.decides else found.filter(escalated_at__isnull=False)


def to_sort(actor: Actor, filters: Filters) -> QuerySet[Project]:
    """New projects and those that are not qualified yet."""
    found = in_hands(actor).filter(state__in=[filters.state] if filters.state else TO_TRIAGE)
    if filters.theme:
        found = found.filter(themes__contains=[filters.theme])
    if filters.programme:
        found = found.filter(
            Exists(
                ProjectProgramme.objects.filter(
                    project=OuterRef("pk"), programme=filters.programme, until=None
                )
            )
        )
    return found.filter(in_charge=actor.user_id) if filters.mine else found


def in_order(projects: QuerySet[Project], as_of: datetime, soon: datetime) -> QuerySet[Any]:
    """Priority given by a person; delay over, then nearly over; weight of the programme, then its
    closing day; age."""
    day = local(as_of, clock.PARIS).date()
    joined = ProjectProgramme.objects.filter(
        project=OuterRef("pk"), until=None, programme__active=True
    ).values("project")
    weight = joined.annotate(found=Max("programme__weight")).values("found")
    closing = (
        joined.filter(programme__deadline__gte=day)
        .annotate(found=Min("programme__deadline"))
        .values("found")
    )
    late = Q(state=S.DEPOSITED, acknowledge_by__lte=as_of) | Q(state=S.ACKNOWLEDGED, due_on__lt=day)
    nearly = Q(state=S.DEPOSITED, acknowledge_by__lte=soon) | Q(
        state=S.ACKNOWLEDGED, due_on__lte=local(soon, clock.PARIS).date()
    )
    priority = [When(priority=one, then=Value(rank)) for one, rank in _RANKS.items()]
    numbers: list[Any] = [
        Case(*priority, default=Value(2), output_field=IntegerField()),
        Case(
            When(late, then=Value(0)),
            When(nearly, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        ),
        -Coalesce(Subquery(weight), Value(0), output_field=IntegerField()),
        Coalesce(
            Extract(Subquery(closing), "epoch"), Value(_NEVER), output_field=BigIntegerField()
        ),
        Extract(F("deposited_at"), "epoch"),
        F("pk"),
    ]
    key = Func(
        *(Cast(one, BigIntegerField()) for one in numbers),
        template="ARRAY[%(expressions)s]",
        output_field=KEY,
    )
    return projects.annotate(order_key=key).order_by("order_key")


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    next_key: str = ""


def soon_for(service: Competence | None, as_of: datetime) -> datetime:
    """« Bientôt »: before the end of the next working day, where the service works."""
    code = min(service.departements) if service and service.departements else ""
    found = Departement.objects.filter(code=code).first()
    zone = ZoneInfo(found.time_zone if found else "Europe/Paris")
    day = working_days.later(code, as_of.astimezone(zone).date(), 1)
    return working_days.at(day, working_days.END_OF_DAY, zone)


# --- Pages, by key


def read_key(text: str) -> tuple[datetime, list[int]] | None:
    """`1789000000.2_0_0_99999999999_1788000000_12`, as `write_key` wrote it; None otherwise.

    Nothing that somebody may have altered goes further than a comparison of numbers.
    """
    moment, _, numbers = text.partition(".")
    found = numbers.split("_")
    if not (moment.isdecimal() and len(moment) <= 11 and len(found) == 6):
        return None
    if not all(one.removeprefix("-").isdecimal() and len(one) <= 15 for one in found):
        return None
    return datetime.fromtimestamp(int(moment), UTC), [int(one) for one in found]


def write_key(as_of: datetime, key: list[int]) -> str:
    return f"{int(as_of.timestamp())}.{'_'.join(str(one) for one in key)}"


def page_to_sort(actor: Actor, filters: Filters, after: str = "") -> Page:
    """One page, a constant number of statements."""
    known = read_key(after)
    as_of = known[0] if known else clock.now().replace(microsecond=0)
    soon = soon_for(standing.competence_of(actor), as_of)
    found = in_order(to_sort(actor, filters), as_of, soon)
    if known:
        found = found.filter(order_key__gt=Value(known[1], output_field=KEY))
    projects = list(with_facts(found)[: PAGE + 1])
    shown = projects[:PAGE]
    more = len(projects) > PAGE
    next_key = write_key(as_of, shown[-1].order_key) if more else ""
    return Page(rows_of(shown, as_of, soon), next_key)


def with_facts(projects: QuerySet[Any]) -> QuerySet[Any]:
    return projects.select_related(
        "lead_commune__departement",
        "holder_organization",
        "holder_user",
        "in_charge",
        "service_in_charge__organization",
    )


def capped(found: QuerySet[Any], most: int = 100) -> int:
    """How many, no further than `most`: the page says « 99+ »."""
    return found.order_by()[:most].count()
