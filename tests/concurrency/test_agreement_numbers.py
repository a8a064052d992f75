"""Numbers without a gap, however many draw up at once, and whoever gives up."""

import threading

import pytest
from django.db import connection, transaction

from preau.agreements.actions.drawing import next_sequence
from tests.accounts.factories import OrganizationFactory

CLERKS, ROUNDS = 8, 5


@pytest.mark.django_db(transaction=True)
def test_numbers_follow_without_a_gap():
    owner = OrganizationFactory(verified=True)
    taken, start = [], threading.Barrier(CLERKS)

    def clerk(rank):
        try:
            start.wait()
            for turn in range(ROUNDS):
                with transaction.atomic():
                    number = next_sequence(owner, 2027)
                    if (rank + turn) % 3 == 0:
                        transaction.set_rollback(True)  # gives up: the number is free again
                    else:
                        taken.append(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=clerk, args=(rank,)) for rank in range(CLERKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken
    assert sorted(taken) == list(range(1, len(taken) + 1))
