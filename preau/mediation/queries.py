"""Reads of the room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, Sum

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.models import Membership, User
from preau.accounts.perms import allowed
from preau.core import clock, keyset
from preau.core.french import by_name
from preau.directory.enums import SheetState
from preau.directory.models import Sheet
from preau.mediation.enums import SERVICE_OF, EventState, FileState, Theme
from preau.mediation.models import FollowUpFile, FollowUpStep, Mandate, PlaceEvent, Training, Visit
from preau.mediation.models.following import DORMANT, KEPT
from preau.mediation.people import mediators_of, with_absorbed

#: Figures of fewer visits are not told outside the place.
SMALL = 5
#: Events of one page of the agenda, and how long one lasts at most.
PAGE = 30
LONGEST = timedelta(days=2)


def places_of(actor: Actor) -> QuerySet[Sheet]:
    """Where the hat's people receive the public."""
    if actor.organization_id is None:
        return Sheet.objects.none()
    found = Sheet.objects.filter(manager=actor.organization_id, state=SheetState.PUBLISHED)
    return found.select_related("commune").order_by(*by_name("name"), "pk")


def last_visits(sheet: Sheet, limit: int = 15) -> QuerySet[Visit]:
    found = Visit.objects.filter(sheet=sheet).select_related("origin", "counted_by")
    return found.order_by("-created_at")[:limit]


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted in a place between two days."""

    lines: int
    people: int
    services: int
    themes: list[tuple[str, int]]
    origins: list[tuple[str, int]]
    unknown: int

    @property
    def services_per_visit(self) -> float | None:
        return self.services / self.lines if self.lines else None


def tally(sheet: Sheet, first: date, last: date) -> Tally:
    """Themes count lines, not people; origins count people."""
    found = Visit.objects.filter(sheet=sheet, day__range=(first, last))
    sums = found.aggregate(lines=Count("pk"), people=Sum("people"), services=Sum("services"))
    by_theme = (
        found.order_by()
        .annotate(one=Func(F("themes"), function="unnest"))
        .values("one")
        .annotate(n=Count("pk"))
    )
    themes = Counter({row["one"]: row["n"] for row in by_theme})
    rows = found.order_by().values("origin__name").annotate(n=Sum("people"))
    origins = {row["origin__name"] or "": row["n"] for row in rows}
    unknown = origins.pop("", 0)
    return Tally(
        lines=sums["lines"],
        people=sums["people"] or 0,
        services=sums["services"] or 0,
        themes=[(Theme(key).label, n) for key, n in themes.most_common()],
        origins=sorted(origins.items(), key=lambda one: (-one[1], one[0])),
        unknown=unknown,
    )


@dataclass(frozen=True, slots=True)
class Flow:
    """Visits to a place, for one service, from one commune.

    Attributes:
        theme: of the service (data·inclusion); "" when none stands for it.
        origin: INSEE code, "" when it is not known.
        visits: one a person, for each made the journey.
        services: rendered in all to these persons.
    """

    sheet_id: int
    theme: str
    origin: str
    visits: int
    services: int


def visits_by_origin(communes: Collection[str], first: date, last: date) -> list[Flow]:
    """What impact is measured on, for the places of these communes; both days included.

    A visit for several themes is counted under the first alone: it was one journey.
    """
    found = (
        Visit.objects.filter(sheet__commune__in=communes, day__range=(first, last))
        .order_by()
        .values("sheet_id", "origin_id", "themes__0")
        .annotate(services_sum=Sum(F("services") * F("people")), people_sum=Sum("people"))
        .order_by("sheet_id", "origin_id", "themes__0")
    )
    return [
        Flow(
            sheet_id=row["sheet_id"],
            theme=SERVICE_OF.get(row["themes__0"], ""),
            origin=row["origin_id"] or "",
            visits=row["people_sum"],
            services=row["services_sum"],
        )
        for row in found
    ]


# --- Follow-up


def files_of(actor: Actor) -> QuerySet[FollowUpFile]:
    """The person's own files, whatever hat they wear, in the structures they are still of."""
    if actor.user_id is None:
        return FollowUpFile.objects.none()
    waiting = Count("steps", filter=Q(steps__next_on__isnull=False, steps__done_on=None))
    return (
        FollowUpFile.objects.filter(
            organization__in=_homes_of(actor.user_id), mediator=actor.user_id
        )
        .exclude(state=FileState.ERASED)
        .select_related("sheet")
        .annotate(waiting=waiting)
        .order_by("state", "-last_step_on", "pk")
    )


def _homes_of(user_id: int) -> set[int]:
    """Where one mediates, with the structures that have become those."""
    mine = Membership.objects.filter(user=user_id, ended_at=None)
    mine = mine.exclude(role=MembershipRole.CARETAKER)
    return with_absorbed(mine.values_list("organization", flat=True))


def open_files_of(user: User) -> int:
    """How many people's files they still have to hand over."""
    held = FollowUpFile.objects.filter(mediator=user, state=FileState.OPEN)
    return held.filter(organization__in=_homes_of(user.pk)).count()


