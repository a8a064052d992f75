"""The agenda of a place: written, announced, moved, cancelled with a reason."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.timeranges import local_instant
from preau.directory.models import Sheet
from preau.mediation import perms
from preau.mediation.enums import EventState
from preau.mediation.models import PlaceEvent

MOST_WEEKS = 53
#: What a cancellation takes with it.
STANDING = (EventState.DRAFT, EventState.PUBLISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One date or a weekly one. Minutes count from local midnight, as the wall says."""

    kind: str
    title: str
    text: str = ""
    day: date
    start_minute: int
    end_minute: int
    weekly_until: date | None = None
    seats: int | None = None
    how_to_come: str = ""


@transaction.atomic
def write(sheet: Sheet, wanted: Wanted, *, actor: Actor, announce: bool) -> list[PlaceEvent]:
    """Write the event on each of its days.

    Raises:
        Refusal: hours out of order, more than a year of weeks, a day that has passed.
    """
    perms.require(actor, "agenda.edit", sheet)
    days = _days(wanted, sheet)
    series = uuid.uuid4() if len(days) > 1 else None
    state = EventState.PUBLISHED if announce else EventState.DRAFT
    made = PlaceEvent.objects.bulk_create(
        PlaceEvent(
            sheet=sheet,
            series=series,
            state=state,
            made_by=actor.user,
            **_fields(wanted, day, sheet),
        )
        for day in days
    )
    audit.record(actor, "agenda.write", sheet, events=len(made))
    return made


@transaction.atomic
def edit(event: PlaceEvent, wanted: Wanted, *, actor: Actor) -> PlaceEvent:
    """Change one date."""
    perms.require(actor, "agenda.edit", event)
    event = _locked(event)
    _require_coming(event)
    _days(wanted, event.sheet)
    for name, value in _fields(wanted, wanted.day, event.sheet).items():
        setattr(event, name, value)
    _changed(event)
    audit.record(actor, "agenda.edit", event)
    return event


@transaction.atomic
def announce(event: PlaceEvent, *, actor: Actor) -> PlaceEvent:
    """Show a draft to everybody, with the other dates of its series."""
    perms.require(actor, "agenda.edit", event)
    event = _locked(event)
    _require_coming(event)
    for one in _with_series(event, EventState.DRAFT):
        one.state = EventState.PUBLISHED
        _changed(one)
    audit.record(actor, "agenda.announce", event)
    event.refresh_from_db()
    return event


@transaction.atomic
def cancel(event: PlaceEvent, reason: str, *, following: bool, actor: Actor) -> PlaceEvent:
    """Cancel a date, or it and all that follow; it stays on the page with the reason.

    Raises:
        Refusal: no reason, or it is over.
    """
    perms.require(actor, "agenda.edit", event)
    event = _locked(event)
    _require_coming(event)
    if not reason.strip():
        raise Refusal("Dites pourquoi : les personnes le liront.", field="reason", code="reason")
    dates = _with_series(event, *STANDING) if following else [event]
    for one in dates:
        one.state, one.reason = EventState.CANCELLED, reason.strip()
        _changed(one)
    audit.record(actor, "agenda.cancel", event, dates=len(dates))
    event.refresh_from_db()
    return event


def _days(wanted: Wanted, sheet: Sheet) -> list[date]:
    if not 0 <= wanted.start_minute < wanted.end_minute <= 2 * 1440:
        raise Refusal("L’heure de fin est après l’heure de début.", field="end", code="hours")
    if wanted.day < clock.today(sheet.zone):
        raise Refusal("Choisissez un jour à venir.", field="day", code="past")
    last = wanted.weekly_until or wanted.day
    if last < wanted.day or last > wanted.day + timedelta(weeks=MOST_WEEKS):
        raise Refusal(
            "La dernière semaine suit la première, d’un an au plus.",
            field="weekly_until",
            code="weeks",
        )
    weeks = (last - wanted.day).days // 7
    return [wanted.day + timedelta(weeks=week) for week in range(weeks + 1)]


def _fields(wanted: Wanted, day: date, sheet: Sheet) -> dict[str, object]:
    return {
        "kind": wanted.kind,
        "title": wanted.title.strip(),
        "text": wanted.text.strip(),
        "starts_at": _instant(day, wanted.start_minute, sheet),
        "ends_at": _instant(day, wanted.end_minute, sheet),
        "seats": wanted.seats,
        "how_to_come": wanted.how_to_come.strip(),
    }


def _instant(day: date, minute: int, sheet: Sheet) -> datetime:
    return local_instant(day, minute, sheet.zone)


def _with_series(event: PlaceEvent, *states: EventState) -> list[PlaceEvent]:
    """The date and those after it, in these states."""
    if event.series is None:
        return [event]
    rows = PlaceEvent.objects.select_for_update().filter(series=event.series, state__in=states)
    return list(rows.filter(starts_at__gte=event.starts_at).order_by("starts_at"))


def _require_coming(event: PlaceEvent) -> None:
    if event.state == EventState.CANCELLED or event.ends_at <= clock.now():
        raise Refusal("Ce rendez-vous est passé ou annulé.", code="over")


def _changed(event: PlaceEvent) -> None:
    event.changed_at, event.version = clock.now(), event.version + 1
    event.save()


def _locked(event: PlaceEvent) -> PlaceEvent:
    rows = PlaceEvent.objects.select_for_update(of=("self",)).select_related("sheet__commune")
    return rows.get(pk=event.pk)
