"""A DDT brings its spreadsheet in, mends a line, takes it back; the operator merges two structures
and changes a perimeter."""

import pytest

from preau.accounts.models import Organization
from preau.portfolio.bringing.models import ProjectBatch
from preau.projects.models import Project
from preau.territories.models import Crte
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.projects.factories import agent_of, pair
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
CSV = (
    "Intitulé;INSEE;Thématique;Montant;Observations\n"
    "Rénovation de l’école Jean-Giono, avec sa cour et son préau ouverts sur le bourg;38226;"
    "Éducation, enfance et jeunesse;1 250 000;à revoir\n"
    "Halle couverte;38999;Commerces;gratuit;\n"
    "Passerelle;38226;Mobilité douce;480 k€;\n"
)


def send(page, name, content, label):
    page.get_by_label(label).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    )


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_spreadsheet_comes_in_and_goes_back(open_visitor, javascript):
    CommuneFactory(code="38226", name="Mens")
    agent = agent_of(pair(DepartementFactory()).ddt)
    visitor = open_visitor(javascript=javascript)
    page = visitor.page
    visitor.sign_in(agent.user, agent.membership)
    visitor.go("/piloter/reprise/")
    if javascript:
        visitor.assert_accessible()
    send(page, "projets.csv", CSV, "Fichier des projets")
    visitor.press("Lire le fichier")
    assert page.get_by_label("Intitulé").input_value() == "name"
    assert page.get_by_label("Observations").input_value() == ""
    if javascript:
        visitor.assert_accessible()
    page.get_by_label("Observations").select_option(label="Objectifs")
    visitor.press("Vérifier chaque ligne")
    assert page.get_by_text("Aucune commune n’a le code INSEE « 38999 »").is_visible()
    assert page.get_by_text("n’est pas lisible").is_visible()
    if javascript:
        visitor.assert_accessible()
    visitor.press("Reprendre ces projets")
    assert Project.objects.count() == 2
    assert page.get_by_role("link", name="Télécharger les lignes à corriger").is_visible()
    visitor.press("Annuler cette reprise", role="link")
    if javascript:
        visitor.assert_accessible()
    visitor.press("Annuler la reprise")
    assert page.get_by_text("Projets retirés").is_visible()
    assert not Project.objects.exists()
    assert ProjectBatch.objects.get().state == "annule"


def test_the_operator_changes_a_perimeter_and_merges_two_structures(visitor):
    CommuneFactory(code="38226", name="Mens")
    page = visitor.page
    visitor.sign_in(UserFactory(is_operator=True), None)
    visitor.go("/piloter/perimetres/")
    visitor.assert_accessible()
    rows = "id_crte;lib_crte;insee_com\nc1;CRTE du sud;38226\nc1;CRTE du sud;99999\n"
    send(page, "crte.csv", rows, "Fichier du périmètre")
    visitor.press("Lire le fichier")
    assert page.get_by_text("Aucune commune n’a le code INSEE « 99999 »").is_visible()
    visitor.assert_accessible()
    visitor.press("Appliquer ce périmètre")
    assert Crte.objects.count() == 1
    visitor.assert_accessible()

    old = OrganizationFactory(name="Mairie de Mens", verified=True)
    new = OrganizationFactory(name="Commune de Mens", verified=True)
    MembershipFactory(organization=old)
    visitor.go(f"/compte/structures/{old.pk}/reunir/")
    visitor.fill("Structure qui reste", "commune de")
    visitor.press("Chercher")
    visitor.assert_accessible()
    visitor.press("Commune de Mens", role="link")
    visitor.assert_accessible()
    visitor.fill("Motif", "Deux comptes pour la même commune.")
    visitor.press("Réunir les deux structures")
    assert page.get_by_label("Motif").input_value() == "Deux comptes pour la même commune."
    page.get_by_label("J’ai vérifié les deux structures").check(force=True)
    visitor.press("Réunir les deux structures")
    assert Organization.objects.get(pk=old.pk).merged_into == new
    visitor.go(f"/compte/structures/{old.pk}/membres/")
    assert page.get_by_text("a été réunie à « Commune de Mens »").is_visible()
    visitor.assert_accessible()
