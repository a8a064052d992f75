"""A campaign is funded by neighbours and a company; then its story is told."""

import re
from datetime import timedelta

import pytest

from preau.core import clock
from preau.initiatives.models import Campaign, Pledge, Story
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory
from tests.documents.pictures import picture
from tests.initiatives.campaign_factories import holder_of, project

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def check(page, *labels):
    for label in labels:
        page.get_by_label(label, exact=True).check(force=True)


def ask_for(visitor, kind, what, much, unit=""):
    visitor.press("Ajouter un objectif", role="link")
    check(visitor.page, kind)
    visitor.fill("Quoi", what)
    visitor.fill("Combien", much)
    if unit:
        visitor.page.get_by_label("Unité").fill(unit)
    visitor.press("Enregistrer")


def prepare(visitor, of):
    today = clock.today()
    visitor.go(f"/projets/{of.key}/collectes/nouvelle/")
    visitor.fill("Titre", "Deux composteurs pour les Prés")
    visitor.fill("Présentation", "Nous voulons composter ensemble.")
    visitor.fill("Premier jour", today.isoformat())
    visitor.fill("Dernier jour", (today + timedelta(days=40)).isoformat())
    visitor.page.get_by_label("Page de la collecte en argent").fill("https://www.dons.example/pres")
    visitor.press("Enregistrer")
    ask_for(visitor, "Argent", "Terre et bacs", "1000")
    ask_for(visitor, "Matériel", "Palettes", "30", "pièces")
    visitor.press("Ouvrir la collecte")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_campaign_is_funded_in_twenty_days(open_visitor, javascript):
    of = project(name="Nom interne du projet")
    holder = holder_of(of)
    author = open_visitor(javascript=javascript)
    author.sign_in(holder.user, holder.membership)
    prepare(author, of)
    made = Campaign.objects.get()
    if javascript:
        author.assert_accessible()

    # A neighbour without an account promises wood, and confirms by the letter's link.
    neighbour = open_visitor(javascript=javascript)
    neighbour.go("/collectes/")
    if javascript:
        neighbour.assert_accessible()
    neighbour.leave_by(
        neighbour.page.get_by_role("link", name="Deux composteurs pour les Prés").first
    )
    if javascript:
        neighbour.assert_accessible()
    assert "Nom interne" not in neighbour.page.content()
    neighbour.press("Promettre : Palettes", role="link")
    neighbour.fill("Combien (pièces)", "40")
    neighbour.fill("Votre nom", "Paul")
    neighbour.fill("Votre adresse électronique", "paul@voisin.example")
    check(neighbour.page, "Montrer mon nom parmi les remerciements sur la page")
    neighbour.press("Promettre")
    assert neighbour.page.get_by_text("plus que ce qui est demandé").first.is_visible()
    neighbour.fill("Combien (pièces)", "10")
    neighbour.press("Promettre")
    letter = Email.objects.get(recipient="paul@voisin.example").text
    neighbour.go(re.search(r"/collectes/apport/[^/\s]+/", letter)[0])
    if javascript:
        neighbour.assert_accessible()
    neighbour.press("Confirmer mon apport")

    # A company gives the rest, signed in.
    worker = MembershipFactory(organization__name="Menuiserie Blanc")
    company = open_visitor(javascript=javascript)
    company.sign_in(worker.user, worker)
    company.go(f"/collectes/{made.key}/")
    company.press("Promettre : Palettes", role="link")
    company.fill("Combien (pièces)", "20")
    check(company.page, "Montrer mon nom parmi les remerciements sur la page")
    company.press("Promettre")

    # The holder counts on both, then copies what the platform shows: all is found.
    author.go(f"/projets/collectes/{made.key}/")
    if javascript:
        author.assert_accessible()
    author.press("Confirmer", exact=False)
    author.press("Confirmer", exact=False)
    author.press("Noter le montant collecté", role="link")
    author.fill("Montant collecté à ce jour, en euros", "1000")
    author.fill("Comment on le sait", "Page de la plateforme")
    Campaign.objects.update(opened_at=made.opened_at - timedelta(days=20))
    author.press("Enregistrer")
    assert author.page.get_by_text("Tout est trouvé en 20").first.is_visible()
    assert set(Pledge.objects.values_list("state", flat=True)) == {"confirme"}
    neighbour.go(f"/collectes/{made.key}/")
    assert neighbour.page.get_by_text("Menuiserie Blanc, Paul.").is_visible()
    if javascript:
        neighbour.assert_accessible()
    neighbour.go("/collectes/?etat=terminees")
    for one in (author, neighbour, company):
        one.check()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_project_tells_what_it_made(open_visitor, settings, tmp_path, javascript):
    settings.MEDIA_ROOT = tmp_path
    of = project(name="Nom interne du projet")
    holder = holder_of(of)
    author = open_visitor(javascript=javascript)
    author.sign_in(holder.user, holder.membership)
    author.go(f"/projets/{of.key}/")
    author.press("Écrire un récit", role="link")
    if javascript:
        author.assert_accessible()
    author.fill("Titre", "Un composteur qui a fait école")
    author.page.get_by_label("Ce que dit le chiffre 1").fill("de déchets compostés en un an")
    author.press("Enregistrer")
    assert author.page.get_by_text("Écrivez le chiffre").first.is_visible()
    author.page.get_by_label("Chiffre 1").first.fill("120 kg")
    author.page.get_by_label("En une phrase").fill("Cent foyers y apportent leurs épluchures.")
    author.page.get_by_label("Le récit").fill("Tout a commencé par un kit.\n\nPuis…")
    author.page.get_by_label("Signé par").fill("Le collectif des Prés")
    author.press("Enregistrer")
    author.press("Ajouter une photo", role="link")
    if javascript:
        author.assert_accessible()
    file = {"name": "bac.jpg", "mimeType": "image/jpeg", "buffer": picture().read()}
    author.page.locator("input[type=file]").set_input_files(file)
    author.page.get_by_label("Description de la photo").fill("Deux bacs en bois.")
    check(author.page, "Personne n’est reconnaissable sur cette photo")
    author.press("Ajouter la photo")
    if javascript:
        author.assert_accessible()
    author.press("Publier le récit")
    story = Story.objects.get()
    reader = open_visitor(javascript=javascript)
    reader.go("/recits/")
    if javascript:
        reader.assert_accessible()
    reader.leave_by(reader.page.get_by_role("link", name="Un composteur qui a fait école").first)
    reader.page.get_by_text("120 kg").wait_for()
    reader.page.get_by_alt_text("Deux bacs en bois.").wait_for()
    assert "Nom interne" not in reader.page.content()
    if javascript:
        reader.assert_accessible()
    assert story.photos.get().people == "personne"
    for one in (author, reader):
        one.check()