def files_left(actor: Actor) -> QuerySet[FollowUpFile]:
    """Those of the structure whose mediator has left, for whoever administers it."""
    home = actor.organization_id
    if home is None or not allowed(actor, "mediation.reassign", actor.organization):
        return FollowUpFile.objects.none()
    return (
        FollowUpFile.objects.filter(organization__in=with_absorbed([home]))
        .exclude(state=FileState.ERASED)
        .exclude(mediator__in=mediators_of(home).values("user"))
        .select_related("mediator")
        .order_by("mediator", "pk")
    )


def mediators_gone() -> Iterable[Mapping[str, Any]]:
    """Structures, those who left them, and how many files they left there. A structure that has
    become another is named too: its mediators may be of the other."""
    there = Membership.objects.filter(
        user=OuterRef("mediator"), organization=OuterRef("organization"), ended_at=None
    ).exclude(role=MembershipRole.CARETAKER)
    left = FollowUpFile.objects.exclude(state=FileState.ERASED).exclude(Exists(there)).order_by()
    return left.values("organization", "mediator").annotate(n=Count("pk"))


def colleagues_of(file: FollowUpFile) -> QuerySet[User]:
    """Who may go on with it."""
    members = mediators_of(file.home_id)
    found = User.objects.filter(pk__in=members.values("user"), is_active=True)
    return found.exclude(pk=file.mediator_id).order_by(*by_name("last_name", "first_name"))


def files_due(today: date) -> QuerySet[FollowUpFile]:
    return FollowUpFile.objects.filter(
        Q(state=FileState.OPEN, last_step_on__lt=today - DORMANT)
        | Q(state=FileState.CLOSED, closed_on__lt=today - KEPT)
    )


def steps_due(today: date) -> QuerySet[FollowUpStep]:
    return FollowUpStep.objects.filter(
        next_on__lte=today, done_on=None, file__state=FileState.OPEN
    ).select_related("file__mediator", "file__organization__merged_into")


def mandates_ending(today: date) -> QuerySet[Mandate]:
    """Standing, of a live file, in their last two weeks."""
    return Mandate.objects.filter(
        until__range=(today - timedelta(days=1), today + timedelta(days=14)),
        revoked_on=None,
        file__state=FileState.OPEN,
    ).select_related("file__mediator", "file__sheet", "file__organization__merged_into")


# --- Trainings


def trainings_of(actor: Actor) -> QuerySet[Training]:
    """The organisation's register; one's own lines when acting for oneself."""
    found = Training.objects.select_related("person", "organization__commune")
    if actor.organization_id is not None:
        return found.filter(organization=actor.organization_id)
    return found.filter(person=actor.user_id) if actor.user_id else found.none()


def trainings_ending(today: date) -> QuerySet[Training]:
    return Training.objects.filter(
        reminded_on=None, valid_until__range=(today, today + timedelta(days=60))
    ).select_related("person")


# --- Agenda


def coming(sheet: Sheet, *, drafts: bool = False) -> QuerySet[PlaceEvent]:
    """What is still to come, cancelled dates included; drafts for those who write them."""
    rows = PlaceEvent.objects.filter(sheet=sheet, ends_at__gt=clock.now())
    found = rows.select_related("sheet__commune").order_by("starts_at", "pk")
    return found if drafts else found.exclude(state=EventState.DRAFT)


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, and from where the next ones are asked; "" when there are none."""

    events: list[PlaceEvent]
    next: str


def announced(*, departement: str = "", before: datetime | None = None, after: str = "") -> Page:
    """What goes on now or comes next, the soonest first: everywhere, or in a département.

    Args:
        before: the first instant that is too late.
        after: where the page before ended.
    """
    now = clock.now()
    found = PlaceEvent.objects.filter(
        sheet__state=SheetState.PUBLISHED,
        state=EventState.PUBLISHED,
        starts_at__gt=now - LONGEST,  # what the index is read from
        ends_at__gt=now,
    )
    if departement:
        found = found.filter(sheet__departement_code=departement)
    if before is not None:
        found = found.filter(starts_at__lt=before)
    events, more = keyset.some(
        found.select_related("sheet__commune"),
        by="starts_at",
        after=after,
        number=PAGE,
        newest=False,
    )
    return Page(events, more)


def personal_data(user: User) -> dict[str, Any]:
    """What the room keeps about those who use it. People followed have no account: they ask
    their mediator, who shows and erases."""
    return {
        "dossiers de suivi tenus": [
            {"référence": one.reference, "état": one.get_state_display()}
            for one in FollowUpFile.objects.filter(mediator=user).order_by("pk")
        ],
        "formations": [
            {"formation": one.title, "suivie le": str(one.followed_on)}
            for one in Training.objects.filter(person=user).order_by("pk")
        ],
        "visites comptées": Visit.objects.filter(counted_by=user).count(),
    }
