"""An agent and their employer: what ProConnect says gives no right by itself."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts import actions, queries
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind, VerificationMethod
from preau.accounts.models import Identity, JoinRequest, Membership
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.notifications.models import Email
from tests.accounts.factories import (
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
    sign_in,
)
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
SIRET = "21380185500015"
EMPLOYER = reverse("accounts:employer")


@pytest.fixture
def grenoble():
    return CommuneFactory(code="38185")


@pytest.fixture
def town(grenoble):
    return OrganizationFactory(
        verified=True, town=True, siren=SIRET[:9], siret=SIRET, commune=grenoble
    )


def agent(siret=SIRET, provider="proconnect", **fields):
    user = UserFactory()
    Identity.objects.create(user=user, provider=provider, sub=f"s{user.pk}", siret=siret, **fields)
    return user


def test_an_agent_asks_and_an_administrator_accepts(client, town):
    chief = MembershipFactory(organization=town, role=MembershipRole.ADMINISTRATOR)
    lea = agent()
    sign_in(client, lea)
    page = client.get(EMPLOYER).content.decode()
    assert SIRET in page and town.name in page
    client.post(EMPLOYER, {"organization": town.pk})
    client.post(EMPLOYER, {"organization": town.pk})  # twice is once
    assert not Membership.objects.filter(user=lea).exists(), "asking gives nothing"
    assert "Demande envoyée" in client.get(EMPLOYER).content.decode()
    assert Email.objects.filter(recipient=chief.user.email).count() == 1
    sign_in(client, chief.user, chief)
    members = reverse("accounts:members", args=[town.pk])
    assert lea.email in client.get(members).content.decode()
    asked = JoinRequest.objects.get()
    answer = reverse("accounts:join_answer", args=[asked.pk])
    assert client.post(answer, {"accept": "1"}).url == members
    joined = Membership.objects.get(user=lea)
    assert (joined.role, joined.organization) == (MembershipRole.MEMBER, town)
    assert "déjà répondu" in client.post(answer, {"accept": "1"}, follow=True).content.decode()
    assert Email.objects.filter(recipient=lea.email, subject__contains="a accepté").count() == 1


def test_a_refusal_gives_nothing_and_one_may_ask_again(town):
    chief = MembershipFactory(organization=town, role=MembershipRole.ADMINISTRATOR)
    lea = agent()
    asked = actions.ask_to_join(actor=Actor(lea), organization=town)
    actions.answer_join_request(actor=Actor(chief.user, chief), asked=asked, accept=False)
    assert not Membership.objects.filter(user=lea).exists()
    assert actions.ask_to_join(actor=Actor(lea), organization=town).pk != asked.pk


@pytest.mark.parametrize(
    "who",
    [
        UserFactory,
        lambda: agent(siret="21350238800019"),
        lambda: agent(provider="franceconnect"),
        lambda: agent(siret=""),
    ],
)
def test_nobody_else_may_ask(client, town, who):
    user = who()
    with pytest.raises(Refusal):
        actions.ask_to_join(actor=Actor(user), organization=town)
    sign_in(client, user)
    assert client.post(EMPLOYER, {"organization": town.pk}).status_code == 404
    assert client.get(EMPLOYER).status_code == 200


def test_a_member_cannot_accept(town):
    member = MembershipFactory(organization=town, role=MembershipRole.MANAGER)
    asked = actions.ask_to_join(actor=Actor(agent()), organization=town)
    with pytest.raises(Forbidden):
        actions.answer_join_request(actor=Actor(member.user, member), asked=asked, accept=True)


def test_numbers_that_anybody_typed_are_not_offered(grenoble):
    OrganizationFactory(town=True, siren=SIRET[:9], siret=SIRET, commune=grenoble)
    assert queries.employers_of(agent()) == []


def test_the_very_establishment_comes_first(town):
    library = OrganizationFactory(verified=True, name="Aaa", siren=SIRET[:9], siret="")
    assert queries.employers_of(agent()) == [town, library]


# --- Verifying -----------------------------------------------------------------------------------


def administers(user, **fields):
    organization = OrganizationFactory(siren=SIRET[:9], siret=SIRET, **fields)
    chief = MembershipFactory(
        user=user, organization=organization, role=MembershipRole.ADMINISTRATOR
    )
    return Actor(user, chief)


def test_proconnect_verifies_a_town(client, grenoble):
    actor = administers(agent(), town=True, commune=grenoble)
    sign_in(client, actor.user, actor.membership)
    address = reverse("accounts:organization", args=[actor.organization_id])
    assert "Vérifier avec ProConnect" in client.get(address).content.decode()
    client.post(reverse("accounts:prove", args=[actor.organization_id]))
    actor.organization.refresh_from_db()
    assert actor.organization.is_verified
    assert actor.organization.verified_by_method == VerificationMethod.PROCONNECT


def elsewhere(commune):
    return {"town": True, "commune": CommuneFactory(code="35238")}


@pytest.mark.parametrize(
    "fields",
    [
        elsewhere,
        lambda commune: {"kind": OrganizationKind.STATE_SERVICE, "commune": commune},
        lambda commune: {"kind": OrganizationKind.ASSOCIATION, "commune": commune},
        lambda commune: {"kind": OrganizationKind.EPCI, "commune": commune},
    ],
)
def test_what_the_number_does_not_say_is_the_operators(client, grenoble, fields):
    """Or an agent of a town would make themself a préfecture."""
    actor = administers(agent(), **fields(grenoble))
    with pytest.raises(Refusal):
        actions.verify_by_proconnect(actor=actor, organization=actor.organization)
    sign_in(client, actor.user, actor.membership)
    address = reverse("accounts:organization", args=[actor.organization_id])
    assert "Vérifier avec ProConnect" not in client.get(address).content.decode()


@pytest.mark.parametrize(
    "who",
    [
        UserFactory,
        lambda: agent(siret="21350238800019"),
        lambda: agent(provider="franceconnect"),
        lambda: agent(last_used_at=clock.now() - timedelta(hours=13)),
    ],
)
def test_nobody_else_verifies(grenoble, who):
    actor = administers(who(), town=True, commune=grenoble)
    with pytest.raises(Refusal):
        actions.verify_by_proconnect(actor=actor, organization=actor.organization)


def test_a_second_town_of_the_same_number_is_the_operators(town, grenoble):
    actor = administers(agent(), town=True, commune=grenoble)
    with pytest.raises(Refusal):
        actions.verify_by_proconnect(actor=actor, organization=actor.organization)


def test_an_agent_who_does_not_administer_it_does_not(grenoble):
    actor = administers(UserFactory(), town=True, commune=grenoble)
    lea = agent()
    other = MembershipFactory(user=lea, organization=actor.organization)
    with pytest.raises(Forbidden):
        actions.verify_by_proconnect(actor=Actor(lea, other), organization=actor.organization)


def test_merged_organisations_keep_one_request(town):
    twin = OrganizationFactory(verified=True, siren=SIRET[:9])
    lea = agent()
    for one in (town, twin):
        actions.ask_to_join(actor=Actor(lea), organization=one)
    operator = Actor(UserFactory(operator=True))
    actions.merge_organizations(actor=operator, source=twin, target=town, reason="Doublon")
    assert JoinRequest.objects.get().organization == town


def test_personal_data_tell_of_both(town):
    lea = agent()
    actions.ask_to_join(actor=Actor(lea), organization=town)
    data = queries.personal_data(lea)
    assert data["identités reliées"][0]["SIRET"] == SIRET
    assert data["demandes d’adhésion"][0]["structure"] == town.name


def test_who_acts_for_their_employer_already_is_not_offered_to(client, town):
    lea = agent()
    sign_in(client, lea)
    mine = reverse("accounts:organizations")
    assert "indique votre employeur" in client.get(mine).content.decode()
    MembershipFactory(user=lea, organization=town)
    assert "indique votre employeur" not in client.get(mine).content.decode()
