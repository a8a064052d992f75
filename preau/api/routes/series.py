"""Bookings that come back: seen first, then asked, all or nothing."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse, QueryDict
from ninja import Path, Query, Router, Schema

from preau.accounts.actors import Actor, actor_of
from preau.api.enums import Scope
from preau.api.http.idempotency import once
from preau.api.http.problems import CONFLICT, Problem
from preau.api.http.validation import of_form
from preau.api.routes.booking_forms import send
from preau.api.routes.bookings import Key, booking_out, public_space, visitor_key
from preau.api.routes.kit import read, write
from preau.api.schemas.bookings import (
    BookingOut,
    Conflicts,
    PlannedOut,
    Rhythm,
    SeriesIn,
    SeriesPlanOut,
)
from preau.api.schemas.kit import LARGEST_ID, Day, Wall
from preau.booking.actions.series import hold_series
from preau.booking.forms.series import ALL, FREE, ChoicesForm, SeriesForm
from preau.booking.models import Booking
from preau.booking.series_queries import SeriesPlan, plan_series
from preau.core import formats
from preau.places.models import Space

router = Router(tags=["Réservations qui reviennent"])
#: Our field → the form’s.
NAMES = {
    "frequency": "rythme",
    "first_day": "premier",
    "last_day": "jusquau",
    "start_time": "de",
    "end_time": "a",
    "days_each": "jours",
    "quantity": "postes",
    "skips_school_holidays": "sauf_vacances",
    "skips_public_holidays": "sauf_feries",
}
_BACK = {theirs: ours for ours, theirs in NAMES.items()} | {"mode": "conflicts", "gardees": ""}


class RhythmIn(Schema):
    frequency: Rhythm = Rhythm.WEEKLY
    first_day: Day
    last_day: Day
    start_time: Wall
    end_time: Wall
    days_each: Annotated[int, Query(ge=1, le=21)] = 1
    quantity: Annotated[int, Query(ge=1, le=10_000)] = 1
    skips_school_holidays: bool = False
    skips_public_holidays: bool = True


@read(
    router,
    "/spaces/{space_id}/series",
    scope=Scope.OCCUPANCIES,
    public=True,
    answer=SeriesPlanOut,
    summary="Ce que donnerait un rythme",
)
def plan_of_series(
    request: HttpRequest,
    space_id: Annotated[int, Path(ge=1, le=LARGEST_ID)],
    asked: Query[RhythmIn],
) -> SeriesPlanOut:
    """Chaque date avec sa réponse ; rien n’est retenu."""
    plan = _plan(public_space(space_id), asked)
    zone = plan.space.place.zone
    return SeriesPlanOut(
        space_id=plan.space.pk,
        words=plan.pattern.words,
        wanted=plan.wanted,
        free=len(plan.free),
        dates=[
            PlannedOut(
                day=one.day,
                start=one.period.start.astimezone(zone) if one.period else None,
                end=one.period.end.astimezone(zone) if one.period else None,
                status=one.status,
                detail=one.sentence,
            )
            for one in plan.dates
        ],
    )


@write(
    router,
    "/series",
    scope=Scope.BOOKINGS_WRITE,
    answer=BookingOut,
    summary="Réserver à un rythme",
)
def create_series(request: HttpRequest, asked: SeriesIn, idempotency_key: Key) -> HttpResponse:
    """Une seule demande, un seul accord, toutes les dates. Voyez d’abord ce que donne le rythme."""
    actor = actor_of(request)

    def act() -> tuple[int, Schema]:
        plan = _plan(public_space(asked.space_id), asked)
        return 201, booking_out(request, send(_hold(plan, asked, actor), asked, actor))

    return once(request, idempotency_key, act)


def _plan(space: Space, asked: RhythmIn | SeriesIn) -> SeriesPlan:
    form = SeriesForm(_typed(asked), space=space)
    pattern = form.pattern
    if pattern is None:
        raise of_form(form, _BACK)
    return plan_series(space, pattern, quantity=form.quantity)


def _typed(asked: RhythmIn | SeriesIn) -> QueryDict:
    data = QueryDict(mutable=True)
    for ours, theirs in NAMES.items():
        value = getattr(asked, ours)
        if value is not False:
            data[theirs] = "on" if value is True else str(value)
    return data


def _hold(plan: SeriesPlan, asked: SeriesIn, actor: Actor) -> Booking:
    """Keep the dates of the plan that are free.

    Raises:
        Problem: some are not and all are wanted, or none is.
    """
    lost = [
        {"field": str(one.day), "code": one.status, "detail": one.sentence}
        for one in plan.conflicts
    ]
    if lost and (asked.conflicts == Conflicts.NONE or not plan.free):
        many = formats.count(len(lost), "date n’est pas libre", "dates ne sont pas libres")
        raise Problem(CONFLICT, f"{many}. Rien n’est réservé.", code="dates_taken", errors=lost)
    data = QueryDict(mutable=True)
    data.setlist("gardees", [one.day.isoformat() for one in plan.free])
    data["mode"] = ALL if asked.conflicts == Conflicts.NONE else FREE
    choices = ChoicesForm(data, plan=plan)
    if not choices.is_valid():
        raise of_form(choices, _BACK)
    return hold_series(
        plan.space,
        choices.slots,
        plan.pattern,
        actor=actor,
        visitor_key=visitor_key(actor),
        quantity=plan.quantity,
        skipped=choices.skipped,
    )
