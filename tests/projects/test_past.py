"""History as people read it, and the links that open a sheet."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.actors import SYSTEM
from preau.core import clock, formats
from preau.core.errors import Forbidden, Refusal
from preau.projects import history
from preau.projects.actions import links, people, states
from preau.projects.actions.identity import edit, values_of
from preau.projects.enums import EventKind, ProjectRole, ProjectState, Visibility
from preau.projects.models import ShareLink
from preau.projects.queries.past import events_for, page_of
from tests.accounts.factories import sign_in
from tests.projects.factories import ProjectFactory, agent_of, blockage, member, pair_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(mayor):
    return ProjectFactory(
        state=ProjectState.ACCOMPANIED,
        holder_organization=mayor.organization,
        contact_email="maire@exemple.fr",
        contact_phone="0476000000",
    )


def enter(client, actor):
    return sign_in(client, actor.user, actor.membership)


def test_it_says_who_what_from_to_and_why(client, project, mayor):
    states.pause(project, until=None, reason="Attente du permis", actor=mayor)
    seen = values_of(project)
    edit(project, seen | {"phase": "etude", "budget_cents": 5_000_00}, actor=mayor, seen=seen)
    enter(client, mayor)
    found = client.get(reverse("projects:past", args=[project.key])).content.decode()
    for words in (
        "Attente du permis",
        "Étude",
        "Idée",
        "Budget prévisionnel",
        mayor.user.full_name,
    ):
        assert words in found


def test_a_member_who_closed_their_account_has_no_name_left(client, project, mayor):
    ana = member(project)
    people.change_role(project.members.get(), ProjectRole.OBSERVER, actor=mayor)
    line = page_of(events_for(mayor, project), None).lines[0]
    assert line.subject == ana.user.full_name
    ana.user.is_active, ana.user.closed_at = False, clock.now()
    ana.user.save()
    assert page_of(events_for(mayor, project), None).lines[0].subject == "Compte supprimé"


def test_internal_lines_are_the_states_alone(client, project, mayor):
    history.note(
        project, EventKind.THREAD, actor=SYSTEM, about="Secret", visibility=Visibility.STATE
    )
    pages = [reverse(f"projects:{one}", args=[project.key]) for one in ("past", "sheet")]
    file = reverse("projects:past_csv", args=[project.key])
    enter(client, mayor)
    assert not any("Secret" in client.get(page).content.decode() for page in pages)
    assert "Secret" not in b"".join(client.get(file).streaming_content).decode()
    enter(client, agent_of(pair_of(project.lead_commune).ddt))
    assert all("Secret" in client.get(page).content.decode() for page in pages)
    assert "Secret" in b"".join(client.get(file).streaming_content).decode()


def test_pages_follow_one_another_and_the_file_has_all(client, project, mayor):
    for number in range(120):
        history.note(project, EventKind.FILE, actor=mayor, about=f"Pièce {number}.")
    enter(client, mayor)
    page = reverse("projects:past", args=[project.key])
    first = client.get(page + "?objet=fichier").content.decode()
    assert "Pièce 119." in first
    assert "Pièce 69." not in first
    older = page_of(events_for(mayor, project, kind="fichier"), None).older
    second = client.get(f"{page}?objet=fichier&avant={older}").content.decode()
    assert "Pièce 69." in second
    assert client.get(page + "?objet=rien&qui=x&avant=99999999999999999999").status_code == 200
    file = reverse("projects:past_csv", args=[project.key])
    text = b"".join(client.get(file + "?objet=fichier").streaming_content).decode()
    assert text.count("Pièce ") == 120


# --- Read-only links


def made(project, actor, days=30):
    day = (clock.now() + timedelta(days=days)).date()
    return links.create(project, label="Conseil", last_day=day, zone="Europe/Paris", actor=actor)


def test_a_link_shows_the_essential_and_no_more(client, project, mayor):
    blockage(project, title="Le terrain n’est pas à nous")
    enter(client, mayor)
    page = reverse("projects:links", args=[project.key])
    day = (clock.now() + timedelta(days=30)).date()
    answer = client.post(page, {"label": "Conseil", "last_day": day.isoformat()})
    address = answer.context["address"]
    last = f"jusqu’au {formats.day(day)} inclus"
    assert last in answer.content.decode()
    client.logout()
    answer = client.get(address.split("testserver")[-1].replace("http://localhost:8000", ""))
    found = answer.content.decode()
    assert project.name in found and last in found
    assert "Le terrain n’est pas à nous" in found
    for secret in ("maire@exemple.fr", "04 76", project.in_charge.email):
        assert secret not in found
    assert "noindex" in answer["X-Robots-Tag"]
    assert ShareLink.objects.get().last_read_at


def test_revoked_or_over_it_says_whom_to_ask(client, project, mayor):
    link, token = made(project, mayor)
    page = reverse("projects:by_link", args=[token])
    links.revoke(link, actor=mayor)
    answer = client.get(page)
    assert answer.status_code == 410
    assert mayor.user.full_name in answer.content.decode()
    assert project.name not in answer.content.decode()
    link, token = made(project, mayor)
    ShareLink.objects.filter(pk=link.pk).update(expires_at=clock.now())
    assert client.get(reverse("projects:by_link", args=[token])).status_code == 410
    assert client.get(reverse("projects:by_link", args=["rien"])).status_code == 404


@pytest.mark.parametrize("days", [-2, 400])
def test_a_day_that_a_link_cannot_have(project, mayor, days):
    with pytest.raises(Refusal):
        made(project, mayor, days)


def test_an_observer_gives_no_link(client, project):
    actor = member(project, ProjectRole.OBSERVER)
    with pytest.raises(Forbidden):
        made(project, actor)
