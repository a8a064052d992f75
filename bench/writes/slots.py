"""Who books, and free slots drawn with a seed: rooms that confirm at once, days of the year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from bench.country import Country
from bench.figures import progress
from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.availability.queries.space import free_slots
from preau.booking.actions.steps import Details
from preau.core import clock
from preau.core.timeranges import Period
from preau.places.enums import ApprovalMode, Publication, UserCategory
from preau.places.models import Space

Slot = tuple[Space, Period]
#: How many days of one space are drawn: few, so that the bookings are all over the country.
EACH = 4
MARK = "bench-writes"
DETAILS = Details("Mesure des écritures", 1, False, "Camille Martin", "0476000000")


def key_of(number: int) -> str:
    """The key of a client's browser; what it begins with says whose the bookings are."""
    return f"{MARK}:{number}"


def people(count: int) -> list[Actor]:
    """So many people without an organisation."""
    found = User.objects.filter(is_active=True, memberships=None).order_by("pk")[:count]
    return [Actor(user) for user in found]


def rooms(country: Country) -> Iterator[Space]:
    """Spaces that anyone books at once, in a seeded order, all of them in the end."""
    shown = Space.objects.filter(
        approval=ApprovalMode.IMMEDIATE,
        is_pool=False,
        publication=Publication.PUBLISHED,
        place__publication=Publication.PUBLISHED,
        categories__contains=[UserCategory.RESIDENT],
    ).exclude(opening=None)
    numbers = list(shown.order_by("pk").values_list("pk", flat=True))
    country.draw.shuffle(numbers)
    whole = shown.select_related("place__commune", "place__owner", "root")
    for first in range(0, len(numbers), 100):
        found = whole.in_bulk(numbers[first : first + 100])
        yield from (found[pk] for pk in numbers[first : first + 100])


def free(country: Country, count: int) -> list[Slot]:
    """So many free slots, one a day and a hall at most, shuffled."""
    found: list[Slot] = []
    halls: set[int] = set()
    for space in rooms(country):
        if space.root_id_or_self in halls:
            continue
        halls.add(space.root_id_or_self)
        found += _some(country, space)
        progress("writes: free slots", min(len(found), count), count)
        if len(found) >= count:
            break
    country.draw.shuffle(found)
    return found[:count]


def _some(country: Country, space: Space) -> Iterator[Slot]:
    today = clock.today(space.place.zone)
    first = today + timedelta(days=country.draw.randrange(2, 150))
    minutes = min(max(120, space.min_minutes), space.max_minutes)
    days: dict[date, list[Period]] = defaultdict(list)
    for slot in free_slots(space, first, first + timedelta(days=21), minutes):
        days[slot.start.astimezone(space.place.zone).date()].append(slot.period)
    apart = [days[day] for day in sorted(days)][::3]  # the night of one touches no other
    for day in country.draw.sample(apart, min(EACH, len(apart))):
        yield space, country.draw.choice(day)


def rhythms(country: Country, count: int, weeks: int) -> list[list[Slot]]:
    """Spaces and hours that are free so many weeks in a row."""
    found: list[list[Slot]] = []
    for space in rooms(country):
        today = clock.today(space.place.zone)
        days = timedelta(weeks=weeks + 2)
        minutes = min(max(60, space.min_minutes), space.max_minutes)
        if space.horizon_days <= days.days:
            continue
        hours: dict[tuple[int, object], list[Period]] = defaultdict(list)
        for slot in free_slots(space, today + timedelta(days=7), today + days, minutes):
            wall = slot.start.astimezone(space.place.zone)
            hours[wall.weekday(), wall.time()].append(slot.period)
        whole = [one for one in hours.values() if len(one) >= weeks]
        if whole:
            found.append([(space, period) for period in country.draw.choice(whole)[:weeks]])
        progress("writes: free rhythms", len(found), count)
        if len(found) >= count:
            break
    return found
