"""The same payment told by many at once, while its source is dropped, on real connections."""

import threading

import pytest
from django.db import connection

from preau.accounts.actors import SYSTEM
from preau.payments.actions import dues, money
from preau.payments.enums import IncidentKind, IncidentState, OperationState
from preau.payments.models import Due, Incident, Operation, Payment
from preau.payments.providers.results import Outcome, Result
from tests.payments.factories import OfficeFactory, ask, operation, paid

TELLERS, ROUNDS = 10, 3


def together(*acts):
    """All at once, each on its own connection; what they raised."""
    start, raised = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait()
            act()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_ten_tell_it_while_it_is_dropped_and_a_worker_dies():
    office = OfficeFactory()
    for turn in range(ROUNDS):
        source = f"test:{turn}"
        due = ask(office, source=source)
        one = operation(due)

        def tell(one=one):
            money.settle(one, paid(5000))

        def late(one=one):
            money.settle(one, Result(Outcome.REFUSED, "R"))

        def drop(source=source):
            dues.drop(source, actor=SYSTEM)

        def die(one=one):
            """Killed after it wrote, before it said so: nothing of it remains."""
            with connection.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SELECT FROM payments_operation WHERE id = %s FOR UPDATE", [one.pk])
            connection.connection.close()

        assert together(*([tell] * TELLERS), late, drop, die) == []
        due = Due.objects.get(source=source)
        assert Payment.objects.filter(due=due).count() == 1
        assert (due.paid_cents, due.total_cents) == (5000, 0)
        assert Operation.objects.get(pk=one.pk).state == OperationState.PAID
        open_still = Incident.objects.filter(due=due, state=IncidentState.OPEN)
        proposals = open_still.filter(refund_cents__gt=0)
        assert [(found.kind, found.refund_cents) for found in proposals] == [
            (IncidentKind.GONE, 5000)
        ]
    numbers = Payment.objects.filter(office=office).order_by("sequence")
    assert list(numbers.values_list("sequence", flat=True)) == list(range(1, ROUNDS + 1))
