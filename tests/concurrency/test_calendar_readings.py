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


def test_a_reading_that_was_overtaken_starts_again(monkeypatch):
    """The first has the old version in hand while the second reads and places the new one."""
    calendar = followed()
    old, new = written(event("a", *at(2))), written(event("b", *at(5)))
    second = threading.Thread(target=read, args=[calendar.pk])
    asked = []

    def fetched(*_):
        asked.append(old if not asked else new)
        text = asked[-1]
        if len(asked) == 1:
            second.start()
            second.join(60)
        return Feed(text)

    monkeypatch.setattr(reading, "_fetched", fetched)
    with clock.frozen(NOW):
        reading.read(calendar.pk)
    assert asked == [old, new, new]
    [left] = Occupancy.objects.filter(space=calendar.space, released_at=None)
    assert (left.span.start, left.span.end) == at(5)


def read(pk):
    try:
        with clock.frozen(NOW):
            reading.read(pk)
    finally:
        connection.close()
