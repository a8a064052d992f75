"""A coordinator shares the costs of a place among three providers and proposes the annex; one of
them answers. A project holder runs a model. A negotiation covers its charges."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.economics import round_links
from preau.economics.models import CostAllocation, NegotiationRound
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.booking.factories import booking
from tests.economics.factories import opened_round
from tests.journeys.world import town
from tests.projects.factories import ProjectFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("ECONOMICS_SHOTS", "")


@pytest.fixture
def house(db, settings, tmp_path):
    """A town's room, that the Caf and a choir use."""
    settings.MEDIA_ROOT = tmp_path
    made = town()
    made.room.surface = 35
    made.room.save()
    made.caf = OrganizationFactory(verified=True, name="Caf de l’Isère", siren="775685019")
    made.of_caf = MembershipFactory(organization=made.caf, role=MembershipRole.MANAGER)
    choir = OrganizationFactory(verified=True, name="Chorale des Cimes")
    singer = MembershipFactory(organization=choir, role=MembershipRole.MANAGER)
    for days, one in ((8, made.of_caf), (9, singer), (15, made.of_caf)):
        booking(made.room, actor=Actor(one.user, one), days=days, confirmed=True)
    return made


def shot(person, name):
    if not SHOTS:
        return
    for width in (1280, 320):
        person.page.set_viewport_size({"width": width, "height": 900})
        person.page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)
    person.page.set_viewport_size({"width": 1280, "height": 900})


def text_of(person):
    return (
        person.page.get_by_role("main").inner_text().replace("\u00a0", " ").replace("\u202f", " ")
    )


def tick(person, label):
    """By the label, as one does: it covers its box."""
    person.page.get_by_role("main").locator("label", has_text=label).first.click()


def reads_the_annex(person):
    link = person.page.get_by_role("link", name="Télécharger l’annexe (PDF)")
    answer = person.page.request.get(person.origin + link.get_attribute("href"))
    assert answer.body().startswith(b"%PDF")


def add_charge(agent, how, label, amount, metres=""):
    agent.press("Ajouter une charge", role="link")
    tick(agent, how)
    agent.fill("Intitulé", label)
    agent.fill("Montant en euros", amount)
    if metres:
        agent.fill("Surface de la salle", metres)
    agent.press("Enregistrer")


def open_the_sharing(agent, house):
    agent.go("/piloter/")
    agent.press("Partage des coûts", role="link", exact=False)
    agent.press("Partager les coûts d’un lieu", role="link")
    agent.page.get_by_label("Lieu", exact=True).select_option(str(house.place.pk))
    today = clock.today(house.place.zone)
    agent.fill("Période, du", f"{today:%Y-%m-%d}")
    agent.fill("au (inclus)", f"{today + timedelta(days=60):%Y-%m-%d}")
    agent.assert_accessible()
    agent.press("Continuer")
    assert "Caf de l’Isère" in text_of(agent)
    assert "Chorale des Cimes" in text_of(agent)
    assert "Repris du planning" in text_of(agent)


def complete_it(agent):
    add_charge(agent, "Ouverture du lieu", "Loyer et énergie", "1 200,50")
    add_charge(agent, "Accueil, par demi-journée", "Agent d’accueil", "45")
    add_charge(agent, "Salle d’une certaine taille", "Salle Olympe", "300", "35")
    agent.press("Ajouter un occupant", role="link")
    agent.assert_accessible()
    agent.fill("Occupant", "La Poste")
    agent.fill("Heures sur toute la période", "24")
    agent.fill("Plus grande salle", "15")
    tick(agent, "Mardi matin")
    agent.press("Enregistrer")
    agent.assert_accessible()
    text = text_of(agent)
    assert "Trois façons de partager" in text
    assert "Personne ne paie plus que seul." in text
    agent.page.get_by_text("La Poste : pourquoi, ligne à ligne").click()
    assert "partagés en 3 parts égales" in text_of(agent)
    shot(agent, "comparison")


