"""A signatory who is signed in has their link sent again from the agreement's own page."""

import pytest
from django.urls import reverse

from preau.agreements.signing_enums import SignatoryState
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory, sign_in
from tests.signatures.factories import open_round, signatory

pytestmark = pytest.mark.django_db


def test_the_one_whose_turn_it_is_gets_their_link(client):
    round_ = open_round()
    membership = MembershipFactory(
        organization=round_.agreement.holder_organization, user__email="signataire1@example.org"
    )
    sign_in(client, membership.user, membership)
    page = reverse("agreements:show", args=[round_.agreement.number])
    link = reverse("agreements:my_link", args=[round_.agreement.number])
    assert link in client.get(page).content.decode()
    before = Email.objects.count()
    assert client.post(link).url == page
    assert Email.objects.order_by("-pk").first().recipient == "signataire1@example.org"
    assert Email.objects.count() == before + 1


def test_nobody_else_gets_a_link(client):
    round_ = open_round()
    assert signatory(round_, 2).state == SignatoryState.WAITING
    membership = MembershipFactory(
        organization=round_.agreement.holder_organization, user__email="signataire2@example.org"
    )
    sign_in(client, membership.user, membership)
    link = reverse("agreements:my_link", args=[round_.agreement.number])
    assert (
        link
        not in client.get(
            reverse("agreements:show", args=[round_.agreement.number])
        ).content.decode()
    )
    before = Email.objects.count()
    client.post(link)
    assert Email.objects.count() == before
