"""Spaces with hours, ready to be booked."""

from datetime import date

from preau.accounts.actors import SYSTEM
from preau.availability.actions.opening import create_calendar, follow
from preau.availability.opening import RuleData
from preau.availability.opening_index import open_days

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
ALWAYS_OPEN = [RuleData(weekdays=EVERY_DAY, start_minute=0, end_minute=1440)]


def open_space(space, rules=None):
    """Give a space its hours (always open unless told otherwise); its parts follow them too."""
    calendar = create_calendar(space.place, "Horaires", rules or ALWAYS_OPEN, actor=SYSTEM)
    for one in [space, *space.parts.order_by("pk")]:
        follow(one, calendar, actor=SYSTEM)
    return calendar


def days_written(calendar):
    """Day → open quarters, as search knows them."""
    return open_days([calendar.pk], date(1900, 1, 1), date(2200, 1, 1)).get(calendar.pk, {})
