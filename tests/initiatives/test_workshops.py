"""Workshops: announced, answered by link, concluded into actions and watch notes."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives import workshop_links
from preau.initiatives.actions import workshops as actions
from preau.initiatives.actions.workshops import WorkshopFacts
from preau.initiatives.enums.workshops import GuestAnswer, WorkshopState
from preau.initiatives.models import WatchNote, Workshop, WorkshopGuest
from preau.notifications.models import Email
from preau.projects.enums import ProjectState
from preau.projects.models import Step
from tests.accounts.factories import UserFactory, sign_in
from tests.initiatives.factories_calls import association, keeper
from tests.projects.factories import ProjectFactory
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db


def code_of(act) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


def facts(**more) -> WorkshopFacts:
    start = clock.now() + timedelta(days=10)
    return WorkshopFacts(
        **(
            {
                "title": "Que faire de la Halle ?",
                "area_key": "departement:38",
                "starts_at": start,
                "ends_at": start + timedelta(hours=2),
                "location": "Mairie",
                "agenda": [("Tour de table", 20), ("Décider", None)],
            }
            | more
        )
    )


@pytest.fixture
def cell():
    return keeper()


@pytest.fixture
def workshop(cell):
    return actions.announce(cell.organization, facts(), actor=cell)


@pytest.fixture
def guest(workshop, cell):
    [made] = actions.invite(workshop, [("anne@example.org", "Anne", "Jardins")], actor=cell)
    return made


def begun(workshop):
    now = clock.now()
    Workshop.objects.filter(pk=workshop.pk).update(
        starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1)
    )
    workshop.refresh_from_db()
    return workshop


def test_only_the_cell_announces(cell):
    for actor in (association(), keeper()):
        with pytest.raises(Forbidden):
            actions.announce(cell.organization, facts(), actor=actor)


def test_the_database_wants_an_end_after_the_start(workshop):
    with pytest.raises(IntegrityError), transaction.atomic():
        Workshop.objects.update(ends_at=workshop.starts_at)


def test_a_guest_is_invited_once_with_a_file_for_calendars(workshop, guest, cell):
    assert actions.invite(workshop, [("ANNE@example.org", "", "")], actor=cell) == []
    letter = Email.objects.get(recipient="anne@example.org")
    assert "METHOD:REQUEST" in letter.calendar
    assert "Que faire de la Halle" in letter.calendar


def test_a_guest_answers_by_the_link_on_post_alone(client, guest):
    link = workshop_links.page_for(guest)
    page = client.get(link, {"reponse": "oui"})
    assert "Viendrez-vous" in page.content.decode()
    guest.refresh_from_db()
    assert guest.answer == GuestAnswer.NONE
    client.post(link, {"reponse": "oui"})
    client.post(link, {"reponse": "peut_etre"})
    guest.refresh_from_db()
    assert guest.answer == GuestAnswer.MAYBE
    client.post(link, {"reponse": "jamais"})
    guest.refresh_from_db()
    assert guest.answer == GuestAnswer.MAYBE
    begun(guest.workshop)
    client.post(link, {"reponse": "non"})
    guest.refresh_from_db()
    assert guest.answer == GuestAnswer.MAYBE
    guest.delete()
    assert client.get(link).status_code == 404


def test_another_day_is_told_with_a_later_sequence(workshop, guest, cell):
    later = workshop.starts_at + timedelta(days=1)
    actions.edit(workshop, facts(starts_at=later, ends_at=later + timedelta(hours=2)), actor=cell)
    letter = Email.objects.filter(recipient="anne@example.org").latest("pk")
    assert letter.subject.startswith("Changement")
    assert "SEQUENCE:1" in letter.calendar


def test_cancelling_says_why(workshop, guest, cell):
    assert code_of(lambda: actions.cancel(workshop, reason=" ", actor=cell)) == "reason"
    actions.cancel(workshop, reason="Verglas.", actor=cell)
    letter = Email.objects.filter(recipient="anne@example.org").latest("pk")
    assert "Verglas." in letter.text
    assert "METHOD:CANCEL" in letter.calendar
    assert code_of(lambda: actions.cancel(workshop, reason="A", actor=cell)) == "state"


def test_conclusions_become_an_action_and_a_watch_note(workshop, guest, cell):
    project = ProjectFactory(state=ProjectState.ACCOMPANIED, holder_organization=cell.organization)
    due = date(2027, 3, 1)
    early = {"text": "Visiter", "owner_name": "Anne", "due_on": due, "actor": cell}
    assert code_of(lambda: actions.add_conclusion(workshop, **early)) == "state"
    assert code_of(lambda: actions.write_minutes(workshop, minutes="A", actor=cell)) == "early"
    begun(workshop)
    actions.write_minutes(workshop, minutes="Nous avons décidé.", actor=cell)
    actions.add_conclusion(workshop, project=project, **early)
    actions.add_conclusion(workshop, **(early | {"text": "Suivre la friche"}))
    step = Step.objects.get()
    assert (step.title, step.owner_name, step.due_on) == ("Visiter", "Anne", due)
    assert WatchNote.objects.get().text == "Suivre la friche"
    workshop = actions.conclude(workshop, actor=cell)
    assert workshop.state == WorkshopState.CONCLUDED
    letter = Email.objects.filter(recipient="anne@example.org").latest("pk")
    assert "Suivre la friche" in letter.text


def test_a_conclusion_is_not_written_on_somebody_elses_project(workshop, cell):
    begun(workshop)
    actions.write_minutes(workshop, minutes="A", actor=cell)
    with pytest.raises(Forbidden):
        actions.add_conclusion(
            workshop,
            text="Visiter",
            owner_name="Anne",
            due_on=date(2027, 3, 1),
            project=ProjectFactory(),
            actor=cell,
        )


def test_guests_and_drafts_of_minutes_are_the_cells_alone(client, cell):
    workshop = actions.announce(cell.organization, facts(is_public=True), actor=cell)
    actions.invite(workshop, [("anne@example.org", "Anne Roux", "")], actor=cell)
    begun(workshop)
    actions.write_minutes(workshop, minutes="Entre nous", actor=cell)
    url = reverse("initiatives:workshop", args=[workshop.key])
    text = client.get(url).content.decode()
    assert "Tour de table" in text
    assert "Anne Roux" not in text
    assert "Entre nous" not in text
    sign_in(client, cell.user, cell.membership)
    assert "Anne Roux" in client.get(url).content.decode()


def test_a_private_workshop_has_no_page_for_others(client, workshop):
    for name in ("workshop", "workshop_ics"):
        url = reverse(f"initiatives:{name}", args=[workshop.key])
        assert client.get(url).status_code == 404
    sign_in(client, UserFactory())
    assert client.get(reverse("initiatives:workshop", args=[workshop.key])).status_code == 404


def test_a_workshop_goes_through_its_pages(client, cell):
    sign_in(client, cell.user, cell.membership)
    day = (clock.now() + timedelta(days=5)).date().isoformat()
    client.post(
        reverse("initiatives:workshop_add"),
        {
            "title": "Atelier",
            "area": "Isère",
            "day": day,
            "start": "18:00",
            "end": "20:00",
            "location": "Salle des fêtes",
            "agenda": "Accueil (10 min)\n- Idées",
            "is_public": "on",
        },
    )
    workshop = Workshop.objects.get()
    items = list(workshop.agenda.values_list("title", "minutes"))
    assert items == [("Accueil", 10), ("Idées", None)]
    assert workshop.starts_at.astimezone(workshop.zone).hour == 18
    url = reverse("initiatives:workshop_invite", args=[workshop.key])
    page = client.post(url, {"people": "pas une adresse"}).content.decode()
    assert "n’est pas une adresse complète" in page
    client.post(url, {"people": "a@example.org ; Ana ; Asso\nb@example.org"})
    assert WorkshopGuest.objects.count() == 2
    client.logout()
    assert "Atelier" in client.get(reverse("initiatives:workshops")).content.decode()
    ics = client.get(reverse("initiatives:workshop_ics", args=[workshop.key]))
    assert b"METHOD:PUBLISH" in ics.content


def test_hours_are_those_of_the_territory_that_is_chosen(cell, workshop):
    """Moved from Isère to La Réunion, six in the evening is theirs."""
    island = DepartementFactory(code="974", name="La Réunion", time_zone="Indian/Reunion")
    CommuneFactory(code="97411", name="Saint-Denis", departement=island)
    evening = datetime.combine(clock.today() + timedelta(days=30), time(18))
    given = facts(area_key="commune:97411", starts_at=evening, ends_at=evening + timedelta(hours=2))
    workshop = actions.edit(workshop, given, actor=cell)
    assert workshop.starts_at.astimezone(workshop.zone).replace(tzinfo=None) == evening
    assert workshop.time_zone == "Indian/Reunion"


def test_a_watch_note_is_closed_with_what_came(client, cell):
    sign_in(client, cell.user, cell.membership)
    note = actions.watch(
        cell.organization, text="Une friche à Mens", area_key="departement:38", actor=cell
    )
    assert "Une friche" in client.get(reverse("initiatives:workshop_desk")).content.decode()
    answer = client.post(
        reverse("initiatives:watch_close", args=[note.pk]), {"outcome": "Un projet."}
    )
    note.refresh_from_db()
    assert note.closed_at
    assert "Une friche" not in client.get(reverse("initiatives:workshop_desk")).content.decode()
    assert "Une friche" not in client.get(answer.url).content.decode()
    closed = client.get(f"{answer.url}?clos=1").content.decode()
    assert "Une friche" in closed and "Un projet." in closed
