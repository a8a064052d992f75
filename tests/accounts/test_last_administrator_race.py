"""Two administrators leave at the same moment, on two connections: one stays."""

import threading

import pytest
from django.db import connection

from preau.accounts import actions
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.core.errors import Refusal
from tests.accounts.factories import MembershipFactory

ROUNDS = 10


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_one_of_two_administrators_always_stays():
    for _ in range(ROUNDS):
        first = MembershipFactory(role=MembershipRole.ADMINISTRATOR)
        second = MembershipFactory(
            organization=first.organization, role=MembershipRole.ADMINISTRATOR
        )
        start = threading.Barrier(2)
        refused = []

        def go(membership, start=start, refused=refused):
            try:
                start.wait()
                actions.leave(actor=Actor(membership.user, membership), membership=membership)
            except Refusal as no:
                refused.append(no.code)
            finally:
                connection.close()

        threads = [threading.Thread(target=go, args=(one,)) for one in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert refused == ["last_administrator"]
        left = first.organization.memberships.filter(ended_at=None)
        assert left.count() == 1
