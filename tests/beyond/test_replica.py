"""Searches on a streaming replica: late, they mislead nobody; down, nobody waits."""

import logging
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape

import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ops import processes
from preau.accounts.actors import Actor
from preau.availability import opening_index
from preau.booking.actions.holds import abandon, hold
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.core import databases
from preau.core.errors import Refusal
from preau.territories.models import Commune
from tests.find.factories import coming, free_space, hours
from tests.territories.factories import CommuneFactory

pytestmark = [
    pytest.mark.beyond,
    pytest.mark.usefixtures("search_database"),
    pytest.mark.django_db(transaction=True, databases=["default", "search"]),
]
TAKEN = "Ce créneau est déjà pris."
NOBODY = "postgresql://preau@/preau?host=/nowhere"


@pytest.fixture
def space(transactional_db, monkeypatch):
    monkeypatch.setattr(opening_index, "HORIZON", timedelta(days=90))
    CommuneFactory()
    return free_space(1.0, name="Salle du Lavoir")


@pytest.fixture
def replica(space, standby, search_elsewhere):
    """The standby, with all that was written, where searches read."""
    search_elsewhere(standby.url)
    standby.catch_up()
    yield standby
    standby.resume()  # whatever the test did: its tables are emptied next


@pytest.fixture
def logged(caplog):
    caplog.set_level(logging.INFO, databases.__name__)
    return lambda: [record.getMessage() for record in caplog.records]


def search(client, period):
    """Who answers, on the page of a search at these hours."""
    asked = {"ou": Commune.objects.get().name, "jour": period.start.date().isoformat()}
    answer = client.get(reverse("find:search"), asked | {"debut": "18:00", "fin": "20:00"})
    return [card.space for group in answer.context["groups"] for card in group.cards]


def series(client, period):
    day = period.start.date()
    names = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    asked = {"ou": Commune.objects.get().name, "rythme": "semaine", "jour": names[day.weekday()]}
    asked |= {"premier": day.isoformat(), "jusquau": (day + timedelta(weeks=2)).isoformat()}
    answer = client.get(reverse("find:series"), asked | {"de": "18:00", "a": "20:00"})
    return [card.words for card in answer.context["cards"]]


def take(space, period, key="somebody"):
    return hold(space, period, actor=Actor(), visitor_key=key)


def one(read_from):
    """The least one may ask of a database, and which it was."""
    with read_from.cursor() as cursor:
        cursor.execute("SELECT 1")
    return read_from.alias


def breaking(sqlstate):
    """A read that the replica breaks off for this reason."""

    def read(read_from):
        if read_from.alias == databases.REPLICA:
            with read_from.cursor() as cursor:
                cursor.execute(f"DO $$ BEGIN RAISE SQLSTATE '{sqlstate}'; END $$")
        return read_from.alias

    return read


def test_a_late_answer_leads_to_just_taken_and_to_nothing_worse(replica, space, client):
    period = hours(coming(10), 18, 20)
    replica.pause()
    take(space, period)
    assert search(client, period) == [space]  # late: it still proposes the slot
    assert series(client, period) == ["Libre à toutes les dates (3)"]
    address = reverse("booking:start", args=[space.pk])
    times = {"debut": period.start.isoformat(), "fin": period.end.isoformat()}
    for answer in (client.get(address, times), client.post(address, times)):
        assert TAKEN in unescape(answer.content.decode())
    with pytest.raises(Refusal) as refusal:
        take(space, period, "somebody else")
    assert refusal.value.code == "slot_taken"
    assert Booking.objects.count() == 1
    replica.resume()
    assert search(client, period) == []
    assert series(client, period) == ["2\xa0dates sur 3"]


def test_a_slot_given_back_is_proposed_late_and_may_be_had_at_once(replica, space, client):
    period = hours(coming(10), 18, 20)
    taken = take(space, period)
    replica.catch_up()
    replica.pause()
    abandon(taken, actor=Actor())
    assert search(client, period) == []
    assert take(space, period, "somebody else").state == BookingState.HELD


