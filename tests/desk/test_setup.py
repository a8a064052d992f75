"""The guide that opens a first place: its steps, what each answer writes, who may."""

import itertools

import pytest
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.accounts.models import Organization
from preau.agreements.enums import AuthorityRole
from preau.agreements.loading import load_national_models
from preau.agreements.models import Model
from preau.agreements.queries import authority_for, published
from preau.booking.models import BookingRules
from preau.core.errors import Refusal
from preau.desk.setup import actions, steps
from preau.desk.setup.state import Setup
from preau.desk.setup.steps import Facts, State
from preau.places.enums import ApprovalMode, PlaceKind, Publication
from preau.pricing.models import Rate, Tariff
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.availability.factories import open_space
from tests.places.factories import PlaceFactory, SpaceFactory
from tests.pricing.factories import tariff_for
from tests.territories.factories import CommuneFactory

# --- Steps: nothing but facts ------------------------------------------------------------------


def states(**facts):
    return {one.kind.key: one.state for one in steps.steps_of(Facts(**facts))}


def test_a_new_structure_begins_with_its_proof_and_its_place():
    found = states()
    assert found["structure"] == State.DONE
    assert found["verification"] == found["lieu"] == State.NEXT
    assert {found[key] for key in ("espace", "horaires", "publier")} == {State.LATER}


def test_a_proof_that_is_asked_for_lets_one_go_on():
    shown = steps.steps_of(Facts(has_asked=True))
    assert states(has_asked=True)["verification"] == State.WAITING
    assert steps.next_step(shown).kind is steps.PLACE


def test_nobody_signs_when_there_is_no_agreement():
    assert "signataire" not in states(agreement="aucune")
    assert "signataire" in states(agreement="choisie") and "signataire" in states()


def test_what_is_passed_is_found_again():
    facts = Facts(has_asked=True, has_place=True, has_space=True, has_price=True)
    shown = steps.steps_of(facts)
    assert steps.next_step(shown, after=steps.HOURS).kind is steps.RULES
    assert steps.next_step(shown).kind is steps.HOURS
    assert steps.next_step(shown, after=steps.PUBLISH) is None


def test_the_minutes_only_go_down_and_stay_under_fifteen():
    names = ("is_verified", "has_place", "has_space", "has_hours", "has_price", "has_rules")
    for chosen in itertools.product((False, True), repeat=len(names)):
        facts = dict(zip(names, chosen, strict=True))
        left = steps.minutes_left(steps.steps_of(Facts(**facts)))
        assert 0 < left <= 15
        for name in names:
            more = steps.minutes_left(steps.steps_of(Facts(**(facts | {name: True}))))
            assert more <= left
    whole = dict.fromkeys(names, True) | {"agreement": "aucune", "is_published": True}
    assert steps.minutes_left(steps.steps_of(Facts(**whole))) == 0


# --- The data --------------------------------------------------------------------------------------


@pytest.fixture
def town(db):
    return OrganizationFactory(town=True, siren="213801855")


@pytest.fixture
def chief(town):
    return MembershipFactory(organization=town, role=MembershipRole.ADMINISTRATOR)


@pytest.fixture
def actor(chief):
    return Actor(chief.user, chief)


@pytest.fixture
def hall(town):
    draft = Publication.DRAFT
    place = PlaceFactory(owner=town, name="Salle des fêtes", publication=draft)
    return SpaceFactory(place=place, publication=draft)


@pytest.fixture
def clerk(client, chief):
    return sign_in(client, chief.user, chief)


def url(name, town):
    return reverse(f"desk:setup_{name}", args=[town.pk])


def test_one_price_alone_is_everyones(hall, actor):
    prices = {("commune", "heure"): 1000, ("exterieur", "heure"): 2000, ("", "journee"): 9000}
    actions.choose_price(hall, ["association"], "payant", prices, actor=actor)
    hall.refresh_from_db()
    assert hall.categories == ["association"]
    assert hall.price_from_cents == 1000
    tariff = Setup(hall.place.owner).tariff
    rates = {(one.residence, one.unit): one.amount_cents for one in Rate.objects.all()}
    assert rates == prices
    assert tariff.assignments.get().place == hall.place


@pytest.mark.parametrize(("kind", "cents"), [("gratuit", 0), ("demande", None)])
def test_free_and_on_request_need_no_tariff(hall, actor, kind, cents):
    assert not Setup(hall.place.owner).facts().has_price
    actions.choose_price(hall, ["association"], kind, {}, actor=actor)
    hall.refresh_from_db()
    assert hall.price_from_cents == cents
    assert not Tariff.objects.exists()
    assert Setup(hall.place.owner).facts().has_price


def test_a_tariff_of_the_same_name_undoes_the_whole_answer(hall, actor):
    Tariff.objects.create(organization=hall.place.owner, name=hall.place.name)
    with pytest.raises(Refusal, match="porte déjà ce nom"):
        prices = {("", "heure"): 1000}
        actions.choose_price(hall, ["association"], "payant", prices, actor=actor)
    hall.refresh_from_db()
    assert "entreprise" in hall.categories
    assert not Setup(hall.place.owner).facts().has_price


def test_the_accord_and_the_insurance(hall, actor):
    rules = actions.choose_rules(hall, "personne", "demande", actor=actor)
    hall.refresh_from_db()
    assert hall.approval == ApprovalMode.IMMEDIATE
    asked = rules.documents.get()
    assert asked.with_request and "particulier" not in asked.categories
    assert Setup(hall.place.owner).rules == rules


