"""Reading the waiting lists: mine, and those of the places one runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from preau.accounts.actors import Actor
from preau.booking.enums import BookingState, DateState
from preau.booking.models import Booking, WaitingEntry
from preau.booking.rules import rules_for
from preau.core import clock
from preau.core.french import by_name
from preau.core.timeranges import Period
from preau.places.models import Place, Space


def waits_of(actor: Actor) -> QuerySet[WaitingEntry]:
    """The lines a person stands in, offers first; `ahead` says how many come before them."""
    before = (
        WaitingEntry.objects.filter(
            space=OuterRef("space"),
            ended_at=None,
            starts_at__lt=OuterRef("ends_at"),
            ends_at__gt=OuterRef("starts_at"),
        )
        .filter(
            Q(created_at__lt=OuterRef("created_at"))
            | Q(created_at=OuterRef("created_at"), pk__lt=OuterRef("pk"))
        )
        .order_by()
        .values("space")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        WaitingEntry.objects.filter(user=actor.user_id, ended_at=None)
        .select_related("space__place__commune", "organization", "offer__occupancy")
        .annotate(ahead=Coalesce(Subquery(before, output_field=IntegerField()), 0))
        .order_by(F("offered_until").asc(nulls_last=True), "starts_at", "id")
    )


def entry_of(entry_id: int) -> WaitingEntry | None:
    rows = WaitingEntry.objects.select_related("space__place", "offer")
    return rows.filter(pk=entry_id).first()


def takes_a_line(space: Space, period: Period) -> bool:
    """Whether one may stand in line for a slot of that space."""
    rules = rules_for(space)
    return (rules is None or rules.has_waiting_list) and period.start > clock.now()


def is_waiting(actor: Actor, space: Space, period: Period) -> bool:
    return (
        actor.user is not None
        and WaitingEntry.objects.filter(
            user=actor.user,
            space=space,
            starts_at=period.start,
            ends_at=period.end,
            ended_at=None,
        ).exists()
    )


def offer_of(booking: Booking) -> WaitingEntry | None:
    """The line's place that a held slot answers, while the offer stands."""
    entry: WaitingEntry | None = getattr(booking, "waiting_entry", None)
    stands = entry is not None and entry.ended_at is None
    return entry if stands and booking.state == BookingState.HELD else None


def number_waiting_for(booking: Booking) -> int:
    """How many people would take a time of this booking, should it come free."""
    dates = booking.dates.filter(state=DateState.PLANNED).select_related("occupancy")
    wanted = Q(pk__in=[])
    roots = set()
    for date in dates:
        span = date.occupancy.span
        wanted |= Q(starts_at__lt=span.end, ends_at__gt=span.start)
        roots.add(date.occupancy.root_id)
    in_halls = Q(space__in=roots) | Q(space__root__in=roots)
    live = WaitingEntry.objects.filter(wanted, in_halls, ended_at=None)
    return live.values("user").distinct().count()


@dataclass(frozen=True)
class Line:
    """A slot that people wait for."""

    space_name: str
    period: Period
    people: int
    since: datetime


def lines_at(place: Place) -> list[Line]:
    """The slots of a place that people wait for, the soonest first."""
    found = (
        WaitingEntry.objects.filter(space__place=place, ended_at=None, ends_at__gt=clock.now())
        .order_by()
        .values("space__name", "starts_at", "ends_at")
        .annotate(people=Count("pk"), since=Min("created_at"))
        .order_by("starts_at", *by_name("space__name"))[:50]
    )
    return [
        Line(
            row["space__name"],
            Period(row["starts_at"], row["ends_at"]),
            row["people"],
            row["since"],
        )
        for row in found
    ]
