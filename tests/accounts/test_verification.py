"""Proving who speaks for an organisation: the official mailbox, or the operator."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts import actions, queries
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind, VerificationMethod
from preau.accounts.perms import can_act_in_public, require_verified
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.notifications.models import Email
from tests.accounts.factories import (
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
    sign_in,
)
from tests.territories.factories import CommuneFactory


@pytest.fixture
def town(db):
    return OrganizationFactory(town=True, siren="213801855")


@pytest.fixture
def clerk(town):
    membership = MembershipFactory(organization=town, role=MembershipRole.ADMINISTRATOR)
    return Actor(membership.user, membership)


def send(clerk):
    challenge = actions.send_mailbox_code(actor=clerk, organization=clerk.organization)
    email = Email.objects.filter(recipient=challenge.mailbox).latest("pk")
    return challenge, re.search(r"\d{4}-\d{4}", email.text)[0]


def confirm(clerk, code):
    actions.confirm_mailbox_code(actor=clerk, organization=clerk.organization, code=code)
    clerk.organization.refresh_from_db()


def test_the_code_of_the_town_hall_verifies(clerk, town):
    challenge, code = send(clerk)
    assert challenge.mailbox == town.commune.official_email
    assert code.replace("-", "") not in challenge.code_digest
    confirm(clerk, code.replace("-", " "))
    town.refresh_from_db()
    assert town.verified_by_method == VerificationMethod.MAILBOX
    require_verified(clerk)


def test_wrong_tries_count_and_end(clerk, town):
    _, code = send(clerk)
    wrong = "0000-0000" if code != "0000-0000" else "1111-1111"
    for _ in range(5):
        with pytest.raises(Refusal, match="pas le bon code"):
            confirm(clerk, wrong)
    with pytest.raises(Refusal, match="plus valable"):
        confirm(clerk, code)


def test_the_code_ends_after_thirty_minutes(clerk):
    _, code = send(clerk)
    with (
        clock.frozen(clock.now() + timedelta(minutes=31)),
        pytest.raises(Refusal, match="plus valable"),
    ):
        confirm(clerk, code)


def test_a_new_code_ends_the_first_and_three_an_hour_are_enough(clerk):
    _, first = send(clerk)
    send(clerk)
    with pytest.raises(Refusal):
        confirm(clerk, first)
    send(clerk)
    with pytest.raises(Refusal, match="Trois codes"):
        send(clerk)


def test_the_code_of_one_town_hall_does_not_verify_another_commune(clerk, town):
    _, code = send(clerk)
    elsewhere = CommuneFactory(
        code="38565", name="Voreppe", official_email="mairie@voreppe.example"
    )
    actions.edit_organization(actor=clerk, organization=town, commune=elsewhere, siren="")
    with pytest.raises(Refusal, match="plus valable"):
        confirm(clerk, code)
    town.refresh_from_db()
    assert not town.is_verified


@pytest.mark.parametrize(
    "change",
    [
        {"kind": OrganizationKind.ASSOCIATION},
        {"siren": "732829320"},  # a number that is not that commune's
    ],
)
def test_no_mailbox_for_what_the_mairie_is_not(clerk, town, change):
    for name, value in change.items():
        setattr(town, name, value)
    town.save()
    assert queries.official_mailbox(town) == ""
    with pytest.raises(Refusal, match="pas d’adresse officielle"):
        actions.send_mailbox_code(actor=clerk, organization=town)


def test_an_unverified_organisation_keeps_drafts_only(clerk, town):
    assert not can_act_in_public(town)
    assert can_act_in_public(None), "a person for themself may"
    with pytest.raises(Refusal, match="brouillons"):
        require_verified(clerk)


def test_the_operator_decides_with_a_reason(client, clerk, town):
    sign_in(client, clerk.user, clerk.membership)
    client.post(reverse("accounts:ask_verification", args=[town.pk]))
    sign_in(client, UserFactory(operator=True))
    assert town.name in client.get(reverse("accounts:to_verify")).content.decode()
    page = reverse("accounts:decide", args=[town.pk])
    assert "nécessaire" in client.post(page, {"accept": "1"}).content.decode()
    client.post(page, {"refuse": "1", "reason": "Le numéro n’est pas le vôtre."})
    town.refresh_from_db()
    assert not town.is_verified
    assert town.verification_asked_at is None
    client.post(page, {"accept": "1", "reason": "Délibération reçue."})
    town.refresh_from_db()
    assert town.verified_by_method == VerificationMethod.OPERATOR
    told = Email.objects.filter(recipient=clerk.user.email).values_list("text", flat=True)
    assert any("Délibération reçue." in text for text in told)
    assert [event.reason for event in audit.history(town)][-1] == "Délibération reçue."


def test_a_number_already_verified_is_refused(db):
    OrganizationFactory(verified=True, siren="732829320", siret="73282932000074")
    double = OrganizationFactory(siren="732829320", siret="73282932000074")
    with pytest.raises(Refusal, match="porte déjà ce numéro"):
        actions.verify_organization(
            actor=Actor(UserFactory(operator=True)), organization=double, reason="vu"
        )


def test_the_operator_cannot_give_a_number_that_another_owns(db):
    OrganizationFactory(verified=True, siren="732829320", siret="73282932000074")
    other = OrganizationFactory(verified=True)
    with pytest.raises(Refusal, match="porte déjà ce numéro"):
        actions.edit_organization(
            actor=Actor(UserFactory(operator=True)),
            organization=other,
            siren="732829320",
            siret="73282932000074",
        )


def test_a_verified_identity_does_not_change_by_itself(clerk, town):
    _, code = send(clerk)
    confirm(clerk, code)
    with pytest.raises(Refusal, match="accord de l’opérateur"):
        actions.edit_organization(actor=clerk, organization=town, siren="200054807")
    with pytest.raises(Refusal, match="son nom"):
        actions.edit_organization(actor=clerk, organization=town, name="Préfecture de l’Isère")
    actions.edit_organization(actor=clerk, organization=town, phone="0476000000")
    town.refresh_from_db()
    assert town.phone == "0476000000"


def test_creating_and_editing_through_the_pages(client, db):
    user = UserFactory()
    CommuneFactory()
    sign_in(client, user)
    create = reverse("accounts:organization_create")
    form = {
        "kind": "association",
        "name": "Les Amis du préau",
        "siret": "732 829 320 00074",
        "rna": "w381234567",
        "commune": "grenoble",
        "postcode": "38 000",
    }
    wrong = client.post(create, form | {"siret": "73282932000075", "commune": "Zzyzx"})
    text = wrong.content.decode()
    assert "Ce numéro contient une erreur" in text
    assert "Nous ne trouvons pas cette commune" in text
    assert 'value="73282932000075"' in text, "what was typed stays"
    response = client.post(create, form)
    organization = user.memberships.get().organization
    assert response.url == reverse("accounts:organization", args=[organization.pk])
    assert (organization.siren, organization.rna) == ("732829320", "W381234567")
    assert not organization.is_verified
    assert client.get(response.url).status_code == 200
    edit = reverse("accounts:organization_edit", args=[organization.pk])
    assert "Les Amis du préau" in client.get(edit).content.decode()
    assert client.post(edit, form | {"name": "Amis"}).status_code == 302
    organization.refresh_from_db()
    assert organization.name == "Amis"
    OrganizationFactory(verified=True, siren="732829320", siret="73282932000074", name="Vraie")
    assert (
        "Vraie"
        in client.get(reverse("accounts:organizations"), {"numero": "732829320"}).content.decode()
    )
    assert (
        "Une structure vérifiée porte déjà ce numéro" in client.post(create, form).content.decode()
    )
