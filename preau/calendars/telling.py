"""Telling those who run a place: an event on a booking, a calendar that is read no more."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from preau.booking.approvers import people_for
from preau.booking.enums import Approver
from preau.calendars.models import OutsideCalendar
from preau.calendars.topics import OUTSIDE
from preau.core import clock, formats
from preau.core.timeranges import Period
from preau.notifications.actions import notify


def tell_conflicts(calendar: OutsideCalendar, periods: Sequence[Period]) -> None:
    earliest = min(periods)
    first = formats.slot(earliest.start, earliest.end, calendar.place.zone)
    others = f" et {len(periods) - 1} autres" if len(periods) > 2 else ""
    others = " et un autre" if len(periods) == 2 else others
    notify(
        people_for(Approver.ANY, calendar.place),
        topic=OUTSIDE.key,
        title=f"Agenda « {calendar.name} » : {formats.count(len(periods), 'événement')} en conflit",
        cause=f"calendar:{calendar.pk}:conflicts:{clock.now():%Y%m%d%H%M}",
        body=f"{calendar.space.name} est déjà pris : {first}{others}. Rien n’a été annulé.",
        url=reverse("calendars:show", args=[calendar.key]),
    )


def tell_left_aside(calendar: OutsideCalendar, count: int) -> None:
    """Events whose dates are not understood: they take no time, whoever runs the place does it."""
    notify(
        people_for(Approver.ANY, calendar.place),
        topic=OUTSIDE.key,
        title=f"Agenda « {calendar.name} » : "
        + formats.count(count, "événement non repris", "événements non repris"),
        cause=f"calendar:{calendar.pk}:left_aside:{clock.now():%Y%m%d%H%M}",
        body="Leurs dates ne sont pas comprises : leurs créneaux restent réservables. Bloquez-les "
        "à la main s’ils occupent l’espace.",
        url=reverse("calendars:show", args=[calendar.key]),
    )


def tell_problem(calendar: OutsideCalendar) -> None:
    notify(
        people_for(Approver.ANY, calendar.place),
        topic=OUTSIDE.key,
        title=f"L’agenda « {calendar.name} » n’est plus repris",
        cause=f"calendar:{calendar.pk}:problem:{calendar.told_at or calendar.tried_at:%Y%m%d%H%M}",
        body=f"{calendar.get_problem_display()} Ses créneaux déjà bloqués le restent.",
        url=reverse("calendars:show", args=[calendar.key]),
    )
