"""What named somebody is emptied: their account closed, or a year after the thing is over."""

from datetime import timedelta

import pytest

from preau.accounts.actions.people import close_account
from preau.accounts.actors import ANONYMOUS, Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.initiatives import kit_files
from preau.initiatives.actions import calls, campaigns, kit_uses, pledges, supports, workshops
from preau.initiatives.enums.calls import ReviewerRole
from preau.initiatives.enums.campaigns import PledgeState
from preau.initiatives.models import (
    KitVersion,
    Pledge,
    Reviewer,
    Submission,
    Support,
    WorkshopGuest,
)
from preau.initiatives.queries import kits as kit_queries
from preau.initiatives.tasks.forgetting import forget_addresses
from preau.notifications.models import Email
from preau.projects.enums import ProjectState
from tests.accounts.factories import UserFactory
from tests.initiatives.campaign_factories import campaign
from tests.initiatives.factories_calls import association, juror, keeper, over, published, sent
from tests.initiatives.factories_calls import written as begun
from tests.initiatives.test_workshops import facts
from tests.projects.factories import ProjectFactory
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def nadia():
    return Actor(UserFactory(first_name="Nadia", email="nadia@example.org"))


@pytest.fixture
def town():
    return keeper()


def named(actor) -> list[object]:
    """Every row of the room that still holds their address or first name."""
    email = actor.user.email
    return [
        *WorkshopGuest.objects.filter(email=email),
        *Reviewer.objects.filter(email=email),
        *Support.objects.filter(email=email),
        *Pledge.objects.filter(name="Nadia"),
        *Pledge.objects.filter(email=email),
        *Submission.objects.exclude(phone="").filter(user=actor.user),
    ]


def test_closing_an_account_leaves_no_address(town, nadia):
    workshop = workshops.announce(town.organization, facts(), actor=town)
    workshops.invite(workshop, [(nadia.user.email, "Nadia", "")], actor=town)
    call = published(town)
    calls.join_jury(
        calls.invite_reviewer(call, email=nadia.user.email, role=ReviewerRole.JUROR, actor=town),
        actor=nadia,
    )
    other = published(town)
    calls.invite_reviewer(other, email=nadia.user.email, role=ReviewerRole.JUROR, actor=town)
    one, draft = sent(other, nadia), begun(other, nadia)
    [target] = campaign().targets.all()
    pledges.pledge(target, quantity=2, actor=nadia)
    pledges.pledge(target, quantity=2, name="Nadia", email=nadia.user.email, actor=ANONYMOUS)
    assert len(named(nadia)) >= 7
    close_account(actor=nadia)
    assert named(nadia) == []
    assert list(Submission.objects.all()) == [one]
    assert draft.pk not in Submission.objects.values_list("pk", flat=True)
    assert not call.reviewers.filter(removed_at=None).exists()
    assert [row.state for row in Pledge.objects.all()] == [PledgeState.PROMISED]


def test_a_support_still_counts_once_nobody_is_named(nadia):
    kit_files.load_kits()
    people = association()
    project = ProjectFactory(
        state=ProjectState.ACCOMPANIED, holder_organization=people.organization
    )
    kit = KitVersion.objects.get(kit__slug="composteur-collectif")
    use = kit_uses.take(kit, project, actor=people)
    use = kit_uses.open_support(use, appeal="Un bac.", actor=people)
    supports.give(use, first_name="Nadia", commune=CommuneFactory(), email="", actor=nadia)
    close_account(actor=nadia)
    use.refresh_from_db()
    assert not Support.objects.exists()
    assert kit_queries.supported(use).count == 1


def test_a_year_after_addresses_are_emptied_once(town):
    workshop = workshops.announce(town.organization, facts(), actor=town)
    people = [("a@example.org", "Ana", ""), ("b@example.org", "Bo", "Jardins")]
    workshops.invite(workshop, people, actor=town)
    call = published(town)
    judge = juror(call, town)
    calls.invite_reviewer(call, email="jamais@example.org", role="jury", actor=town)
    one = sent(call, association())
    over(call)
    assert forget_addresses(0) == 0
    with clock.frozen(clock.now() + timedelta(days=377)):
        assert forget_addresses(0) == 5
        assert forget_addresses(0) == 0
    assert {str(one) for one in workshop.guests.all()} == {"Une personne"}
    assert [(seat.user, seat.email) for seat in call.reviewers.all()] == [(judge.user, "")]
    one.refresh_from_db()
    assert one.phone == ""


def test_who_is_forgotten_is_not_written_to(town):
    workshop = workshops.announce(town.organization, facts(), actor=town)
    workshops.invite(workshop, [("a@example.org", "Ana", "")], actor=town)
    workshop.guests.update(email="", name="")
    before = Email.objects.count()
    workshops.cancel(workshop, reason="Grippe.", actor=town)
    assert Email.objects.count() == before


def test_names_of_pledges_go_with_their_addresses():
    made = campaign()
    [target] = made.targets.all()
    own = pledges.pledge(
        target, quantity=2, name="Nadia", email="n@example.org", show_name=True, actor=ANONYMOUS
    )
    pledges.confirm_by_link(own, actor=ANONYMOUS)
    campaigns.forget_addresses(made)
    own.refresh_from_db()
    assert (own.name, own.email, own.show_name) == ("", "", False)


def test_a_last_address_may_be_invited_again(town):
    call = published(town)
    seat = calls.invite_reviewer(call, email="a@example.org", role="jury", actor=town)
    with pytest.raises(Refusal):
        calls.invite_reviewer(call, email="a@example.org", role="jury", actor=town)
    Reviewer.objects.filter(pk=seat.pk).update(email="")
    assert calls.invite_reviewer(call, email="a@example.org", role="jury", actor=town).pk != seat.pk
