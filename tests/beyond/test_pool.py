"""Pages through PgBouncer in transaction mode: nothing may live on the server between two
transactions, and more people than servers wait their turn without being mixed up."""

import re
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from ops import processes
from preau.accounts.actors import Actor
from preau.booking.actions.holds import hold
from preau.booking.actions.requests import submit
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.core import clock
from preau.core.errors import Refusal
from preau.notifications.models import Email, EmailState
from preau.places.models import Space
from tests.accounts.factories import UserFactory, sign_in
from tests.beyond.conftest import running
from tests.beyond.servers import POOL
from tests.booking.factories import bookable_space, details, evening
from tests.concurrency.race import race
from tests.concurrency.test_over_http import TYPED, form_for
from tests.crash import faults
from tests.crash.browser import Browser

pytestmark = [pytest.mark.beyond, pytest.mark.django_db(transaction=True)]
CLIENTS = 16
ROUNDS = 4
#: What PgBouncer knows of each client and puts back whenever it lends a server.
FOLLOWED = {"TimeZone", "client_encoding", "DateStyle", "standard_conforming_strings"}
FOLLOWED |= {"application_name"}
#: What would be left on a server by somebody who kept something from one transaction to the next.
LEFT = {
    "settings": "SELECT name FROM pg_settings WHERE source = 'session'",
    "statements": "SELECT name FROM pg_prepared_statements",
    "cursors": "SELECT name FROM pg_cursors WHERE is_holdable",
    "channels": "SELECT pg_listening_channels()",
    "locks": "SELECT objid::text FROM pg_locks WHERE locktype = 'advisory'"
    " AND pid = pg_backend_pid()",
    "tables": "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()",
}


def left_on_servers(pool):
    """What each server of the pool still holds: all are borrowed at once to be looked at."""
    with ExitStack() as all_at_once:
        loans = [
            all_at_once.enter_context(psycopg.connect(pool.url, prepare_threshold=None))
            for _ in range(POOL)
        ]
        pids = {loan.execute("SELECT pg_backend_pid()").fetchone()[0] for loan in loans}
        assert len(pids) == POOL
        return [
            {what: {name for (name,) in loan.execute(words)} for what, words in LEFT.items()}
            for loan in loans
        ]


def assert_nothing_is_left(pool):
    for server in left_on_servers(pool):
        assert server.pop("settings") <= FOLLOWED
        assert not any(server.values()), server


def book(space, user, period):
    """Hold and send, as two requests of one person do: two transactions, on any two servers."""
    actor = Actor(user)
    one = hold(space, period, actor=actor, visitor_key=f"user:{user.pk}")
    return submit(one, details(), actor=actor)


def test_nobody_is_booked_twice(through_pool):
    """Five times more people than servers, all on one slot; then on a slot each."""
    space = bookable_space()
    users = [UserFactory() for _ in range(CLIENTS)]
    name = connection.settings_dict["NAME"]
    before = through_pool.transactions(name)
    slots = [evening(space, days=10 + number) for number in range(ROUNDS)]
    runners = [lambda number, user=user: book(space, user, slots[number]) for user in users]
    for outcome in race(runners, rounds=ROUNDS):
        strange = [one for one in outcome.errors if not isinstance(one, Refusal)]
        assert not strange, strange[:3]
        assert len([one for one in outcome.results if one]) == 1
    own = [evening(space, days=40 + number) for number in range(CLIENTS)]
    [outcome] = race(
        [lambda _, n=n, user=user: book(space, user, own[n]) for n, user in enumerate(users)]
    )
    assert not outcome.errors, outcome.errors[:3]
    states = Counter(Booking.objects.values_list("state", flat=True))
    assert states == {BookingState.REQUESTED: ROUNDS + CLIENTS}
    assert faults.orphans() == []
    assert through_pool.transactions(name) - before > CLIENTS * ROUNDS
    assert_nothing_is_left(through_pool)


