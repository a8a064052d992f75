"""« Veille »: what a workshop decided, beside the gaps of a study, until it is closed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.core import clock
from preau.initiatives.actions import workshops as actions
from preau.initiatives.actions.workshops import WorkshopFacts
from preau.initiatives.models import WatchNote, Workshop
from preau.siting.enums import WatchKind, WatchState
from preau.siting.models import Scenario, WatchItem
from tests.initiatives.factories_calls import keeper
from tests.journeys.steps import choose, follow, look, press, reads, silent, tick
from tests.siting.factories import row_of_communes

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
DECIDED = "Suivre l’ancienne poste du bourg"


@pytest.fixture
def cell():
    """A town that plans, whose workshop was held this morning."""
    row_of_communes(12)
    cell = keeper()
    now = clock.now()
    held = WorkshopFacts(
        title="Où manque-t-il des lieux ?",
        area_key="departement:09",
        starts_at=now + timedelta(days=1),
        ends_at=now + timedelta(days=1, hours=2),
        location="Mairie",
        agenda=[("Tour de table", 20)],
    )
    made = actions.announce(cell.organization, held, actor=cell)
    Workshop.objects.filter(pk=made.pk).update(
        starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1)
    )
    return cell


def conclude(clerk):
    clerk.go(reverse("initiatives:workshop_desk"))
    look(clerk)
    clerk.press("Où manque-t-il des lieux ?", role="link", exact=False)
    look(clerk)
    follow(clerk, "Écrire le compte rendu")
    clerk.fill("Compte rendu", "Trois communes n’ont plus de guichet.")
    press(clerk, "Enregistrer le compte rendu")
    follow(clerk, "Ajouter une conclusion")
    clerk.fill("Ce qui est décidé", DECIDED)
    press(clerk, "Ajouter")  # nobody is in charge of it
    assert not WatchNote.objects.exists()
    clerk.fill("Qui s’en charge", "Anne Roux")
    clerk.fill("Pour le", (clock.now() + timedelta(days=60)).date().isoformat())
    press(clerk, "Ajouter")
    press(clerk, "Clore et envoyer les conclusions")


def study(clerk):
    """One place more for twelve villages: others stay without."""
    clerk.go(reverse("siting:list"))
    look(clerk)
    follow(clerk, "Ouvrir une étude")
    clerk.fill("Titre", "Accès aux droits en Ariège")
    clerk.page.locator("#id_area").fill("departement:09")
    tick(clerk, "Médiation et accès aux services")
    press(clerk, "Continuer")
    clerk.fill("Nom du scénario", "Un lieu")
    clerk.fill("Combien de nouveaux lieux ?", "1")
    press(clerk, "Calculer")
    return Scenario.objects.get()


def watch(clerk, scenario):
    """Both on one page: the workshop's note, and the communes that the study leaves out."""
    clerk.go(reverse("siting:watch"))
    look(clerk)
    assert reads(clerk, DECIDED)
    assert reads(clerk, "Anne Roux")
    assert reads(clerk, "Décidé à l’atelier « Où manque-t-il des lieux ? »")
    assert reads(clerk, "Accès aux droits en Ariège, Un lieu")
    gap = clerk.page.get_by_role("main").get_by_role("link", name="Village").first
    clerk.leave_by(gap)
    look(clerk)
    press(clerk, "Suivre")
    item = WatchItem.objects.get()
    assert (item.kind, item.scenario) == (WatchKind.GAP, scenario)
    return item


def take_in_hand(clerk, item, person):
    clerk.go(reverse("siting:watch"))
    press(clerk, "C’est en cours")
    follow(clerk, f"Modifier « {item.title} »")
    clerk.fill("Note", "Le maire propose l’ancienne école.")
    choose(clerk, "Suivi par", str(person))
    press(clerk, "Enregistrer")
    assert reads(clerk, "Le maire propose l’ancienne école.")
    item.refresh_from_db()
    assert (item.state, item.owner) == (WatchState.ACTIVE, person)


def close_both(clerk, item):
    press(clerk, "Clore")
    item.refresh_from_db()
    assert item.state == WatchState.CLOSED
    follow(clerk, f"Clore « {DECIDED} »")
    press(clerk, "Enregistrer")  # what became of it is not said
    assert WatchNote.objects.get().closed_at is None
    clerk.fill("Ce qu’il en est advenu", "La commune l’a achetée.")
    press(clerk, "Enregistrer")
    note = WatchNote.objects.get()
    assert note.closed_at is not None
    assert note.outcome == "La commune l’a achetée."


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_what_a_workshop_decides_is_watched_until_closed(open_visitor, cell, javascript):
    clerk = open_visitor(javascript=javascript)
    clerk.sign_in(cell.user, cell.membership)
    conclude(clerk)
    item = watch(clerk, study(clerk))
    take_in_hand(clerk, item, cell.user)
    close_both(clerk, item)
    clerk.go(reverse("siting:watch"))
    look(clerk)
    assert silent(clerk, DECIDED)
    assert silent(clerk, item.title)
    follow(clerk, "Sujets clos")
    assert reads(clerk, "La commune l’a achetée.")
    assert reads(clerk, item.title)

    elsewhere = keeper()  # another structure's watch holds nothing of it
    other = open_visitor(javascript=javascript)
    other.sign_in(elsewhere.user, elsewhere.membership)
    other.go(reverse("siting:watch"))
    look(other)
    assert silent(other, DECIDED)
    for one in (clerk, other):
        one.check()
