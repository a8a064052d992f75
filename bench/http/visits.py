"""What visitors ask of the site, drawn with a seed: the questions of bench/reads, as addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from bench.reads.questions import Asked, Crowd
from preau.accounts.models import Membership
from preau.booking.patterns import Pattern
from preau.core.formats import WEEKDAYS
from preau.find.forms import EQUIPMENT
from preau.places.models import Place

VISITOR, OCCUPANT, AGENT = "", "amina.perrin", "denis.faure"
LINE = 'class="find-line__title"'
SPACES_OF_A_PLACE = 12
#: Of each ten pages by price, so many are asked with these ceilings, in euros.
CEILINGS = (20, 50, 50, 100, 100, 100, 200, 200, 500, 500)


@dataclass(frozen=True)
class Page:
    """One kind of page.

    Attributes:
        mark: what stands once in its HTML for each thing shown, and how many there are at least.
        person: who asks, by the account that signs in.
    """

    name: str
    draw: Callable[[Crowd, int], Iterator[str]]
    mark: str
    least: int = 0
    person: str = VISITOR


def _around(asked: Asked) -> dict[str, str]:
    """Where and for how many: the commune as people write it, by its name or its postcode."""
    commune, filters = asked.criteria.commune, asked.filters
    names = {one: slug for slug, one in EQUIPMENT.items()}
    wanted = [slug for one, slug in names.items() if filters.equipment >> one & 1]
    return {
        "ou": commune.main_postcode or commune.name,
        "personnes": str(filters.people),
        **({"equipement": wanted[0]} if wanted else {}),
    }


def _windows(crowd: Crowd, count: int) -> Iterator[str]:
    for asked in crowd.windows(count):
        yield _search(_around(asked) | _hours(asked))


def _priced(crowd: Crowd, count: int) -> Iterator[str]:
    for number, asked in enumerate(crowd.windows(count)):
        ceiling = CEILINGS[number % len(CEILINGS)]
        yield _search(_around(asked) | _hours(asked) | {"prix": str(ceiling)})


def _evenings(crowd: Crowd, count: int) -> Iterator[str]:
    hours = {"debut": "18:00", "fin": "22:00", "duree": "120"}
    for asked in crowd.evenings(count):
        yield f"{_search(_around(asked) | hours)}&jours=mardi&jours=jeudi"


def _series(crowd: Crowd, count: int) -> Iterator[str]:
    for asked, pattern in crowd.rhythms(count):
        around = _around(asked) | _rhythm(pattern)
        around.pop("equipement", None)  # that form does not ask for any
        yield f"{reverse('find:series')}?{urlencode(around)}"


def _rhythm(pattern: Pattern) -> dict[str, str]:
    start, end = pattern.start_minute, pattern.start_minute + pattern.minutes
    return {
        "rayon": "15",
        "rythme": pattern.frequency.value,
        "jour": WEEKDAYS[pattern.first_day.weekday()],
        "premier": pattern.first_day.isoformat(),
        "jusquau": pattern.last_day.isoformat(),
        "de": f"{start // 60}:{start % 60:02d}",
        "a": f"{end // 60}:{end % 60:02d}",
        "sauf_vacances": "on",
        "sauf_feries": "on",
    }


def _spaces(crowd: Crowd, count: int) -> Iterator[str]:
    for space, day in crowd.spaces(count):
        page = reverse("find:space", args=[space.place.slug, space.slug])
        yield f"{page}?semaine={day.isoformat()}"


def _calendars(crowd: Crowd, count: int) -> Iterator[str]:
    """The months to come of a space, as the file that people's own calendars read."""
    for space, _ in crowd.spaces(count):
        yield reverse("find:space_feed", args=[space.place.slug, space.slug])


def _plannings(crowd: Crowd, count: int) -> Iterator[str]:
    """Weeks of the places of the agent's employer that have twelve spaces, or nearly."""
    employer = Membership.objects.get(user__email=f"{AGENT}@demo.example", ended_at=None)
    places = Place.objects.filter(owner=employer.organization_id)
    sized = places.alias(size=Count("spaces")).filter(size__lte=SPACES_OF_A_PLACE)
    biggest = list(sized.order_by("-size", "pk")[:10])
    for _ in range(count):
        day = crowd.today + timedelta(weeks=crowd.draw.randrange(-20, 20))
        year, week, _ = day.isocalendar()
        planning = reverse("desk:planning", args=[crowd.draw.choice(biggest).pk])
        yield f"{planning}?semaine={year}-W{week:02d}"


def _search(query: dict[str, str]) -> str:
    return f"{reverse('find:search')}?{urlencode(query)}"


def _hours(asked: Asked) -> dict[str, str]:
    period, zone = asked.criteria.period, asked.criteria.zone
    if period is None:
        raise ValueError("A search by window says when.")
    start, end = period.start.astimezone(zone), period.end.astimezone(zone)
    return {"jour": f"{start:%Y-%m-%d}", "debut": f"{start:%H:%M}", "fin": f"{end:%H:%M}"}


PAGES = (
    Page("search.window", _windows, LINE),
    Page("search.evenings", _evenings, LINE),
    Page("search.series", _series, 'class="find-card__title"'),
    Page("search.price", _priced, LINE, person=OCCUPANT),
    Page("space.week", _spaces, 'id="creneaux"', least=1),
    Page("calendar.file", _calendars, "BEGIN:VCALENDAR", least=1),
    Page("planning.week", _plannings, "pr-week", least=1, person=AGENT),
)
