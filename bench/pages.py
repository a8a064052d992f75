"""Server time, statements and bytes of the pages people wait for, on the demonstration's data.

In one process, without network or template warm-up: what the code and the database cost.
"""

from __future__ import annotations

import gzip
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from preau.accounts.middleware import ACTING_MEMBERSHIP
from preau.accounts.models import Membership, User
from preau.booking.enums import Frequency
from preau.booking.models import Booking
from preau.core import clock
from preau.places.models import Place, Space

RUNS = 200
SEED = 38


def main() -> None:
    settings.ALLOWED_HOSTS = ["*"]
    draw = random.Random(SEED)  # noqa: S311  a repeatable draw, no secret
    anonymous, agent, occupant = Client(), _signed_in("denis.faure"), _signed_in("amina.perrin")
    _measure("search.window", anonymous, _windows(draw))
    _measure("search.evenings", anonymous, _evenings(draw))
    _measure("search.any_time", anonymous, _anywhere(draw))
    _measure("space.page", anonymous, _spaces(draw))
    _measure("booking.start", anonymous, _slots(draw))
    _measure("booking.page", occupant, _bookings(occupant))
    _measure("planning.week", agent, _plannings(draw))
    _measure("desk.today", agent, _always(reverse("desk:today")))
    _measure("desk.requests", agent, _always(reverse("desk:requests")))
    _measure("series.preview", occupant, _series(draw))
    _measure("search.price_for_me", occupant, _priced(draw))
    _measure("stats", anonymous, _always(reverse("stats:public")))


def _signed_in(name: str) -> Client:
    user = User.objects.get(email=f"{name}@demo.example")
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    membership = Membership.objects.filter(user=user, ended_at=None).order_by("pk").first()
    session = client.session
    session[ACTING_MEMBERSHIP] = membership.pk if membership else None
    session.save()
    return client


def _measure(name: str, client: Client, urls: Callable[[], str]) -> None:
    for _ in range(5):
        client.get(urls())
    spent, statements, sizes = [], [], []
    for _ in range(RUNS):
        url = urls()
        with CaptureQueriesContext(connection) as queries:
            start = time.perf_counter()
            answer: Any = client.get(url)
            spent.append((time.perf_counter() - start) * 1000)
        if answer.status_code != 200:
            sys.stdout.write(f"# {name}: {url} answered {answer.status_code}\n")
        statements.append(len(queries))
        sizes.append(len(gzip.compress(answer.content)))
    cuts = statistics.quantiles(spent, n=100)
    for figure, value, unit in (
        ("p50", round(cuts[49], 1), "ms"),
        ("p95", round(cuts[94], 1), "ms"),
        ("statements.most", max(statements), "queries"),
        ("html.most", max(sizes), "bytes"),
    ):
        sys.stdout.write(f"bench pages.{name}.{figure} {value} {unit}\n")


def _always(url: str) -> Callable[[], str]:
    return lambda: url


def _commune(draw: random.Random) -> str:
    return draw.choice(["Grenoble", "38400", "Voiron", "Vienne", "Bourgoin-Jallieu", "Meylan"])


def _day(draw: random.Random) -> str:
    return (clock.now() + timedelta(days=draw.randint(3, 60))).date().isoformat()


def _search(draw: random.Random, rest: Callable[[], str]) -> Callable[[], str]:
    base = reverse("find:search")
    return lambda: f"{base}?ou={_commune(draw)}&{rest()}"


def _windows(draw: random.Random) -> Callable[[], str]:
    return _search(
        draw,
        lambda: f"jour={_day(draw)}&debut=18:00&fin=20:00&personnes={draw.choice([10, 30, 80])}",
    )


def _evenings(draw: random.Random) -> Callable[[], str]:
    hours = "debut=18:00&fin=22:00&duree=120"
    return _search(draw, lambda: f"jours=mardi&jours=jeudi&{hours}&personnes=20")


def _anywhere(draw: random.Random) -> Callable[[], str]:
    return _search(draw, lambda: f"personnes={draw.choice([5, 30])}")


def _spaces(draw: random.Random) -> Callable[[], str]:
    spaces = list(Space.objects.filter(publication="publie").select_related("place"))

    def url() -> str:
        space = draw.choice(spaces)
        return reverse("find:space", args=[space.place.slug, space.slug])

    return url


def _slots(draw: random.Random) -> Callable[[], str]:
    spaces = list(Space.objects.filter(publication="publie"))

    def url() -> str:
        day = _day(draw)
        base = reverse("booking:start", args=[draw.choice(spaces).pk])
        return f"{base}?debut={day}T18:00&fin={day}T20:00"

    return url


def _series(draw: random.Random) -> Callable[[], str]:
    """Thirty weeks of one evening: every date against what is taken."""
    spaces = list(Space.objects.filter(publication="publie"))

    def url() -> str:
        first = clock.now().date() + timedelta(days=draw.randint(3, 60))
        last = first + timedelta(weeks=30)
        base = reverse("booking:series_start", args=[draw.choice(spaces).pk])
        rhythm = f"rythme={Frequency.WEEKLY.value}&premier={first}&jusquau={last}"
        return f"{base}?{rhythm}&de=18:00&a=20:00&sauf_vacances=on&sauf_feries=on"

    return url


def _priced(draw: random.Random) -> Callable[[], str]:
    """With a ceiling on the price, computed for whoever looks."""
    hours = "debut=18:00&fin=20:00&personnes=20&prix=50"
    return _search(draw, lambda: f"jour={_day(draw)}&{hours}")


def _bookings(client: Client) -> Callable[[], str]:
    user_id = client.session["_auth_user_id"]
    found = Booking.objects.filter(requester_id=user_id).exclude(state="retenue")[:50]
    turn: Iterator[str] = iter(())
    urls = [reverse("booking:page", args=[booking.reference]) for booking in found]

    def url() -> str:
        nonlocal turn
        try:
            return next(turn)
        except StopIteration:
            turn = iter(urls)
            return next(turn)

    return url


def _plannings(draw: random.Random) -> Callable[[], str]:
    places = list(Place.objects.filter(owner__name="Mairie de Grenoble"))
    weeks = range(-4, 20)

    def url() -> str:
        day = clock.now().date() + timedelta(weeks=draw.choice(weeks))
        year, week, _ = day.isocalendar()
        base = reverse("desk:planning", args=[draw.choice(places).pk])
        return f"{base}?semaine={year}-W{week:02d}"

    return url
