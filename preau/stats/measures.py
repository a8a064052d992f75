"""Counting one month in the bookings, département by département. Nothing here is published."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    Count,
    DateField,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Extract

from preau.agreements.enums import AgreementState
from preau.agreements.models import Agreement
from preau.agreements.models.rounds import SignatureRound
from preau.booking.enums import UNSENT, BookingState, DateState
from preau.booking.models import Booking, BookingDate
from preau.places.enums import Publication
from preau.places.models import Place, Space


@dataclass
class Measures:
    """One département's month, exact."""

    places: int = 0
    spaces: int = 0
    asked: int = 0
    held: int = 0
    minutes: int = 0


@dataclass
class Delays:
    """A median, and of how many."""

    minutes: int
    of: int


@dataclass
class Month:
    """Everything counted for a month, exact."""

    by_departement: dict[str, Measures]
    answers: dict[str, Delays]
    signatures: dict[str, Delays]
    confirmed: int
    online: int


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def local_day(instant: str, zone: str) -> Cast:
    """The calendar day of an instant, on the spot."""
    wall = Func(F(zone), F(instant), function="timezone", output_field=DateTimeField())
    return Cast(wall, DateField())


def in_month(rows: QuerySet[Any], month: date, instant: str, zone: str) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.annotate(day_there=local_day(instant, zone)).filter(
        day_there__gte=month, day_there__lt=next_month(month)
    )
    return found


def minutes_between(end: Any, start: Any) -> Any:
    length = ExpressionWrapper(end - start, output_field=DurationField())
    return Extract(length, "epoch") / 60.0


def measure(month: date) -> Month:
    found: dict[str, Measures] = defaultdict(Measures)
    _count_places(found, month)
    sent = Booking.objects.exclude(state__in=UNSENT)
    asked = in_month(sent, month, "requested_at", "place__time_zone")
    for code, count in counted(asked, "departement_code"):
        found[code].asked = count
    _count_held(found, month)
    answered = sent.filter(decided_at__gt=F("requested_at"))
    answered = in_month(answered, month, "decided_at", "place__time_zone")
    signed = Agreement.objects.filter(state=AgreementState.SIGNED)
    signed = in_month(signed, month, "signed_at", "place__time_zone")
    confirmed, online = _count_online(month)
    return Month(
        by_departement=dict(found),
        answers=medians(answered, "departement_code", "decided_at", "requested_at"),
        signatures=medians(signed, "place__departement_code", "signed_at", "created_at"),
        confirmed=confirmed,
        online=online,
    )


def counted(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.order_by().values_list(code).annotate(Count("pk", distinct=True))
    return found


def _count_places(found: dict[str, Measures], month: date) -> None:
    """What is published now and was already there at the end of the month."""
    places = Place.objects.filter(publication=Publication.PUBLISHED)
    places = places.annotate(day_there=local_day("created_at", "time_zone"))
    places = places.filter(day_there__lt=next_month(month))
    for code, count in counted(places, "departement_code"):
        found[code].places = count
    spaces = Space.objects.filter(publication=Publication.PUBLISHED, place__in=places)
    spaces = spaces.annotate(day_there=local_day("created_at", "place__time_zone"))
    spaces = spaces.filter(day_there__lt=next_month(month))
    for code, count in counted(spaces, "place__departement_code"):
        found[code].spaces = count


def _count_held(found: dict[str, Measures], month: date) -> None:
    """Bookings with a date that stood in the month, and the time these dates took."""
    dates = BookingDate.objects.filter(
        state=DateState.PLANNED, booking__state=BookingState.CONFIRMED
    ).annotate(
        start=Func(F("occupancy__period"), function="lower", output_field=DateTimeField()),
        end=Func(F("occupancy__period"), function="upper", output_field=DateTimeField()),
    )
    dates = in_month(dates, month, "start", "occupancy__place__time_zone")
    rows = (
        dates.order_by()
        .values("booking__departement_code")
        .annotate(
            held=Count("booking", distinct=True), time=Sum(minutes_between(F("end"), F("start")))
        )
    )
    for row in rows:
        one = found[row["booking__departement_code"]]
        one.held, one.minutes = row["held"], round(row["time"])


def medians(rows: QuerySet[Any], code: str, end: str, start: str) -> dict[str, Delays]:
    """By département, and for the whole country under ""."""
    delay = minutes_between(F(end), F(start))
    medians = {
        key: Delays(round(median), count)
        for key, median, count in rows.order_by()
        .values_list(code)
        .annotate(median=Median(delay), count=Count("pk"))
    }
    whole = rows.aggregate(median=Median(delay), count=Count("pk"))
    if whole["count"]:
        medians[""] = Delays(round(whole["median"]), whole["count"])
    return medians


def _count_online(month: date) -> tuple[int, int]:
    """Confirmed after an answer given in the month; those without paper nor counter."""
    confirmed = Booking.objects.filter(state=BookingState.CONFIRMED)
    confirmed = in_month(confirmed, month, "decided_at", "place__time_zone")
    paper = SignatureRound.objects.filter(
        on_paper=True, agreement__occupied__occupancy__booking_date__booking=OuterRef("pk")
    )
    online = Case(
        When(Exists(paper), then=Value(0)),
        When(caller_name="", then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    row = confirmed.annotate(online=online).aggregate(count=Count("pk"), sum=Sum("online"))
    return row["count"], row["sum"] or 0
