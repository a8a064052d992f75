"""Seeded questions that follow the population: who lives in a big town asks more often."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from django.db.models import Count

from preau.accounts.models import Organization, User
from preau.availability.queries.search import Evenings, Filters, Where
from preau.booking.enums import Frequency
from preau.booking.patterns import Pattern
from preau.core.timeranges import Period, local_instant
from preau.find.criteria import Criteria
from preau.find.prices import PriceWanted
from preau.find.queries import VISITOR
from preau.places.enums import Equipment, PlaceKind, Publication, SpaceKind
from preau.places.models import Place, Space
from preau.pricing.payers import Payer, payer_for
from preau.territories.models import Commune

#: What people ask for in a hall.
USUAL = (Equipment.WIFI, Equipment.TABLES, Equipment.CHAIRS, Equipment.SCREEN, Equipment.SOUND)
THURSDAY, TUESDAY = 3, 1
KM, PEOPLE = 15.0, 30
EVENING = (18 * 60, 20 * 60)


def moment(today: date) -> datetime:
    """When everything is asked: nine in the morning of the country's day."""
    return datetime.combine(today, time(8), UTC)


@dataclass(frozen=True)
class Asked:
    """One person's search, and who they are where prices are concerned."""

    criteria: Criteria
    payer: Payer

    @property
    def where(self) -> Where:
        return self.criteria.where

    @property
    def filters(self) -> Filters:
        return self.criteria.filters


