"""Profile, hats, sessions, data, closing."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from preau.accounts import actions
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.events import account_closing
from preau.accounts.models import User
from preau.core.errors import Refusal
from preau.core.models import AuditEvent
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in


def test_profile_is_edited(client, db):
    user = UserFactory()
    sign_in(client, user)
    page = reverse("accounts:profile")
    assert "nécessaire" in client.post(page, {"last_name": "Roux"}).content.decode()
    client.post(page, {"first_name": "Ana", "last_name": "Roux", "phone": "0476000000"})
    assert User.objects.get(pk=user.pk).full_name == "Ana Roux"


def test_a_key_is_suggested_to_members_only(client, db):
    words = "Protégez mieux votre accès"
    sign_in(client, UserFactory())
    assert words not in client.get(reverse("accounts:profile")).content.decode()
    membership = MembershipFactory()
    sign_in(client, membership.user, membership)
    assert words in client.get(reverse("accounts:profile")).content.decode()


def test_the_hat_is_shown_and_changes(client, db):
    membership = MembershipFactory(organization=OrganizationFactory(name="La Ruche"))
    sign_in(client, membership.user)
    page = client.get(reverse("accounts:switch") + "?next=/aide/")
    assert "La Ruche" in page.content.decode()
    response = client.post(
        reverse("accounts:switch"), {"membership": membership.pk, "next": "/aide/"}
    )
    assert response.url == "/aide/"
    assert "La Ruche" in client.get("/aide/").content.decode()
    others = MembershipFactory()
    stolen = client.post(reverse("accounts:switch"), {"membership": others.pk})
    assert stolen.status_code == 404


def test_the_403_page_offers_the_hat_that_opens(client, db):
    membership = MembershipFactory(organization=OrganizationFactory(name="La Ruche"))
    sign_in(client, membership.user)
    response = client.get(reverse("accounts:organization", args=[membership.organization_id]))
    assert response.status_code == 403
    assert "La Ruche" in response.content.decode()


def enter(client, user):
    """Really sign in: a session is listed from there."""
    client.post(reverse("account_login"), {"email": user.email})
    code = Email.objects.filter(recipient=user.email).latest("pk").subject[:9]
    assert client.post(reverse("account_confirm_login_code"), {"code": code}).status_code == 302
    return client


def test_sessions_are_listed_and_revoked(db):
    user = UserFactory()
    phone, laptop, third = Client(), Client(HTTP_USER_AGENT="Firefox"), Client()
    for one in (phone, laptop, third):
        enter(one, user)
    page = phone.get(reverse("accounts:sessions"))
    assert "Firefox" in page.content.decode()
    listed = page.context["sessions"]
    firefox = next(session for session in listed if session.user_agent == "Firefox")
    phone.post(reverse("accounts:sessions"), {"session": firefox.pk})
    assert laptop.get(reverse("accounts:profile")).status_code == 302
    assert third.get(reverse("accounts:profile")).status_code == 200
    phone.post(reverse("accounts:sessions"), {"session": ""})
    assert third.get(reverse("accounts:profile")).status_code == 302
    assert phone.get(reverse("accounts:profile")).status_code == 200


def test_someone_elses_session_is_out_of_reach(db):
    mine, theirs = Client(), Client()
    enter(mine, UserFactory())
    enter(theirs, UserFactory())
    session = theirs.get(reverse("accounts:sessions")).context["sessions"][0]
    mine.post(reverse("accounts:sessions"), {"session": session.pk})
    assert theirs.get(reverse("accounts:profile")).status_code == 200


def test_data_are_exported(client, db):
    membership = MembershipFactory()
    sign_in(client, membership.user, membership)
    response = client.get(reverse("accounts:export"))
    data = json.loads(response.content)
    assert data["compte"]["adresse"] == membership.user.email
    assert data["structures"][0]["structure"] == membership.organization.name


def test_closing_forgets_the_person(client, db):
    membership = MembershipFactory(role=MembershipRole.MEMBER)
    MembershipFactory(organization=membership.organization, role=MembershipRole.ADMINISTRATOR)
    email = membership.user.email
    sign_in(client, membership.user, membership)
    assert client.get(reverse("accounts:close")).status_code == 200
    assert client.post(reverse("accounts:close")).url == "/"
    user = User.objects.get(pk=membership.user_id)
    assert not user.is_active
    assert email not in (user.email, user.full_name)
    assert "_auth_user_id" not in client.session
    assert actions.open_account(email=email).pk != user.pk, "the address may start again"


def test_live_duties_keep_the_account_open(db):
    user = UserFactory()

    def duty(sender, user, **kwargs):
        return ["annulez votre réservation du 12 mars"]

    account_closing.connect(duty)
    try:
        with pytest.raises(Refusal, match="annulez votre réservation"):
            actions.close_account(actor=Actor(user))
    finally:
        account_closing.disconnect(duty)
    chief = MembershipFactory(role=MembershipRole.ADMINISTRATOR)
    with pytest.raises(Refusal, match="administrer"):
        actions.close_account(actor=Actor(chief.user))
    assert User.objects.get(pk=chief.user_id).is_active


def test_signing_out_is_a_post(client, db):
    sign_in(client, UserFactory())
    assert client.get(reverse("account_logout")).status_code == 405
    assert client.post(reverse("account_logout")).url == "/"
    assert client.get(reverse("accounts:profile")).status_code == 302


# --- A lost key


def with_keys(user):
    for kind in (Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=user, type=kind, data={})
    return user


@pytest.fixture
def operator(client, db):
    return sign_in(client, UserFactory(is_operator=True))


def test_the_operator_takes_lost_keys_off_an_account(operator):
    user, other = with_keys(UserFactory()), with_keys(UserFactory())
    theirs = Client()
    enter(theirs, user)
    assert "Assurez-vous" in operator.get(reverse("accounts:lost_key")).content.decode()
    typed = {"email": user.email.upper(), "reason": "Rappelée à la mairie"}
    assert operator.post(reverse("accounts:lost_key"), typed).status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()
    assert Authenticator.objects.filter(user=other).count() == 2
    assert theirs.get(reverse("accounts:profile")).status_code == 302, "their sessions are ended"
    event = AuditEvent.objects.get(verb="account.keys_removed")
    assert event.reason == "Rappelée à la mairie"
    assert Email.objects.filter(recipient=user.email, subject__contains="retirées").exists()


@pytest.mark.parametrize("known", [True, False])
def test_the_operator_is_told_when_there_is_nothing_to_remove(operator, known):
    email = UserFactory().email if known else "personne@exemple.fr"
    page = operator.post(reverse("accounts:lost_key"), {"email": email, "reason": "Appel"})
    expected = "n’a pas de clé" if known else "Aucun compte ouvert"
    assert expected in page.content.decode()


def test_nobody_else_removes_keys(client, db):
    membership = MembershipFactory(role=MembershipRole.ADMINISTRATOR)
    sign_in(client, membership.user, membership)
    assert client.get(reverse("accounts:lost_key")).status_code == 403