def test_a_search_leaves_nothing_behind(through_pool, client):
    """Whatever it sets for the planner, or prepares, is its own."""
    space = bookable_space()
    first = clock.today(space.place.zone) + timedelta(days=7)
    days = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    asked = {
        "ou": space.place.commune.name,
        "rythme": "semaine",
        "jour": days[first.weekday()],
        "premier": first.isoformat(),
        "jusquau": (first + timedelta(weeks=4)).isoformat(),
        "de": "18:00",
        "a": "20:00",
    }
    page = client.get(reverse("find:series"), asked)
    assert [card.space for card in page.context["cards"]] == [space]
    page = client.get(reverse("find:search"), {"ou": space.place.commune.name})
    assert space.name in page.content.decode()
    assert_nothing_is_left(through_pool)


def test_a_long_list_is_read_whole_whatever_servers_it_is_lent(through_pool):
    """A cursor kept on one server would be looked for on another."""
    spaces = {bookable_space().pk for _ in range(5)}
    rows = Space.objects.iterator(chunk_size=2)
    seen = {next(rows).pk}
    with psycopg.connect(through_pool.url, prepare_threshold=None) as somebody_else:
        somebody_else.execute("SELECT 1")  # borrows the server that was last given back
        seen |= {one.pk for one in rows}
    assert seen == spaces


def test_each_keeps_their_time_zone(through_pool):
    with psycopg.connect(
        through_pool.url, autocommit=True, prepare_threshold=None
    ) as somebody_else:
        for _ in range(2 * POOL):
            somebody_else.execute("SET TIME ZONE 'Indian/Reunion'")
            with connection.cursor() as cursor:
                cursor.execute("SHOW TimeZone")
                assert cursor.fetchone() == ("UTC",)


def test_pages_go_through_the_pool_and_workers_around_it(
    primary, pool, free_ports, tmp_path, transactional_db
):
    """One environment for both: the web process borrows, the worker listens on its own."""
    space = bookable_space()
    users = [UserFactory() for _ in range(CLIENTS)]
    cookies = [sign_in(Client(), user).cookies["sessionid"].value for user in users]
    name = connection.settings_dict["NAME"]
    before = pool.transactions(name)
    both = {"DATABASE_URL": primary.url, "PREAU_POOL_URL": pool.url}
    with running(tmp_path, web=free_ports[:1], workers=1, **both) as [address], ExitStack() as end:
        browsers = [
            end.enter_context(
                Browser(address, cookie=cookie, headers={"X-Forwarded-For": f"192.0.2.{n}"})
            )
            for n, cookie in enumerate(cookies)
        ]
        forms = [form_for(browser, space, evening(space)) for browser in browsers]
        [outcome] = race(
            [
                lambda _, browser=browser, page=page, form=form: (browser, browser.send(page, form))
                for browser, (page, form) in zip(browsers, forms, strict=True)
            ]
        )
        assert not outcome.errors, outcome.errors[:3]
        assert {page.status for _, page in outcome.results} == {200}
        [(browser, page)] = [one for one in outcome.results if "/en-cours/" in one[1].path]
        page = browser.send(page, page.form("purpose"), **TYPED)
        page = browser.send(page, page.form("rules", button="Envoyer la demande"), rules="on")
        assert page.says("Votre demande est envoyée"), page.words
        sent = Email.objects.filter(state=EmailState.SENT)
        assert processes.wait_until(sent.exists, 30), (tmp_path / "worker-0.log").read_text()
        listening = primary.pids("query LIKE 'LISTEN%'")
        lent = {int(row["remote_pid"]) for row in pool.ask("SHOW SERVERS")}
        assert listening
        assert not listening & lent
        assert len(lent) <= POOL
    assert pool.transactions(name) - before > CLIENTS
    assert Booking.objects.count() == 1
    assert_nothing_is_left(pool)


def test_no_statement_outlives_its_transaction():
    """What transaction mode cannot carry is written nowhere."""
    forbidden = re.compile(
        r"pg_(?:try_)?advisory_lock|SET SESSION|\bLISTEN |\bPREPARE |prepare=True"
        r"|CREATE TEMP TABLE(?!.*ON COMMIT DROP)"
    )
    lines = [
        f"{path.relative_to(settings.BASE_DIR)}: {words[0]}"
        for path in Path(settings.BASE_DIR, "preau").rglob("*.py")
        for words in forbidden.finditer(path.read_text())
    ]
    assert not lines
