"""Who is written to about money: open accounts, of who still belongs there."""

import pytest

from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.notifications.models import Email, Notification
from preau.payments import recipients
from preau.payments.actions import incidents
from preau.payments.actions.dues import Payer
from preau.payments.enums import IncidentKind
from preau.payments.models import Deposit
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.payments.factories import OfficeFactory, ask, clerk_of, operation, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


def closed(user):
    user.is_active = False
    user.save(update_fields=["is_active"])


def test_the_hands_of_an_office_decide_there_with_an_open_account(office):
    one, other = clerk_of(office), clerk_of(office, MembershipRole.ADMINISTRATOR)
    clerk_of(office, MembershipRole.CARETAKER)
    closed(clerk_of(office).user)
    gone = clerk_of(office).membership
    gone.ended_at = clock.now()
    gone.save(update_fields=["ended_at"])
    assert recipients.hands_of(office) == [one.user, other.user]


def test_an_incident_writes_to_no_closed_account(office):
    gone = clerk_of(office).user
    closed(gone)
    office.contact_email = gone.email
    office.save(update_fields=["contact_email"])
    due = ask(office)
    incidents.doubt(operation(due), IncidentKind.UNKNOWN, "Une réponse inconnue.")
    # The address is the office's own here: it is written to as such.
    assert Email.objects.get(recipient=gone.email)
    assert not Notification.objects.filter(user=gone).exists()


def test_who_left_the_organisation_hears_no_more_of_what_it_owes(office):
    boss = MembershipFactory(organization=OrganizationFactory(), role=MembershipRole.MANAGER)
    club = boss.organization
    member = MembershipFactory(organization=club, role=MembershipRole.MEMBER)
    due = ask(office, payer=Payer(club.name, member.user, club, email=member.user.email))
    deposit = Deposit(holder_user=member.user, holder_organization=club)
    assert recipients.payers(due) == recipients.holders(deposit) == [member.user]
    member.ended_at = clock.now()
    member.save(update_fields=["ended_at"])
    assert recipients.payers(due) == recipients.holders(deposit) == [boss.user]
    pay(due)
    assert Notification.objects.get(topic="payments.paid").user == boss.user


def test_a_person_whose_account_is_closed_is_reached_by_letter(office):
    user = UserFactory()
    due = ask(office, user=user)
    closed(user)
    due.refresh_from_db()
    assert recipients.payers(due) == []
