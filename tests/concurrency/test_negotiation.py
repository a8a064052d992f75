"""Two commitments at once that both cover the charges: one round is closed, once."""

import pytest

from preau.accounts.actors import ANONYMOUS, Actor
from preau.accounts.enums import MembershipRole
from preau.core.errors import Refusal
from preau.economics import queries
from preau.economics.actions.commitments import WantedCommitment, commit
from preau.economics.enums import RoundState
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.concurrency.race import race
from tests.economics.factories import opened_round


@pytest.mark.django_db(transaction=True)
def test_the_second_commitment_sees_what_the_first_closed():
    town = OrganizationFactory(verified=True, town=True)
    membership = MembershipFactory(organization=town, role=MembershipRole.MANAGER)
    round_ = opened_round(Actor(membership.user, membership), target_cents=100)
    round_.invitations.create(side="fournisseur", name="Deux", email="deux@example.org")
    invitations = list(round_.invitations.filter(side="fournisseur"))
    wanted = WantedCommitment(cents=100)
    runners = [
        lambda _, one=one: commit(one, wanted, actor=ANONYMOUS, by_link=True) for one in invitations
    ]
    (outcome,) = race(runners)
    round_.refresh_from_db()
    assert round_.state == RoundState.COVERED
    assert queries.promised(round_) == 100
    assert [type(one) for one in outcome.errors] == [Refusal]
    assert Email.objects.filter(recipient="poste@example.org", cause__endswith="close").count() == 1
