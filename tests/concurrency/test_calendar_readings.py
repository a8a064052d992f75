"""Two readings of one outside calendar at once: the later version is the one that stays."""

import threading

import pytest
from django.db import connection

from preau.availability.models import Occupancy
from preau.calendars.actions import reading
from preau.core import clock
from preau.integrations.ics import Feed
from tests.calendars.factories import event, followed, written
from tests.calendars.test_reading import NOW, at

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def test_a_reading_waits_for_the_one_in_progress(monkeypatch):
    """The first has the old version in hand when the second begins."""
    calendar = followed()
    versions = iter([written(event("a", *at(2))), written(event("b", *at(5)))])
    second = threading.Thread(target=read, args=[calendar.pk])
    asked = []

    def fetched(*_):
        text = next(versions)
        asked.append(text)
        if len(asked) == 1:
            second.start()
            while second.is_alive() and len(asked) == 1 and not somebody_waits():
                second.join(0.01)
        return Feed(text)

    monkeypatch.setattr(reading, "_fetched", fetched)
    with clock.frozen(NOW):
        reading.read(calendar.pk)
    second.join(60)
    assert len(asked) == 2
    [left] = Occupancy.objects.filter(space=calendar.space, released_at=None)
    assert (left.span.start, left.span.end) == at(5)


def read(pk):
    try:
        with clock.frozen(NOW):
            reading.read(pk)
    finally:
        connection.close()


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
            " AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return cursor.fetchone()[0]
