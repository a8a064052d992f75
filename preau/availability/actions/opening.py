"""Changing when spaces are open. No change of hours ever cancels a booking: it lists them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.availability.index import index_space
from preau.availability.models import (
    LocalSchoolHoliday,
    OpeningCalendar,
    OpeningException,
    OpeningRule,
    SpaceCalendar,
)
from preau.availability.opening import RuleData
from preau.availability.opening_index import rebuild_opening
from preau.core import audit
from preau.core.errors import Refusal
from preau.places.models import Place, Space


@transaction.atomic
def create_calendar(
    place: Place, name: str, rules: Sequence[RuleData], *, actor: Actor
) -> OpeningCalendar:
    """Opening hours of a place, to be followed by one or several of its spaces."""
    calendar = OpeningCalendar.objects.create(
        organization_id=place.owner_id, place=place, name=name
    )
    _replace_rules(calendar, rules)
    rebuild_opening(calendar)
    audit.record(actor, "opening.created", calendar)
    return calendar


@transaction.atomic
def set_rules(calendar: OpeningCalendar, rules: Sequence[RuleData], *, actor: Actor) -> None:
    """Replace all the rules. Bookings now outside the hours stay: see `queries.outside_hours`."""
    calendar.version = _lock(calendar).version + 1
    calendar.save(update_fields=["version"])
    _replace_rules(calendar, rules)
    rebuild_opening(calendar)
    audit.record(actor, "opening.changed", calendar, rules=len(rules))


@transaction.atomic
def follow(space: Space, calendar: OpeningCalendar, *, actor: Actor) -> None:
    """Make a space follow these hours.

    Raises:
        Refusal: the hours belong to another place.
    """
    if calendar.place_id != space.place_id:
        raise Refusal("Ces horaires sont ceux d’un autre lieu.")
    SpaceCalendar.objects.update_or_create(space=space, defaults={"calendar": calendar})
    index_space(space)
    audit.record(actor, "opening.followed", space, calendar=calendar.pk)


@transaction.atomic
def add_exception(
    calendar: OpeningCalendar, exception: OpeningException, *, actor: Actor
) -> OpeningException:
    """Open or close on given days, whatever the rules say."""
    _lock(calendar)
    exception.calendar = calendar
    exception.full_clean(exclude=["calendar"])
    exception.save()
    rebuild_opening(calendar, exception.first_day)
    audit.record(actor, "opening.exception_added", calendar, effect=exception.effect)
    return exception


@transaction.atomic
def remove_exception(exception: OpeningException, *, actor: Actor) -> None:
    calendar = _lock(exception.calendar)
    first_day = exception.first_day
    exception.delete()
    rebuild_opening(calendar, first_day)
    audit.record(actor, "opening.exception_removed", calendar)


@transaction.atomic
def add_school_holiday(
    organization: Organization, name: str, first_day: date, last_day: date, *, actor: Actor
) -> LocalSchoolHoliday:
    """Enter school holidays that no official calendar publishes; all the owner's hours follow."""
    holiday = LocalSchoolHoliday(
        organization=organization, name=name, first_day=first_day, last_day=last_day
    )
    holiday.full_clean()
    holiday.save()
    _rebuild_all(organization, first_day)
    audit.record(actor, "opening.school_holiday_added", organization)
    return holiday


@transaction.atomic
def remove_school_holiday(holiday: LocalSchoolHoliday, *, actor: Actor) -> None:
    organization, first_day = holiday.organization, holiday.first_day
    holiday.delete()
    _rebuild_all(organization, first_day)
    audit.record(actor, "opening.school_holiday_removed", organization)


def _rebuild_all(organization: Organization, first: date) -> None:
    for calendar in organization.opening_calendars.select_related("place").order_by("id"):
        rebuild_opening(_lock(calendar), first)


def _lock(calendar: OpeningCalendar) -> OpeningCalendar:
    return (
        OpeningCalendar.objects.select_for_update(of=("self",))
        .select_related("place__commune")
        .get(pk=calendar.pk)
    )


def _replace_rules(calendar: OpeningCalendar, rules: Sequence[RuleData]) -> None:
    calendar.rules.all().delete()
    OpeningRule.objects.bulk_create(
        [
            OpeningRule(
                calendar=calendar,
                position=position,
                effect=rule.effect,
                weekdays=sorted(set(rule.weekdays)),
                start_minute=rule.start_minute,
                end_minute=rule.end_minute,
                when=rule.when,
                not_on_public_holidays=rule.not_on_public_holidays,
                valid_from=rule.valid_from,
                valid_until=rule.valid_until,
            )
            for position, rule in enumerate(rules)
        ]
    )