def test_searches_read_the_replica_and_what_decides_does_not(replica, space, client):
    period = hours(coming(10), 18, 20)
    with CaptureQueriesContext(connections["search"]) as there:
        search(client, period)
        series(client, period)
    assert any("availability_spaceindex" in query["sql"] for query in there.captured_queries)
    with CaptureQueriesContext(connections["search"]) as there:
        take(space, period)
        client.get(reverse("booking:start", args=[space.pk]))
        with transaction.atomic():
            assert databases.search(one) == "default"
    assert not there.captured_queries


def test_nothing_can_be_written_there(replica):
    with pytest.raises(Exception, match="read-only transaction"):
        Commune.objects.using("search").update(population=0)


def test_a_replica_that_is_down_is_asked_once(space, search_elsewhere, client, logged, monkeypatch):
    """The page comes from the primary, the log says so, the next searches do not try."""
    search_elsewhere(NOBODY)
    tried = []
    wrapper = type(connections["default"])
    real = wrapper.connect
    monkeypatch.setattr(wrapper, "connect", lambda self: tried.append(self.alias) or real(self))
    period = hours(coming(10), 18, 20)
    for _ in range(3):
        assert search(client, period) == [space]
    assert tried.count("search") == 1
    said = "The search replica failed (OperationalError): the primary answers for 30 s."
    assert logged().count(said) == 1


def test_a_replica_that_comes_back_is_used_again(replica, search_elsewhere, logged, monkeypatch):
    search_elsewhere(NOBODY)
    assert databases.search(one) == "default"
    search_elsewhere(replica.url)
    assert databases.search(one) == "default"
    late = databases.time.monotonic() + databases.PAUSE + 1
    monkeypatch.setattr(databases.time, "monotonic", lambda: late)
    assert databases.search(one) == "search"
    assert logged()[-1] == "The search replica answers again."


def test_a_replica_that_dies_in_the_middle(replica, space, client, logged):
    """The connection was open: the search finds it broken, and the page comes all the same."""
    assert databases.search(one) == "search"
    own = replica.ask("SELECT pid FROM pg_stat_activity WHERE usename = 'preau'")
    [(pid,)] = own
    replica.ask(f"SELECT pg_terminate_backend({pid})")
    assert search(client, hours(coming(10), 18, 20)) == [space]
    assert len(logged()) == 1


def test_a_replica_that_hangs_holds_nobody_long(replica, space, client, record_property):
    """It takes the connection and never answers: the limit on connecting cuts it."""
    os.kill(replica.child.process.pid, signal.SIGSTOP)
    try:
        connections["search"].close()
        before = databases.time.monotonic()
        assert search(client, hours(coming(10), 18, 20)) == [space]
        seconds = databases.time.monotonic() - before
        record_property("seconds", round(seconds, 1))
        assert seconds < 10
    finally:
        os.kill(replica.child.process.pid, signal.SIGCONT)


@pytest.mark.parametrize(
    ("sqlstate", "next_answer", "why"),
    [
        (databases.RECOVERY_CONFLICT, "search", "rows it needed were cleaned up: it is well"),
        ("42P01", "default", "a table that it has not received yet"),
        ("57014", "default", "the time a statement may take there is over"),
    ],
)
def test_a_search_broken_off_is_answered_by_the_primary(replica, sqlstate, next_answer, why):
    assert databases.search(breaking(sqlstate)) == "default"
    assert databases.search(one) == next_answer, why


def test_an_error_of_ours_is_not_blamed_on_the_replica(replica):
    with pytest.raises(ZeroDivisionError):
        databases.search(lambda read_from: 1 / 0)
    assert databases.search(one) == "search"


def test_a_real_conflict_is_what_we_take_it_for(replica, primary, logged):
    """A long read there, rows cleaned up here, and no patience: PostgreSQL breaks the read off."""
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"

    def read(read_from):
        if read_from.alias == databases.REPLICA:
            with read_from.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(30) FROM territories_commune")
        return read_from.alias

    def clean_up():
        assert processes.wait_until(lambda: replica.ask(sleeping) == [(1,)], 20)
        primary.ask("UPDATE territories_commune SET population = population + 1")
        primary.ask("VACUUM territories_commune")

    with ThreadPoolExecutor() as threads:
        cleaning = threads.submit(clean_up)
        assert databases.search(read) == "default"
        cleaning.result()
    assert logged() == ["The search replica dropped a search to keep up: the primary answers."]
    assert databases.search(one) == "search"