def test_the_agreement_keeps_the_rules_said_before(hall, actor):
    load_national_models()
    rules = actions.choose_rules(hall, "gestionnaire", "suivre", actor=actor)
    setup = Setup(hall.place.owner)
    actions.choose_agreement(hall, setup.rules, setup.national, "national", actor=actor)
    rules.refresh_from_db()
    assert rules.agreement_model == setup.national
    assert rules.documents.count() == 1
    assert Setup(hall.place.owner).facts().agreement == "choisie"


def test_a_copy_is_ones_own_and_in_force(hall, actor):
    load_national_models()
    setup = Setup(hall.place.owner)
    actions.choose_agreement(hall, None, setup.national, "copie", actor=actor)
    own = BookingRules.objects.get().agreement_model
    assert own.organization == hall.place.owner
    assert published(own).clauses.count() == published(setup.national).clauses.count()


def test_no_agreement_is_an_answer_too(hall, actor):
    actions.choose_agreement(hall, None, None, "aucune", actor=actor)
    assert Setup(hall.place.owner).facts().agreement == "aucune"
    assert not BookingRules.objects.exists()


def test_a_school_is_signed_for_by_its_head_too(actor, hall):
    owner = hall.place.owner
    Organization.objects.filter(pk=owner.pk).update(kind=OrganizationKind.DEPARTEMENT)
    type(hall.place).objects.update(kind=PlaceKind.ETABLISSEMENT_SCOLAIRE)
    setup = Setup(Organization.objects.get(pk=owner.pk))
    assert setup.roles_to_sign == [AuthorityRole.OWNER, AuthorityRole.HEAD_OF_SCHOOL]


# --- The pages -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_wrong_number_keeps_what_was_typed(client):
    CommuneFactory()
    sign_in(client, UserFactory())
    typed = {
        "kind": "commune",
        "siret": "21380185500016",
        "name": "Mairie d’Ici",
        "commune": "Grenoble",
    }
    answer = client.post(reverse("desk:setup"), typed)
    assert "Ce numéro contient une erreur" in answer.content.decode()
    assert 'value="Mairie d’Ici"' in answer.content.decode()
    assert not Organization.objects.exists()
    answer = client.post(reverse("desk:setup"), typed | {"siret": ""})
    assert answer.context["form"].errors["siret"]


@pytest.mark.django_db
def test_the_number_of_la_poste_is_taken(client):
    CommuneFactory()
    sign_in(client, UserFactory())
    typed = {"kind": "organisme", "siret": "35600000000056", "name": "Bureau", "commune": "38000"}
    client.post(reverse("desk:setup"), typed)
    town = Organization.objects.get()
    assert town.siret == "35600000000056"
    home = client.get(url("home", town))
    assert home.status_code == 200  # the new hat is worn at once


def test_pages_wait_for_the_place_and_the_space(clerk, town):
    for name in ("hours", "price", "rules", "agreement", "signatory", "publish", "space"):
        assert clerk.get(url(name, town))["Location"] == url("place", town)
    PlaceFactory(owner=town)
    for name in ("hours", "price", "rules", "agreement", "signatory", "publish"):
        assert clerk.get(url(name, town))["Location"] == url("space", town)


def test_a_place_said_again_is_corrected_not_doubled(clerk, town):
    typed = {
        "name": "Salle",
        "kind": "gymnase",
        "address": "1 rue d’Ici",
        "postcode": "38000",
        "commune": "Grenoble",
    }
    clerk.post(url("place", town), typed)
    answer = clerk.post(url("place", town), typed | {"name": "Gymnase"})
    assert answer["Location"] == url("space", town)
    assert town.places.get().name == "Gymnase"
    answer = clerk.post(url("place", town), typed | {"address": "", "name": "Autre"})
    assert 'value="Autre"' in answer.content.decode()


def test_prices_that_miss_say_so_and_stay(clerk, hall):
    town = hall.place.owner
    typed = {"categories": ["association"], "kind": "payant", "exterieur_heure": "20"}
    answer = clerk.post(url("price", town), typed)
    words = answer.content.decode()
    assert "Écrivez aussi le prix pour la commune" in words
    assert 'value="20"' in words
    assert not Tariff.objects.exists()


def test_what_is_said_is_shown_not_asked_again(clerk, hall, actor):
    town = hall.place.owner
    open_space(hall)
    tariff_for(hall.place)
    actions.choose_rules(hall, "gestionnaire", "non", actor=actor)
    for name in ("hours", "price", "rules"):
        answer = clerk.get(url(name, town))
        assert '<form method="post" class="pr-form"' not in answer.content.decode(), name
        clerk.post(url(name, town), {"preset": "toujours"})
    assert town.opening_calendars.count() == Tariff.objects.count() == 1


def test_publication_waits_for_the_proof(clerk, hall):
    town = hall.place.owner
    answer = clerk.post(url("publish", town))
    assert "n’est pas encore vérifiée" in answer.content.decode()
    hall.refresh_from_db()
    assert hall.publication == Publication.DRAFT


def test_the_home_page_offers_the_guide_until_a_place_is_open(clerk, town):
    assert url("home", town) in clerk.get("/").content.decode()
    PlaceFactory(owner=town)
    assert url("home", town) not in clerk.get("/").content.decode()


def test_who_signs_is_named(clerk, hall):
    town = hall.place.owner
    typed = {"owner_name": "Ana Roux", "owner_capacity": "maire", "owner_email": "a@ici.fr"}
    clerk.post(url("signatory", town), typed | {"owner_email": "a"})
    assert authority_for(hall.place, AuthorityRole.OWNER) is None
    clerk.post(url("signatory", town), typed)
    assert authority_for(hall.place, AuthorityRole.OWNER).capacity == "maire"


def test_national_models_are_needed_for_an_agreement(clerk, hall):
    answer = clerk.post(url("agreement", hall.place.owner), {"answer": "national"})
    assert "Aucun modèle national" in answer.content.decode()
    assert not Model.objects.exists()