@pytest.mark.parametrize("javascript", [True, False])
def test_costs_are_shared_and_the_annex_proposed(open_visitor, house, javascript):
    agent = open_visitor(javascript=javascript)
    agent.sign_in(house.agent.user, house.agent)
    open_the_sharing(agent, house)
    complete_it(agent)
    agent.press("Choisir une règle et proposer", role="link")
    agent.fill("Réponse attendue avant le", f"{clock.now() + timedelta(days=20):%Y-%m-%d}")
    agent.assert_accessible()
    agent.press("Écrire l’annexe et proposer")
    agent.assert_accessible()
    shot(agent, "proposed")
    allocation = CostAllocation.objects.get()
    assert allocation.annex.readers.count() == 2
    reads_the_annex(agent)
    provider = open_visitor(javascript=javascript)
    provider.sign_in(house.of_caf.user, house.of_caf)
    provider.go(allocation.providers.get(organization=house.caf).get_absolute_url())
    provider.assert_accessible()
    shot(provider, "share")
    tick(provider, "Oui, nous sommes d’accord")
    provider.press("Envoyer la réponse")
    assert "D’accord" in text_of(provider)
    reads_the_annex(provider)
    for one in (agent, provider):
        one.check()


def add_hypothesis(person, what, kind, label, amounts, volumes=()):
    person.press(f"Ajouter : {what}", role="link")
    person.page.get_by_label("Nature").select_option(label=kind)
    person.fill("Intitulé", label)
    names = ("Montant, au plus bas", "Montant le plus probable", "Montant, au plus haut")
    for name, amount in zip(names, amounts, strict=True):
        person.fill(name, amount)
    names = (
        "Quantité par mois, au plus bas",
        "Quantité la plus probable",
        "Quantité, au plus haut",
    )
    for name, volume in zip(names, volumes or ("",) * 3, strict=True):
        person.fill(name, volume)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_holder_runs_a_model(open_visitor, db, javascript):
    membership = MembershipFactory()
    project = ProjectFactory(holder_organization=membership.organization)
    holder = open_visitor(javascript=javascript)
    holder.sign_in(membership.user, membership)
    holder.go(reverse("projects:sheet", args=[project.key]))
    holder.press("Ouvrir un modèle économique", role="link")
    holder.fill("Nom", "Atelier partagé")
    holder.fill("Trésorerie de départ", "5 000")
    holder.press("Ouvrir le modèle")
    holder.assert_accessible()
    add_hypothesis(holder, "Dépense de chaque mois", "Loyer", "Loyer", ("900", "1000", "1200"))
    holder.assert_accessible()
    holder.press("Enregistrer")
    what = "Recette de chaque mois"
    add_hypothesis(
        holder, what, "Location d’espaces", "Salle", ("4", "5", "6"), ("100", "300", "500")
    )
    holder.fill("Montée en charge", "6")
    holder.press("Enregistrer")
    holder.assert_accessible()
    shot(holder, "model")
    holder.press("Calculer une version", role="link")
    holder.press("Calculer et garder")
    holder.assert_accessible()
    assert "Ce qui pèse le plus" in text_of(holder)
    shot(holder, "version")
    holder.check()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_negotiation_is_covered(open_visitor, house, javascript):
    round_ = opened_round(house.manager, house.caf)
    invitee = open_visitor(javascript=javascript)
    invitee.go(round_links.page_for(round_.invitations.get(name="La Poste")))
    invitee.assert_accessible()
    invitee.fill("Engagement, en euros par mois", "1 840")
    invitee.fill("Séances par mois", "8")
    invitee.press("Enregistrer notre engagement")
    invitee.assert_accessible()
    shot(invitee, "invitation")
    assert "1 840,00 € par mois engagés" in text_of(invitee)
    member = open_visitor(javascript=javascript)
    member.sign_in(house.of_caf.user, house.of_caf)
    member.go(round_.invitations.get(organization=house.caf).get_absolute_url())
    member.fill("Engagement, en euros par mois", "460")
    member.press("Enregistrer notre engagement")
    assert "Charges couvertes" in text_of(member)
    agent = open_visitor(javascript=javascript)
    agent.sign_in(house.agent.user, house.agent)
    agent.go(round_.get_absolute_url())
    agent.assert_accessible()
    shot(agent, "round")
    agent.press("Préparer les conventions")
    agent.assert_accessible()
    assert NegotiationRound.objects.get().allocation.providers.count() == 2
    for one in (invitee, member, agent):
        one.check()
