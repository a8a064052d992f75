"""Two people edit the identity; the sheet asks the same number of questions, however full."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from preau.core.errors import Forbidden
from preau.projects.actions import identity, steps, threads
from preau.projects.actions.identity import Conflict, edit, values_of
from preau.projects.actions.steps import Wanted
from preau.projects.enums import EventKind, ProjectRole, ProjectState
from preau.projects.forms.sheet import IdentityForm
from tests.accounts.factories import sign_in
from tests.projects.factories import (
    ProjectFactory,
    agent_of,
    blockage,
    member,
    pair_of,
    programme,
)
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(mayor):
    return ProjectFactory(
        state=ProjectState.ACCOMPANIED, holder_organization=mayor.organization, purpose="Avant"
    )


def sent(page, **changed):
    """What a browser posts from a page of the form."""
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    return data | changed


def test_each_changed_field_leaves_its_line(project, mayor):
    seen = values_of(project)
    changes = {"name": "Halle", "phase": "etude", "phase_status": "en_retard", "themes": ["sport"]}
    assert set(edit(project, seen | changes, actor=mayor, seen=seen)) == set(changes)
    lines = {
        (one.kind, one.before, one.after) for one in project.events.exclude(kind=EventKind.STATE)
    }
    assert lines == {
        ("fiche", seen["name"], "Halle"),
        ("phase", "idee", "etude"),
        ("statut", "en_cours", "en_retard"),
        ("fiche", "", "Sport et loisirs"),
    }
    assert edit(project, seen | changes, actor=mayor, seen=seen | changes) == []


def test_what_another_changed_elsewhere_stays(client, project, mayor):
    sign_in(client, mayor.user, mayor.membership)
    address = reverse("projects:edit", args=[project.key])
    page = client.get(address)
    agent = agent_of(pair_of(project.lead_commune).ddt)
    edit(project, {"description": "De l’agent"}, actor=agent, seen=values_of(project))
    assert client.post(address, sent(page, name="Du maire")).status_code == 302
    project.refresh_from_db()
    assert (project.name, project.description) == ("Du maire", "De l’agent")


def test_the_same_field_is_compared_and_nothing_is_lost(client, project, mayor):
    sign_in(client, mayor.user, mayor.membership)
    address = reverse("projects:edit", args=[project.key])
    page = client.get(address)
    agent = agent_of(pair_of(project.lead_commune).ddt)
    theirs = {"purpose": "De l’agent", "description": "Aussi"}
    edit(project, theirs, actor=agent, seen=values_of(project))
    page = client.post(address, sent(page, purpose="Du maire", name="Halle"))
    found = page.content.decode()
    for words in ("De l’agent", "Du maire", "Quelqu’un a modifié la fiche", "Halle"):
        assert words in found
    project.refresh_from_db()
    assert project.purpose == "De l’agent"
    again = sent(page)
    assert (again["purpose"], again["description"]) == ("Du maire", "Aussi")
    assert client.post(address, again).status_code == 302
    project.refresh_from_db()
    assert (project.purpose, project.description) == ("Du maire", "Aussi")
    lines = project.events.filter(subject="Pourquoi ce projet").order_by("id")
    assert [(one.before, one.after) for one in lines] == [
        ("Avant", "De l’agent"),
        ("De l’agent", "Du maire"),
    ]


def test_a_conflict_writes_nothing(project, mayor):
    seen = values_of(project)
    edit(project, seen | {"name": "Une"}, actor=mayor, seen=seen)
    with pytest.raises(Conflict) as raised:
        edit(project, seen | {"name": "Deux", "purpose": "x"}, actor=mayor, seen=seen)
    assert raised.value.theirs == {"name": "Une"}
    project.refresh_from_db()
    assert (project.name, project.purpose) == ("Une", "Avant")


def test_errors_keep_what_was_typed(client, project, mayor):
    sign_in(client, mayor.user, mayor.membership)
    address = reverse("projects:edit", args=[project.key])
    page = client.get(address)
    wrong = sent(page, name="", starts_on="2027-03-02", ends_on="2027-03-01", purpose="Gardé")
    found = client.post(address, wrong).content.decode()
    assert "ne peut pas précéder" in found
    assert "Gardé" in found
    assert IdentityForm(project=project)["budget"].value() is None


def test_partners_and_observers_do_not_edit(project):
    for role in (ProjectRole.SUPPORT, ProjectRole.OBSERVER):
        actor = member(project, role)
        with pytest.raises(Forbidden):
            edit(project, {"name": "x"}, actor=actor, seen=identity.values_of(project))


def test_the_lead_commune_stays_and_the_others_leave_a_line(client, project, mayor):
    other = CommuneFactory(code="38001", name="Les Abrets")
    lead = project.lead_commune
    sign_in(client, mayor.user, mayor.membership)
    page = reverse("projects:communes", args=[project.key])
    client.post(page, {"kept": [lead.pk, other.pk]})
    assert {one.commune_id for one in project.communes.all()} == {lead.pk, other.pk}
    line = project.events.get(subject="Communes")
    assert "Les Abrets" in line.after
    assert "Les Abrets" not in line.before
    answer = client.post(page, {"kept": [other.pk]})
    assert "Gardez-la" in answer.content.decode()


def test_programmes_change_with_a_line(client, project, mayor):
    one = programme(name="Villages d’avenir")
    sign_in(client, mayor.user, mayor.membership)
    page = reverse("projects:programmes_of", args=[project.key])
    client.post(page, {"programmes": [one.pk]})
    assert project.events.get(subject="Programmes").after == "Villages d’avenir"
    client.post(page, {"envoyer": "1"})
    assert not project.programmes.filter(until=None).exists()
    assert project.events.filter(subject="Programmes").count() == 2


def queries_of(client, project):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(reverse("projects:sheet", args=[project.key])).status_code == 200
    return [one["sql"] for one in caught.captured_queries]


def filled(project, mayor, times):
    for number in range(times):
        ana = member(project, ProjectRole.PILOT)
        blockage(project, title=f"Blocage {number}")
        steps.add(project, Wanted(f"Action {number}", owner=ana.user), actor=mayor)
        threads.open_conversation(
            project, title=f"Sujet {number}", body="Bonjour", idempotency_key=uuid4(), actor=mayor
        )


def test_the_sheet_asks_as_much_whatever_it_holds(client, project, mayor):
    sign_in(client, mayor.user, mayor.membership)
    filled(project, mayor, 1)
    queries_of(client, project)
    few = queries_of(client, project)
    filled(project, mayor, 6)
    many = queries_of(client, project)
    extra = [one for one in many if one.split(" WHERE")[0] not in str(few)]
    assert len(many) <= len(few), "\n".join(one[:200] for one in extra)
    assert len(many) <= 60
