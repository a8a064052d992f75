"""Invitations, roles, leaving; the last administrator."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts import actions
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.models import Invitation, Membership
from preau.core import clock
from preau.core.errors import Refusal
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in


@pytest.fixture
def chief(db):
    return MembershipFactory(role=MembershipRole.ADMINISTRATOR)


@pytest.fixture
def actor(chief):
    return Actor(chief.user, chief)


def invite(actor, email="ana@example.org", role=MembershipRole.APPROVER):
    return actions.invite(actor=actor, organization=actor.organization, email=email, role=role)


def link(email="ana@example.org"):
    text = Email.objects.filter(recipient=email).latest("pk").text
    return re.search(r"/compte/invitation/[\w-]+/", text)[0]


def test_an_invitation_shows_on_get_and_acts_on_post(client, actor):
    invite(actor)
    user = UserFactory(email="ana@example.org")
    page = client.get(link())
    assert "a…@example.org" in page.content.decode()
    assert "ana@example.org" not in page.content.decode(), "the link's bearer learns no address"
    assert client.post(link() + "accepter/").url.startswith(reverse("account_login"))
    sign_in(client, user)
    assert client.get(link()).status_code == 200
    assert not user.memberships.exists(), "looking changes nothing"
    response = client.post(link() + "accepter/")
    membership = user.memberships.get()
    assert membership.role == MembershipRole.APPROVER
    assert response.url == reverse("accounts:organization", args=[membership.organization_id])
    assert client.session["acting_membership"] == membership.pk
    assert client.get(response.url).status_code == 200


def test_only_the_address_invited_accepts(client, actor):
    invite(actor)
    other = UserFactory(email="eve@example.org")
    sign_in(client, other)
    assert "pour une autre adresse" in client.get(link()).content.decode()
    client.post(link() + "accepter/")
    assert not other.memberships.exists()


@pytest.mark.parametrize("end", ["expired", "revoked", "used"])
def test_an_invitation_over_gives_nothing(actor, end):
    invitation = invite(actor)
    user = UserFactory(email="ana@example.org")
    if end == "expired":
        Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    elif end == "revoked":
        actions.revoke_invitation(actor=actor, invitation=invitation)
    else:
        membership = actions.accept_invitation(actor=Actor(user), invitation=invitation)
        actions.leave(actor=Actor(user, membership), membership=membership)
    with pytest.raises(Refusal, match="plus valable"):
        actions.accept_invitation(actor=Actor(user), invitation=invitation)


def test_the_token_is_not_kept(actor):
    invitation = invite(actor)
    assert link().split("/")[3] not in invitation.token_digest


def test_inviting_again_replaces_the_first(actor):
    first, second = invite(actor), invite(actor)
    first.refresh_from_db()
    assert first.revoked_at
    assert second.is_open


def test_a_member_is_not_invited(actor):
    with pytest.raises(Refusal, match="déjà membre"):
        invite(actor, email=actor.user.email.upper())


def test_invitations_a_day_are_counted(actor):
    for n in range(50):
        invite(actor, email=f"p{n}@example.org")
    with pytest.raises(Refusal, match="Attendez demain"):
        invite(actor)


@pytest.mark.parametrize("verb", ["leave", "remove", "demote"])
def test_the_last_administrator_stays(actor, chief, verb):
    MembershipFactory(organization=chief.organization, role=MembershipRole.MANAGER)

    def act():
        if verb == "leave":
            actions.leave(actor=actor, membership=chief)
        elif verb == "remove":
            actions.remove_member(actor=actor, membership=chief)
        else:
            actions.change_role(actor=actor, membership=chief, role=MembershipRole.MEMBER)

    with pytest.raises(Refusal, match="plus personne pour l’administrer"):
        act()
    MembershipFactory(organization=chief.organization, role=MembershipRole.ADMINISTRATOR)
    act()


def test_a_person_may_come_back(actor, chief):
    invitation = invite(actor)
    user = UserFactory(email="ana@example.org")
    first = actions.accept_invitation(actor=Actor(user), invitation=invitation)
    actions.leave(actor=Actor(user, first), membership=first)
    second = actions.accept_invitation(actor=Actor(user), invitation=invite(actor))
    assert first.pk != second.pk
    assert Membership.objects.filter(user=user).count() == 2


def test_members_page_and_forms(client, actor, chief):
    sign_in(client, chief.user, chief)
    members = reverse("accounts:members", args=[chief.organization_id])
    asked = client.post(
        reverse("accounts:invite", args=[chief.organization_id]),
        {"email": "ana@exemple", "role": "membre"},
    )
    assert "pas complète" in asked.content.decode()
    asked = client.post(
        reverse("accounts:invite", args=[chief.organization_id]),
        {"email": "Ana@Example.org", "role": "membre"},
    )
    assert asked.url == members
    assert "ana@example.org" in client.get(members).content.decode()
    invitation = Invitation.objects.get()
    assert client.post(reverse("accounts:revoke", args=[invitation.pk])).url == members
    other = MembershipFactory(organization=chief.organization)
    role = reverse("accounts:role", args=[other.pk])
    assert client.get(role).status_code == 200
    assert client.post(role, {"role": MembershipRole.APPROVER}).url == members
    other.refresh_from_db()
    assert other.role == MembershipRole.APPROVER
    remove = reverse("accounts:remove", args=[other.pk])
    assert client.get(remove).status_code == 200
    assert client.post(remove).url == members
    assert client.get(remove).status_code == 404, "gone"
