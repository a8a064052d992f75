"""The circuit before the search replica; what it does with a real one is in tests/beyond."""

import pytest
from django.db import OperationalError, connection

from preau.core import databases


@pytest.fixture
def time(monkeypatch):
    """A clock that is set by hand."""
    now = [1_000.0]
    monkeypatch.setattr(databases.time, "monotonic", lambda: now[0])
    return now


def test_it_is_open_until_something_fails(time):
    circuit = databases.Circuit()
    assert [circuit.lets_through() for _ in range(3)] == [True] * 3
    circuit.failed(OperationalError())
    time[0] += databases.PAUSE - 1
    assert not circuit.lets_through()


def test_one_request_at_a_time_tries_again(time):
    circuit = databases.Circuit()
    circuit.failed(OperationalError())
    time[0] += databases.PAUSE
    assert [circuit.lets_through() for _ in range(3)] == [True, False, False]
    circuit.worked()
    assert circuit.lets_through()


def test_what_it_says_quotes_nobody(time, caplog):
    """The message of an error may hold what somebody searched."""
    databases.Circuit().failed(OperationalError("LINE 1: … 'Ana'"))
    [said] = [record.getMessage() for record in caplog.records]
    assert said == "The search replica failed (OperationalError): the primary answers for 30 s."


def test_without_a_replica_the_primary_answers():
    assert databases.search(lambda read_from: read_from.alias) == connection.alias
