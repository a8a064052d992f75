"""The list, a page at a time from the last activity back: its keys, its lines, how many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from preau.accounts.actors import Actor
from preau.portfolio.filters import ORDER, Filters
from preau.projects.enums import ENDED, LIVE, STILL_BLOCKING, ProjectState
from preau.projects.models import Blockage, Project
from preau.projects.queries.sheet import BADGES
from preau.projects.standing import FACTS, foresee, sees_everywhere, sees_state_side

PAGE = 25
#: Beyond, the page says « plus de 500 ».
MOST_COUNTED = 500

#: One blockage that stands, asked line by line: `blocked()` would read those of the country.
_STANDING = Blockage.objects.filter(project=OuterRef("pk"), state__in=STILL_BLOCKING).values("pk")[
    :1
]
#: What a line or a card shows, what its moves depend on: a project has many more columns.
_SHOWN = (
    *FACTS,
    "key",
    "reference",
    "name",
    "phase",
    "phase_status",
    "priority",
    "budget_cents",
    "paused_at",
    "updated_at",
    "holder_name",
    "lead_commune__name",
    "lead_commune__departement",
    "holder_organization__name",
    "in_charge__first_name",
    "in_charge__last_name",
    "in_charge__email",
)


@dataclass(frozen=True)
class Line:
    """One project as a list or a board shows it."""

    project: Project
    blocked: bool
    #: What the State's services decided among themselves is not shown to others.
    priority: str

    @property
    def badge(self) -> str:
        return BADGES[ProjectState(self.project.state)]

    @property
    def budget_euros(self) -> int:
        return round((self.project.budget_cents or 0) / 100)

    @property
    def is_live(self) -> bool:
        return self.project.state in LIVE

    @property
    def is_over(self) -> bool:
        return self.project.state in ENDED


@dataclass(frozen=True)
class Page:
    """`next` is "" on the last page."""

    lines: list[Line]
    next: str


def asked(filters: Filters, actor: Actor, after: str = "") -> tuple[Page, int | None]:
    """A page of what the filters find, and how many they find.

    Words are looked for once: all that they find in a territory is put in order for the page, and
    counting it is then free. The whole country is walked from the newest instead.
    """
    found = filters.of(actor)
    if not filters.words or sees_everywhere(actor) or read_cursor(after) is not None:
        return page(found, actor, after), count(found)
    keys = list(found.order_by(*ORDER).values_list("pk", flat=True)[: MOST_COUNTED + 1])
    return _page(keys, actor), len(keys) if len(keys) <= MOST_COUNTED else None


def page(found: QuerySet[Project], actor: Actor, after: str = "") -> Page:
    """Of what was found (`Filters.of`), 25 from where the last page ended."""
    if (cursor := read_cursor(after)) is not None:
        moment, pk = cursor
        found = found.filter(Q(updated_at__lt=moment) | Q(updated_at=moment, pk__lt=pk))
        found = found.filter(updated_at__lte=moment)  # where the index begins
    return _page(list(found.order_by(*ORDER).values_list("pk", flat=True)[: PAGE + 1]), actor)


def _page(keys: list[int], actor: Actor) -> Page:
    lines = lines_of(keys[:PAGE], actor)
    following = cursor_text(lines[-1].project) if len(keys) > PAGE and lines else ""
    return Page(lines, following)


def lines_of(keys: Iterable[int], actor: Actor) -> list[Line]:
    """These projects ready to be shown, in their order."""
    keys = list(keys)
    if not keys:
        return []
    rows = (
        Project.objects.filter(pk__in=keys)
        .select_related("lead_commune", "holder_organization", "in_charge")
        .annotate(blockage=Subquery(_STANDING))
        .only(*_SHOWN)
        .order_by(*ORDER)
    )
    found = list(rows)
    foresee(actor, keys, found)
    return [
        Line(
            one,
            blocked=one.blockage is not None and one.state in LIVE,
            priority=one.priority if sees_state_side(actor, one) else "",
        )
        for one in found
    ]


def count(found: QuerySet[Project]) -> int | None:
    """How many; None beyond what a person counts."""
    number = found.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return number if number <= MOST_COUNTED else None


def cursor_text(project: Project) -> str:
    """Where the next page begins: microseconds, then the key."""
    moment = project.updated_at.astimezone(UTC)
    return f"{int(moment.timestamp())}{moment.microsecond:06d}-{project.pk}"


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """None for the first page, and for what is not a cursor."""
    moment, _, pk = text.partition("-")
    if not (moment.isdecimal() and pk.isdecimal() and 7 <= len(moment) <= 17 and len(pk) <= 18):
        return None
    try:
        seconds = datetime.fromtimestamp(int(moment[:-6]), UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return seconds.replace(microsecond=int(moment[-6:])), int(pk)
