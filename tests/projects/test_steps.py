"""Steps: who, for when, and what history keeps."""

from datetime import date

import pytest
from django.urls import reverse

from preau.core.errors import Forbidden, Refusal
from preau.core.formats import day
from preau.notifications.models import Notification
from preau.projects.actions import people, steps
from preau.projects.actions.steps import Wanted
from preau.projects.enums import EventKind, ProjectRole, StepState
from preau.projects.queries.steps import lines_of, steps_of
from tests.accounts.factories import sign_in
from tests.projects.factories import member

pytestmark = pytest.mark.django_db


def history(project):
    found = project.events.filter(kind=EventKind.STEP).order_by("pk")
    return [(one.subject, one.before, one.after, one.reason) for one in found]


def test_each_change_leaves_its_line(project, mayor):
    ana = member(project)
    step = steps.add(project, Wanted("Demander un devis"), actor=mayor)
    wanted = Wanted("Demander trois devis", owner=ana.user, due_on=date(2030, 3, 4))
    steps.edit(step, wanted, actor=mayor)
    steps.move(step, StepState.DONE, actor=ana)
    steps.move(step, StepState.DONE, actor=ana)
    assert history(project) == [
        ("Demander un devis", "", "À faire", ""),
        ("Demander trois devis", "Demander un devis", "Demander trois devis", ""),
        ("Demander trois devis (qui s’en charge)", "", ana.user.full_name, ""),
        ("Demander trois devis (pour le)", "", f"pour le {day(date(2030, 3, 4))}", ""),
        ("Demander trois devis", "À faire", "Faite", ""),
    ]
    assert Notification.objects.filter(user=ana.user, topic="projects.steps").count() == 1


def test_dropping_says_why(project, mayor):
    step = steps.add(project, Wanted("Acheter"), actor=mayor)
    with pytest.raises(Refusal, match="pourquoi"):
        steps.move(step, StepState.DROPPED, actor=mayor)
    steps.move(step, StepState.DROPPED, reason="Prêtée", actor=mayor)
    assert history(project)[-1] == ("Acheter", "À faire", "Abandonnée", "Prêtée")


def test_open_ones_come_first_by_day_and_late_ones_are_marked(project, mayor):
    for title, due in (("c", None), ("b", date(2040, 1, 1)), ("a", date(2020, 1, 1))):
        steps.add(project, Wanted(title, due_on=due), actor=mayor)
    ended = steps.add(project, Wanted("z", due_on=date(2019, 1, 1)), actor=mayor)
    steps.move(ended, StepState.DONE, actor=mayor)
    found = [(one.step.title, one.is_late) for one in lines_of(project)]
    assert found == [("a", True), ("b", False), ("c", False), ("z", False)]


def test_mine_are_those_of_projects_i_may_read(project, mayor):
    ana = member(project)
    steps.add(project, Wanted("La mienne", owner=ana.user), actor=mayor)
    assert [line.step.title for line in steps_of(ana)] == ["La mienne"]
    project.members.update(ended_at=project.created_at)
    assert steps_of(ana) == []


def test_an_observer_writes_none(client, project):
    actor = member(project, ProjectRole.OBSERVER)
    with pytest.raises(Forbidden):
        steps.add(project, Wanted("Non"), actor=actor)
    sign_in(client, actor.user)
    page = reverse("projects:steps", args=[project.key])
    found = client.get(page).content.decode()
    assert "Ajouter une action" not in found
    assert client.post(page + "ajouter/", {"title": "x"}).status_code == 403


def test_the_page_adds_and_ends(client, project, mayor):
    sign_in(client, mayor.user, mayor.membership)
    page = reverse("projects:steps", args=[project.key])
    client.post(page + "ajouter/", {"title": "Poser", "owner": str(mayor.user.pk)})
    client.post(page + "ajouter/", {"title": "Peindre", "owner_name": "La régie"})
    step = project.steps.get(title="Poser")
    assert step.owner == mayor.user
    client.post(reverse("projects:step_move", args=[step.pk]), {"etat": "faite"})
    found = client.get(page).content.decode()
    assert "Finies" in found
    assert "La régie" in found


def test_all_that_one_has_to_do_is_on_one_page(client, project, mayor):
    ana = member(project)
    steps.add(project, Wanted("Peindre", owner=ana.user, due_on=date(2020, 1, 1)), actor=mayor)
    sign_in(client, ana.user)
    found = client.get(reverse("projects:my_steps")).content.decode()
    assert "Peindre" in found
    assert "En retard" in found
    assert "1 action à faire".replace(" a", "\u00a0a") in client.get("/").content.decode()


def test_a_closed_account_leaves_its_steps_to_others(project, mayor):
    ana = member(project)
    step = steps.add(project, Wanted("Peindre", owner=ana.user), actor=mayor)
    people.forget(ana.user)
    step.refresh_from_db()
    assert step.owner is None
    assert not project.members.filter(ended_at=None).exists()