class Crowd:
    """People drawn with a seed: where they are, who they are, what they ask."""

    def __init__(self, seed: str, today: date) -> None:
        self.draw = random.Random(seed)  # noqa: S311  a repeatable draw, no secret
        self.today = today
        self._communes = list(Commune.objects.filter(active=True).order_by("code"))
        self._weights = list(accumulate(one.population for one in self._communes))
        self._payers = _payers()

    def windows(self, count: int) -> Iterator[Asked]:
        """A Thursday from 18 to 20 within 15 km, for thirty, with something in it."""
        for _ in range(count):
            commune = self._commune()
            day = self._next(THURSDAY) + timedelta(weeks=self.draw.randrange(12))
            period = _on(day, commune)
            yield self._asked(commune, self._filters(), period, None, None)

    def priced(self, count: int) -> Iterator[Asked]:
        """The same at a price, for somebody in particular."""
        for one in self.windows(count):
            criteria = one.criteria
            price = PriceWanted(most_cents=self.draw.choice([0, 2_000, 5_000, 10_000]))
            yield self._asked(
                criteria.commune, criteria.filters, criteria.period, None, price, criteria.where
            )

    def evenings(self, count: int) -> Iterator[Asked]:
        """Two hours on any Tuesday or Thursday evening of the next four weeks."""
        days = [self.today + timedelta(days=n) for n in range(1, 29)]
        asked = Evenings(
            days=tuple(day for day in days if day.weekday() in {TUESDAY, THURSDAY}),
            start_minute=18 * 60,
            end_minute=22 * 60,
            minutes=120,
        )
        for _ in range(count):
            yield self._asked(self._commune(), self._filters(), None, asked, None)

    def rhythms(self, count: int) -> Iterator[tuple[Asked, Pattern]]:
        """One evening a week, thirty-six times, holidays left out."""
        for _ in range(count):
            first = self._next(self.draw.randrange(5))
            pattern = Pattern(
                frequency=Frequency.WEEKLY,
                first_day=first,
                last_day=first + timedelta(weeks=35),
                start_minute=EVENING[0],
                minutes=EVENING[1] - EVENING[0],
                skips_school_holidays=True,
                skips_public_holidays=True,
            )
            yield self._asked(self._commune(), self._filters(), None, None, None), pattern

    def odd_windows(self, count: int) -> Iterator[Asked]:
        """Any hours of any day of the year, change-over days often; any description."""
        for _ in range(count):
            commune = self._commune()
            zone = ZoneInfo(commune.time_zone)
            first, last = self.draw.choice([(0, 96), (32, 80), (32, 80)])
            minute = self.draw.randrange(first, last) * 15
            start = local_instant(self._odd_day(), minute, zone)
            length = timedelta(minutes=self.draw.choice([15, 60, 120, 120, 180, 360, 720]))
            period = Period(start, start + length)
            yield self._asked(commune, self._odd_filters(), period, None, None)

    def odd_evenings(self, count: int) -> Iterator[Asked]:
        """Some days, some hours, some length."""
        for _ in range(count):
            first, minutes = self._odd_day(), self.draw.choice([15, 60, 75, 120, 240])
            start = self.draw.randrange(0, 1440 - 300, 15)
            asked = Evenings(
                days=tuple(first + timedelta(days=n) for n in self.draw.sample(range(12), 4)),
                start_minute=start,
                end_minute=start + self.draw.randrange(minutes, 301, 15),
                minutes=minutes,
            )
            yield self._asked(self._commune(), self._odd_filters(), None, asked, None)

    def spaces(self, count: int) -> Iterator[tuple[Space, date]]:
        """A published space, and a day of the next half-year."""
        shown = Space.objects.filter(
            publication=Publication.PUBLISHED, place__publication=Publication.PUBLISHED
        ).exclude(opening=None)
        numbers = list(shown.order_by("pk").values_list("pk", flat=True))
        chosen = [self.draw.choice(numbers) for _ in range(count)]
        found = shown.select_related("place__commune", "place__owner", "root").in_bulk(chosen)
        for pk in chosen:
            yield found[pk], self.today + timedelta(days=self.draw.randrange(180))

    def plannings(self, count: int, size: int) -> Iterator[tuple[Place, date]]:
        """A place of so many spaces (the biggest below, where none has), and a Monday."""
        places = Place.objects.alias(size=Count("spaces")).order_by("-size", "pk")
        numbers = list(places.filter(size=size).values_list("pk", flat=True)[:200])
        numbers = numbers or list(places.filter(size__lt=size).values_list("pk", flat=True)[:1])
        found = Place.objects.select_related("owner", "commune").in_bulk(numbers)
        monday = self.today - timedelta(days=self.today.weekday())
        for _ in range(count):
            yield (
                found[self.draw.choice(numbers)],
                monday + timedelta(weeks=self.draw.randrange(-20, 20)),
            )

    def _commune(self) -> Commune:
        return self._communes[bisect(self._weights, self.draw.randrange(self._weights[-1]))]

    def _next(self, weekday: int) -> date:
        tomorrow = self.today + timedelta(days=1)
        return tomorrow + timedelta(days=(weekday - tomorrow.weekday()) % 7)

    def _filters(self) -> Filters:
        return Filters(people=PEOPLE, equipment=1 << self.draw.choice(USUAL))

    def _odd_day(self) -> date:
        last_sundays = [
            one - timedelta(days=(one.weekday() + 1) % 7)
            for year in (self.today.year, self.today.year + 1)
            for one in (date(year, 3, 31), date(year, 10, 31))
        ]
        coming = [one for one in last_sundays if 0 < (one - self.today).days < 360]
        if self.draw.random() < 0.3:
            return self.draw.choice(coming)
        return self.today + timedelta(days=self.draw.randrange(self.draw.choice([60, 360])))

    def _odd_filters(self) -> Filters:
        draw = self.draw
        return Filters(
            people=draw.choice([1, 1, 10, 30, 80]),
            kinds=tuple(draw.sample(SpaceKind.values, 4)) if draw.random() < 0.15 else (),
            place_kinds=tuple(draw.sample(PlaceKind.values, 4)) if draw.random() < 0.15 else (),
            equipment=draw.choice([0, 0, 1 << draw.choice(USUAL), 0b1100_0000]),
            accessible=draw.random() < 0.3,
            quantity=draw.choice([1, 1, 1, 1, 2, 3]),
        )

    def _asked(
        self,
        commune: Commune,
        filters: Filters,
        period: Period | None,
        evenings: Evenings | None,
        price: PriceWanted | None,
        where: Where | None = None,
    ) -> Asked:
        latitude, longitude = commune.centre
        near = where or Where(
            latitude + self.draw.uniform(-0.02, 0.02),
            longitude + self.draw.uniform(-0.02, 0.02),
            KM,
        )
        criteria = Criteria(near, commune, False, "", filters, period, evenings, None, price)
        return Asked(criteria, self.draw.choice(self._payers))


def _on(day: date, commune: Commune) -> Period:
    zone = ZoneInfo(commune.time_zone)
    return Period(local_instant(day, EVENING[0], zone), local_instant(day, EVENING[1], zone))


def _payers() -> list[Payer]:
    """Visitors, people and organisations: each sees prices of their own."""
    people = User.objects.select_related("commune").order_by("pk")[:50]
    bodies = Organization.objects.select_related("commune").order_by("pk")[:50]
    known = [*(payer_for(one, None) for one in people), *(payer_for(None, one) for one in bodies)]
    return [VISITOR] * max(len(known), 1) + known
