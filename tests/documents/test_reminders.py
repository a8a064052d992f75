"""Before a document expires, its owner is told twice, once each."""

from datetime import timedelta

import pytest

from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.documents import reminders
from preau.documents.models import Document
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.documents.factories import document, insurance

pytestmark = pytest.mark.django_db


def a_year_ago(make=insurance, **given):
    """Deposited a year ago; ends in so many days from now."""
    if "days" in given:
        given["days"] += 365
    with clock.frozen(clock.now() - timedelta(days=365)):
        return make(**given)


def letters():
    return list(Email.objects.order_by("pk").values_list("recipient", "subject"))


def test_once_at_thirty_days_and_once_at_seven():
    user = UserFactory()
    a_year_ago(days=31, owner_user=user)
    sent = []
    for day in range(40):
        with clock.frozen(clock.now() + timedelta(days=day)):
            reminders.remind()
        if len(letters()) > len(sent):
            sent.append(day)
            assert letters()[-1][0] == user.email
        assert len(letters()) == len(sent)
    assert sent == [1, 24]
    assert [subject for _, subject in letters()] == [
        "Attestation d’assurance : expire dans 30\u00a0jours",
        "Attestation d’assurance : expire dans 7\u00a0jours",
    ]


def test_a_day_missed_is_made_up_for():
    a_year_ago(days=5, owner_user=UserFactory())
    reminders.remind()
    assert len(letters()) == 1  # one letter, not both


def test_those_who_run_the_organisation_are_told():
    one = MembershipFactory(role=MembershipRole.ADMINISTRATOR)
    two = MembershipFactory(organization=one.organization, role=MembershipRole.MANAGER)
    MembershipFactory(organization=one.organization, role=MembershipRole.MEMBER)
    a_year_ago(days=3, owner_organization=one.organization)
    reminders.remind()
    assert {to for to, _ in letters()} == {one.user.email, two.user.email}


def test_what_is_replaced_removed_or_just_deposited_says_nothing():
    user = UserFactory()
    a_year_ago(days=10, owner_user=user)
    insurance(days=400, owner_user=user)
    insurance(days=20, owner_user=UserFactory())  # whoever deposited it today knew
    removed = a_year_ago(days=10, owner_user=UserFactory())
    Document.objects.filter(pk=removed.pk).update(removed_at=clock.now())
    a_year_ago(document, owner_user=UserFactory())
    assert reminders.remind() == 0
    assert letters() == []
