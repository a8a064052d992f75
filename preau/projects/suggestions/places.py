"""Spaces with free hours near a project that fit what a blockage asks for."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse

from preau.availability.queries import search
from preau.availability.queries.search import Evenings, Filters, Found, Where
from preau.availability.queries.space import Slot, free_slots, timelines
from preau.core.formats import count, day, distance, hours
from preau.core.timeranges import local_instant
from preau.places.models import Space
from preau.places.queries import seats_of
from preau.projects import needs
from preau.projects.needs import PlaceNeed
from preau.projects.suggestions import weights as w
from preau.projects.suggestions.one import Need, Suggestion
from preau.resources.enums import HelpKind

#: How far ahead one looks for free hours.
WEEKS = 4
#: More than are shown, so that the best of the near ones are.
LOOKED_AT = 15
#: The dates named in a reason.
NAMED = 3


def suggestions(need: Need) -> list[Suggestion]:
    """The best free space of each of the nearest places; none when no place is asked for.

    A handful of statements, whatever is found.
    """
    asked, project = needs.read(need.blockage.need), need.project
    if asked is None or project.latitude is None or project.longitude is None:
        return []
    where = Where(project.latitude, project.longitude, float(asked.km))
    days = _days(asked, need.on)
    filters = Filters(people=asked.people, kinds=asked.kinds, equipment=asked.equipment)
    start, end = asked.hours
    wanted = Evenings(tuple(days), start, end, asked.minutes)
    found = search.evenings(where, wanted, filters, limit=LOOKED_AT).rows
    if not found:
        return []
    spaces = _spaces(found)
    dates = _free_dates(spaces, found, asked, days)
    made = [
        _suggestion(spaces[one.space_id], one, dates[one.space_id], asked, need)
        for one in found
        if dates.get(one.space_id)
    ]
    best: dict[int, Suggestion] = {}  # of each place: the thirds of a hall are one idea
    for one in sorted(made, key=lambda one: (-one.score, one.id)):
        best.setdefault(spaces[one.space_id or 0].place_id, one)
    return list(best.values())[: w.MOST_PLACES]


def _days(asked: PlaceNeed, on: date) -> list[date]:
    """The days of the coming weeks, from tomorrow, that the need names."""
    ahead = [on + timedelta(days=n) for n in range(1, 7 * WEEKS + 1)]
    return [one for one in ahead if asked.weekday in (None, one.weekday())]


def _spaces(found: list[Found]) -> dict[int, Space]:
    rows = Space.objects.filter(pk__in=[one.space_id for one in found])
    return {one.pk: one for one in rows.select_related("place__commune", "place__owner")}


def _free_dates(
    spaces: dict[int, Space], found: list[Found], asked: PlaceNeed, days: list[date]
) -> dict[int, list[Slot]]:
    """For each space, the first free slot of each day asked."""
    first, last = days[0] - timedelta(days=1), days[-1] + timedelta(days=2)
    lines = timelines(list(spaces.values()), first, last)
    quantities = {one.space_id: one.quantity for one in found}
    start, end = asked.hours
    free: dict[int, list[Slot]] = {}
    for pk, space in spaces.items():
        zone = space.place.zone
        slots = free_slots(
            space, days[0], days[-1], asked.minutes, quantity=quantities[pk], line=lines[pk]
        )
        by_day: dict[date, Slot] = {}
        for slot in slots:
            local_day = slot.start.astimezone(zone).date()
            if local_day in by_day or asked.weekday not in (None, local_day.weekday()):
                continue
            begins = local_instant(local_day, start, zone)
            ends = local_instant(local_day, end, zone)
            if begins <= slot.start and slot.end <= ends:
                by_day[local_day] = slot
        free[pk] = list(by_day.values())
    return free


def _suggestion(
    space: Space, found: Found, dates: list[Slot], asked: PlaceNeed, need: Need
) -> Suggestion:
    place, zone = space.place, space.place.zone
    seats = seats_of(space, found.quantity)
    asked_days = len(_days(asked, need.on))
    score = w.PLACE_FITS + w.PLACE_NEAR * max(0.0, 1 - found.km / asked.km)
    score += w.PLACE_OFTEN_FREE * len(dates) / asked_days
    score += w.PLACE_RIGHT_SIZE * min(1.0, 2 * asked.people / max(seats, 1))
    score += w.PLACE_ACCESSIBLE if space.is_accessible else 0
    return Suggestion(
        id=f"space:{space.pk}",
        kind=HelpKind.PLACE,
        title=f"{space.name}, {place.name} ({place.commune.name})"[:200],
        summary=f"Un espace libre à {distance(found.km)} de votre projet.",
        score=max(0, min(100, round(score))),
        reasons=tuple(_reasons(space, found, dates, asked, seats, asked_days, zone)),
        url=_address(space, need),
        contact=str(place.owner),
        space_id=space.pk,
        facts={
            "km": round(found.km, 1),
            "dates": [one.start.isoformat() for one in dates[:NAMED]],
            "minutes": asked.minutes,
            "people": asked.people,
            "capacity": seats,
        },
    )


def _reasons(
    space: Space,
    found: Found,
    dates: list[Slot],
    asked: PlaceNeed,
    seats: int,
    asked_days: int,
    zone: ZoneInfo,
) -> list[str]:
    near = f"Il est à {distance(found.km)} du projet, à {space.place.commune.name}."
    first = [
        f"{day(one.start.astimezone(zone), year=False)}, {hours(one.start, one.end, zone)}"
        for one in dates[:NAMED]
    ]
    times = f"{len(dates)} jours sur {asked_days}" if len(dates) > 1 else "un jour"
    free = f"Dans les {WEEKS} semaines qui viennent, il est libre {times} : {' ; '.join(first)}."
    room = f"Il accueille {count(seats, 'personne')} ; vous en attendez {asked.people}."
    said = [near, free, room]
    if asked.equipment_wanted:
        named = ", ".join(one.label.lower() for one in asked.equipment_wanted)
        said.append(f"Il a ce que vous demandez : {named}.")
    if space.is_accessible:
        said.append("Il est accessible aux personnes à mobilité réduite.")
    return said


def _address(space: Space, need: Need) -> str:
    """The page of the space, that keeps the project in mind; "" when there is none."""
    try:
        page = reverse("find:space", args=[space.place.slug, space.slug])
    except NoReverseMatch:  # the room above is not installed
        return ""
    return f"{page}?projet={need.project.key}"
