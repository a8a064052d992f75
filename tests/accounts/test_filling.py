"""An organisation's form filled from the register, where its fields come from, and later changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from preau.accounts.actions import filling as actions
from preau.accounts.actions.organizations import edit_organization
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.models import Organization
from preau.accounts.tasks import refresh_from_register
from preau.core import clock
from preau.core.errors import Refusal
from preau.outside import companies, provenance
from preau.outside.calls import FAILURES_TO_PAUSE
from preau.outside.companies import in_plain_letters
from preau.outside.models import CompanyCard, FieldSource, ServiceState
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.integrations.misbehaving import door, running
from tests.territories.factories import CommuneFactory

NOW = datetime(2027, 3, 3, 9, tzinfo=UTC)
SIRET, SCHOOL, CHOIR = "21380563300012", "21380563300129", "81234567600017"
NEW = reverse("accounts:organization_create")
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def fake():
    with running("fakes.companies") as address:
        yield address


@pytest.fixture
def register(fake, settings):
    settings.COMPANIES_URL = fake
    yield fake
    for path in ("/_mood/none", "/_limit/0", "/_move/213805633?adresse=12+RUE+MAINSSIEUX"):
        door(fake, path)


@pytest.fixture
def voiron():
    return CommuneFactory(code="38563", name="Voiron", postcodes=["38500"])


@pytest.fixture
def person(client, voiron):
    user = UserFactory()
    sign_in(client, user)
    return user


def _filled(client, **typed):
    answer = client.post(NEW, {"fill": "vide", **typed})
    assert answer.status_code == 200
    return _read(answer)


def _read(answer):
    return answer.content.decode().replace("\xa0", " ")


def _kept(client, **changed):
    """Fills, then keeps what the page shows, with changes."""
    answer = client.post(NEW, {"fill": "vide", "siret": SIRET})
    data = {**answer.context["form"].initial, "filled_from": SIRET, **changed}
    answer = client.post(NEW, data)
    assert answer.status_code == 302, answer.context["form"].errors
    return Organization.objects.get()


# --- Filling ---


def test_a_number_fills_what_is_empty_and_saves_nothing(client, person, register):
    page = _filled(client, siret="213 805 633 00012")
    assert 'value="Commune de Voiron"' in page
    assert 'value="12 Rue Mainssieux"' in page
    assert 'value="38500"' in page
    assert 'value="Voiron (38)"' in page
    assert '<option value="commune" selected>' in page
    assert "d’après l’annuaire, le" in page
    assert not Organization.objects.exists()
    assert "alert--error" not in page  # nobody is blamed for a form that was not sent


def test_what_was_typed_stays_and_is_shown_beside(client, person, register):
    page = _filled(client, siret=SIRET, name="Mairie de Voiron", commune="38500 Voiron")
    assert 'value="Mairie de Voiron"' in page
    assert "vous avez écrit « Mairie de Voiron », l’annuaire dit « Commune de Voiron »" in page
    assert "Commune du siège : vous avez écrit" not in page  # the same, written otherwise
    page = client.post(NEW, {"fill": "tout", "siret": SIRET, "name": "Mairie"}).content.decode()
    assert 'value="Commune de Voiron"' in page


def test_a_siret_gives_its_own_establishment(client, person, register):
    assert "Rue des Ecoles" in _filled(client, siret=SCHOOL)


def test_a_name_offers_namesakes_to_choose(client, person, register):
    page = _filled(client, name="chorale")
    assert f'value="{CHOIR}"' in page
    page = client.post(NEW, {"fill": CHOIR, "name": "chorale"}).content.decode()
    assert 'value="W381234568"' in page
    assert '<option value="association" selected>' in page
    assert "l’annuaire dit « Chorale des Quatre Vents »" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Écrivez d’abord un numéro"),
        ({"siret": "123"}, "Ce numéro contient une erreur"),
        ({"siret": "732829320"}, "ne connaît pas ce numéro"),
        ({"name": "introuvable"}, "ne trouve personne de ce nom"),
    ],
)
def test_when_nothing_is_found_it_is_said_and_nothing_is_lost(
    client, person, register, typed, said
):
    page = _filled(client, address="3 place d’Armes", **typed)
    assert said in page
    assert "3 place d’Armes" in page


def test_a_closed_one_is_said(client, person, register):
    CompanyCard.objects.create(number="732829320", said=_card(is_closed=True), at=clock.now())
    assert "cet établissement est fermé" in _filled(client, siret="732829320")


def _card(**given):
    texts = ("siren", "siret", "name", "rna", "legal_form", "level", "address", "postcode")
    said = dict.fromkeys((*texts, "commune_code", "commune_name"), "")
    return said | {"siren": "732829320", "is_closed": False, "is_association": False} | given


def test_without_the_setting_there_is_no_button(client, person):
    assert "Remplir d’après" not in client.get(NEW).content.decode()


def test_down_or_slow_it_says_what_to_do_and_keeps_what_was_typed(client, person, settings):
    settings.COMPANIES_URL = "http://127.0.0.1:9"
    for _ in range(FAILURES_TO_PAUSE + 1):
        page = _filled(client, siret=SIRET, name="Mairie")
        assert "ne répond pas en ce moment : remplissez à la main" in page
        assert 'value="Mairie"' in page
    assert ServiceState.objects.get().paused_until


@pytest.mark.parametrize("mood", ["html", "truncated", "401", "429", "500"])
def test_whatever_it_answers_the_page_does(client, person, register, mood):
    door(register, f"/_mood/{mood}")
    assert "ne répond pas en ce moment" in _filled(client, siret=SIRET)


def test_an_answer_is_kept_a_week_and_serves_while_it_is_away(client, person, register, settings):
    with clock.frozen(NOW):
        _filled(client, siret=SIRET)
    settings.COMPANIES_URL = "http://127.0.0.1:9"
    with clock.frozen(NOW + timedelta(days=6)):
        assert "mercredi 3 mars 2027" in _filled(client, siret=SIRET)
        assert not ServiceState.objects.filter(failures__gt=0)
    with clock.frozen(NOW + timedelta(days=40)):
        assert "mercredi 3 mars 2027" in _filled(client, siret=SIRET)  # old, and dated
        assert ServiceState.objects.filter(failures=1)


# --- Where fields come from ---


def test_what_was_kept_says_where_it_comes_from(client, person, register):
    with clock.frozen(NOW):
        organization = _kept(client, address="13 rue Mainssieux")
        page = client.get(reverse("accounts:organization", args=[organization.pk]))
    said = _read(page)
    assert "Nom : d’après l’annuaire, le mercredi 3 mars 2027" in said
    assert "Adresse : écrit ici ; l’annuaire disait « 12 Rue Mainssieux »" in said


def test_a_form_that_was_not_filled_claims_nothing(client, person, register):
    theirs = _card(siren="812345676", name="Chorale", address="8 place de l’Église")
    CompanyCard.objects.create(number=CHOIR, said=theirs, at=clock.now())
    _kept(client, filled_from=CHOIR)  # somebody else's number
    assert not FieldSource.objects.exists()


@pytest.fixture
def organization(client, person, register):
    with clock.frozen(NOW):
        return _kept(client, name="Mairie de Voiron")


def _compared(organization, **said):
    """A later night, when the register says something else."""
    card = actions.companies.kept(SIRET)
    with clock.frozen(NOW + timedelta(days=31)):
        return actions.compare(organization, replace(card, at=clock.now(), **said))


def test_a_correction_wins_until_the_register_changes(organization):
    assert _compared(organization) == 0
    assert _compared(organization, name="Ville de Voiron") == 1
    assert _compared(organization, name="Ville de Voiron") == 0  # offered already
    organization.refresh_from_db()
    assert organization.name == "Mairie de Voiron"


def test_a_corrected_number_leaves_nothing_of_the_former_one(organization, person):
    assert _compared(organization, name="Ville de Voiron") == 1
    actor = Actor(person, organization.memberships.get(user=person))
    edit_organization(actor=actor, organization=organization, address="12 rue Mainssieux")
    assert FieldSource.objects.exists()
    edit_organization(actor=actor, organization=organization, siren="812345676", siret=CHOIR)
    assert not FieldSource.objects.exists()
    with pytest.raises(Refusal):
        actions.decide(organization, "name", takes=True, actor=actor)


def test_an_offer_is_taken_or_not_once(client, organization):
    _compared(organization, name="Ville de Voiron", address="1 place de la République")
    url = reverse("accounts:organization", args=[organization.pk])
    page = client.get(url).content.decode()
    assert "« Ville de Voiron ». Ici : « Mairie de Voiron »" in page
    decide = reverse("accounts:organization_decide", args=[organization.pk])
    client.post(decide, {"field": "name", "choice": "keep"})
    client.post(decide, {"field": "address", "choice": "accept"})
    organization.refresh_from_db()
    assert (organization.name, organization.address) == (
        "Mairie de Voiron",
        "1 place de la République",
    )
    page = client.get(url).content.decode()
    assert "Accepter" not in page
    assert "l’annuaire disait « Ville de Voiron »" in page
    here = {"address": "1 place de la République"}
    assert _compared(organization, name="Ville de Voiron", **here) == 0  # it was said once
    assert (
        "plus rien à décider"
        in client.post(decide, {"field": "name", "choice": "accept"}, follow=True).content.decode()
    )


def test_a_commune_is_offered_by_its_name(client, organization):
    CommuneFactory(code="38999", name="Coublevie", postcodes=["38500"])
    _compared(organization, commune_code="38999")
    assert (
        "Coublevie"
        in client.get(reverse("accounts:organization", args=[organization.pk])).content.decode()
    )


def test_what_was_verified_waits_for_the_operator(organization, person):
    Organization.objects.filter(pk=organization.pk).update(
        verified_at=NOW, verified_by_method="operateur"
    )
    _compared(organization, name="Ville de Voiron")
    actor = actions.Actor(person, person.memberships.get())
    with pytest.raises(Refusal, match="accord de l’opérateur"):
        actions.decide(organization, "name", takes=True, actor=actor)
    operator = actions.Actor(UserFactory(is_operator=True))
    actions.decide(organization, "name", takes=True, actor=operator)
    organization.refresh_from_db()
    assert organization.name == "Ville de Voiron"


def test_only_who_may_edit_decides(client, organization):
    _compared(organization, name="Ville de Voiron")
    member = MembershipFactory(organization=organization, role=MembershipRole.MEMBER)
    sign_in(client, member.user)
    decide = reverse("accounts:organization_decide", args=[organization.pk])
    assert client.post(decide, {"field": "name", "choice": "accept"}).status_code == 403


# --- The night ---


def test_each_month_the_register_is_asked_again(organization, register, monkeypatch):
    monkeypatch.setattr("preau.accounts.tasks.PAUSE", 0)
    door(register, "/_move/213805633?adresse=5+PLACE+NEUVE+38500+VOIRON")
    with clock.frozen(NOW + timedelta(days=29)):
        assert refresh_from_register.func(0) == 0
    with clock.frozen(NOW + timedelta(days=31)):
        assert refresh_from_register.func(0) == 1
        assert refresh_from_register.func(0) == 0
    assert FieldSource.objects.get(field="address").offered == "5 Place Neuve"


def test_a_night_without_the_register_changes_nothing(organization, settings, monkeypatch):
    monkeypatch.setattr("preau.accounts.tasks.PAUSE", 0)
    OrganizationFactory()
    settings.COMPANIES_URL = "http://127.0.0.1:9"
    before = list(FieldSource.objects.order_by("pk").values())
    with clock.frozen(NOW + timedelta(days=31)):
        assert refresh_from_register.func(0) == 0
    assert list(FieldSource.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("COMMUNE DE VOIRON", "Commune de Voiron"),
        ("MJC DU PAYS D'ART ET DE L'EAU", "MJC du Pays d'Art et de l'Eau"),
        ("LES AMIS", "Les Amis"),
        ("Déjà écrit", "Déjà écrit"),
        ("", ""),
    ],
)
def test_capitals_become_letters_that_people_read(text, plain):
    assert in_plain_letters(text) == plain


def test_what_cannot_be_compared_leaves_the_first_places(settings, monkeypatch):
    """Without a number since, or failing each night: the others have their turn."""
    settings.COMPANIES_URL = "http://127.0.0.1:9"
    monkeypatch.setattr(actions, "MOST_A_NIGHT", 2)
    monkeypatch.setattr("preau.accounts.tasks.PAUSE", 0)
    sirens = ("", "213805633", "812345676")
    nameless, failing, waiting = (OrganizationFactory(siren=one) for one in sirens)
    long_ago = clock.now() - timedelta(days=60)
    for number, one in enumerate((nameless, failing, waiting)):
        at = long_ago + timedelta(minutes=number)
        provenance.note(one, {"name": one.name}, source=companies.KEY, at=at)
    asked = []
    monkeypatch.setattr(actions, "refresh_since", lambda one: asked.append(one) or 1 / 0)
    assert refresh_from_register.func(0) == 1
    assert refresh_from_register.func(0) == 1
    assert refresh_from_register.func(0) == 0
    assert asked == [failing, waiting]
