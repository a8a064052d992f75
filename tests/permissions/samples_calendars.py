"""A calendar that the town's place follows; the holder's own feed."""

from functools import cached_property

from preau.calendars.actions import personal
from tests.calendars.factories import followed


class CalendarsWorld:
    """Added to `samples.World`."""

    @cached_property
    def outside_calendar(self):
        return followed(self.space)

    @cached_property
    def personal_feed(self):
        return personal.give(self.people["holder"][0])


#: Arguments by the name of the argument.
CALENDARS_SAMPLES_BY_ARGUMENT = {
    "calendar_key": lambda world: world.outside_calendar.key,
    "feed_secret": lambda world: world.personal_feed.secret,
}
