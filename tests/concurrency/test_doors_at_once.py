"""A worker takes up a caretaker's code while its door is retired, on real connections."""

import threading

import pytest
from django.db import connection

from preau.access.actions import acting, caretakers, doors, lifecycle, reconciling
from preau.access.enums import DriverKind, GrantState
from preau.access.models import AccessGrant
from tests.access.factories import DoorFactory, manager_of

#: Looks at the server before it is taken for stuck; it blocks, or goes on, at once.
LOOKS = 20_000


def _waits_for_a_lock(pid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid])
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_door_is_retired_while_one_of_its_codes_is_taken_up(monkeypatch):
    door = DoorFactory(driver=DriverKind.NUKI)
    manager = manager_of(door.place)
    grant = caretakers.give(actor=manager, door=door, user=manager.user, period=None)
    errors, pids, connected, at_the_code = [], [], threading.Event(), threading.Event()
    taken_back, moment = reconciling.reconcile_caretaker, lifecycle.earliest_put

    def signalled(pk):
        at_the_code.set()
        taken_back(pk)

    def retire():
        try:
            connection.ensure_connection()
            pids.append(connection.connection.info.backend_pid)
            connected.set()
            doors.retire_door(actor=manager, door=door)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=retire)

    def in_the_middle(one):
        """The code is ours: the other goes as far as it can."""
        if not other.ident:
            other.start()
            assert connected.wait(timeout=60)
            looks = (at_the_code.is_set() or _waits_for_a_lock(pids[0]) for _ in range(LOOKS))
            assert any(looks)
        return moment(one)

    monkeypatch.setattr(reconciling, "reconcile_caretaker", signalled)
    monkeypatch.setattr(lifecycle, "earliest_put", in_the_middle)
    job = acting._claimed(grant.pk)
    other.join(timeout=60)
    assert not errors and job is not None
    assert AccessGrant.objects.get(pk=grant.pk).state == GrantState.REVOKING
