"""A kit begins a project; neighbours support it; the cell meets about it."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from preau.core import clock
from preau.initiatives.kit_files import load_kits
from preau.initiatives.models import KitUse, Partnership, Support, WatchNote, Workshop
from preau.initiatives.queries.kits import supported
from preau.projects.enums import ProjectState
from preau.projects.models import Step
from tests.initiatives.factories_calls import association, keeper
from tests.journeys.world import letter
from tests.projects.factories import ProjectFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def look(visitor):
    visitor.check()
    if visitor.javascript:
        visitor.assert_accessible()


def link_in(mail):
    return urlsplit(re.search(r"https?://\S+", mail.text)[0]).path


def begin(ines):
    """From the list of kits to a page of support online."""
    ines.go(reverse("initiatives:kits"))
    look(ines)
    ines.press("Installer un composteur collectif", role="link", exact=False)
    look(ines)
    ines.press("Utiliser ce kit", role="link")
    ines.press("Commencer")
    look(ines)  # no name yet: said
    ines.fill("Nom du nouveau projet", "Le compost des Lilas")
    ines.press("Commencer")
    look(ines)
    ines.press("Ouvrir une page de soutien", role="link")
    ines.fill("Ce que vous dites aux habitants", "Un bac pour la rue des Lilas.")
    ines.press("Mettre la page en ligne")
    return KitUse.objects.get()


def support(neighbour, use):
    """Signed out, by the letter."""
    neighbour.go(reverse("initiatives:support_page", args=[use.key]))
    look(neighbour)
    neighbour.fill("Votre prénom", "Ana")
    neighbour.fill("Votre commune", "Grenoble")
    neighbour.fill("Votre adresse électronique", "ana@example.org")
    neighbour.fill("Un mot", "Enfin !")
    neighbour.press("Soutenir ce projet")
    look(neighbour)
    assert supported(use).count == 0
    neighbour.go(link_in(letter("ana@example.org", "Confirmez")))
    look(neighbour)
    neighbour.press("Confirmer mon soutien")
    look(neighbour)
    assert supported(use).count == 1


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_neighbours_support_what_a_kit_began(open_visitor, javascript, db):
    load_kits()
    people = association()
    ines = open_visitor(javascript=javascript)
    ines.sign_in(people.user, people.membership)
    use = begin(ines)
    neighbour = open_visitor(javascript=javascript)
    support(neighbour, use)

    ines.go(reverse("initiatives:kit_use", args=[use.key]))
    look(ines)
    ines.press("Afficher")
    ines.press("C’est fait")
    assert ines.page.get_by_text("Fait le").first.is_visible()
    neighbour.go(reverse("initiatives:support_page", args=[use.key]))
    assert neighbour.page.get_by_text("Enfin !").is_visible()
    neighbour.go(link_in(letter("ana@example.org", "Confirmez")))
    neighbour.press("Retirer mon soutien")
    look(neighbour)
    assert not Support.objects.exists()


def record_currency(clerk, project):
    clerk.go(reverse("initiatives:currency_add", args=[project.key]))
    look(clerk)
    clerk.fill("Nom de la monnaie", "Le Cairn")
    clerk.fill("Commerces et structures partenaires", "Épicerie\nBoulangerie")
    clerk.fill("Depuis le", "2026-01-01")
    clerk.press("Enregistrer")
    look(clerk)
    assert Partnership.objects.get().project == project


def announce(clerk):
    """A workshop, and its guest."""
    clerk.go(reverse("initiatives:workshop_desk"))
    look(clerk)
    clerk.press("Annoncer un atelier", role="link", exact=False)
    look(clerk)
    clerk.fill("Titre de l’atelier", "Que faire de la Halle ?")
    clerk.fill("Territoire", "Isère")
    clerk.page.locator("#id_day").fill((clock.now() + timedelta(days=4)).date().isoformat())
    clerk.page.locator("#id_start").fill("18:00")
    clerk.page.locator("#id_end").fill("20:00")
    clerk.fill("Où", "Mairie")
    clerk.fill("Ordre du jour", "Tour de table (20 min)\nDécider")
    clerk.press("Enregistrer")
    look(clerk)
    clerk.press("Inviter", role="link")
    clerk.fill("Personnes à inviter", "anne@example.org ; Anne Roux ; Jardins")
    clerk.press("Inviter")
    look(clerk)


def conclude(clerk, project):
    """Minutes, an action of the project, a note to watch."""
    clerk.press("Écrire le compte rendu", role="link")
    clerk.fill("Compte rendu", "La Halle ouvrira le samedi.")
    clerk.press("Enregistrer le compte rendu")
    for text, chosen in (("Visiter la Halle", str(project.key)), ("Suivre la friche", "")):
        clerk.press("Ajouter une conclusion", role="link")
        clerk.fill("Ce qui est décidé", text)
        clerk.fill("Qui s’en charge", "Anne")
        clerk.fill("Pour le", "2027-03-01")
        clerk.page.locator("#id_project").select_option(chosen)
        look(clerk)
        clerk.press("Ajouter")
    look(clerk)
    clerk.press("Clore et envoyer les conclusions")
    look(clerk)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_workshop_ends_in_actions(open_visitor, javascript, db):
    cell = keeper()
    project = ProjectFactory(
        state=ProjectState.ACCOMPANIED, holder_organization=cell.organization, name="La Halle"
    )
    clerk = open_visitor(javascript=javascript)
    clerk.sign_in(cell.user, cell.membership)
    record_currency(clerk, project)
    announce(clerk)

    anne = open_visitor(javascript=javascript)
    anne.go(link_in(letter("anne@example.org", "Invitation")))
    look(anne)
    anne.press("Oui")
    look(anne)

    now = clock.now()
    Workshop.objects.update(starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1))
    workshop = Workshop.objects.get()
    clerk.go(reverse("initiatives:workshop", args=[workshop.key]))
    assert clerk.page.get_by_text("Viendra : 1").is_visible()
    conclude(clerk, project)
    assert Step.objects.get().project == project
    assert WatchNote.objects.get().text == "Suivre la friche"
    anne.go(link_in(letter("anne@example.org", "Conclusions")))
    assert anne.page.get_by_text("Visiter la Halle").is_visible()
