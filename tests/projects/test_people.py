"""Inviting, roles, removing, leaving."""

import re

import pytest
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.core.errors import Forbidden, Refusal
from preau.notifications.models import Email, Notification
from preau.projects import standing
from preau.projects.actions import invitations, people
from preau.projects.enums import EventKind, ProjectRole
from preau.projects.models import ProjectInvitation
from tests.accounts.factories import UserFactory, sign_in
from tests.projects.factories import agent_of, member, pair_of

pytestmark = pytest.mark.django_db
R = ProjectRole


def token_in_mail(email):
    sent = Email.objects.filter(recipient=email).latest("pk")
    return re.search(r"/projets/invitation/([^/\s]+)/", sent.text)[1]


def row_of(project, actor):
    return project.members.get(user=actor.user, ended_at=None)


def lines(project, kind=EventKind.MEMBER):
    found = project.events.filter(kind=kind).order_by("pk")
    return [(one.before, one.after, one.reason) for one in found]


def test_an_invitation_is_shown_then_accepted(client, project, mayor):
    invitations.invite(
        project, email="Ana@Exemple.fr", role=R.SUPPORT, message="Venez", actor=mayor
    )
    page = reverse("projects:invitation", args=[token_in_mail("ana@exemple.fr")])
    assert "Venez" in client.get(page).content.decode()
    assert not project.members.exists()
    user = UserFactory(email="ana@exemple.fr")
    sign_in(client, user)
    answer = client.post(page + "accepter/")
    assert answer.status_code == 302
    assert standing.roles_on_project(Actor(user=user), project.permission_scope)
    assert lines(project) == [("", "appui", ""), ("", "appui", "")]
    client.post(page + "accepter/")  # pressed twice
    assert project.members.count() == 1


def test_the_address_invited_is_not_kept_in_history(project, mayor):
    invitations.invite(project, email="ana.silva@exemple.fr", role=R.SUPPORT, actor=mayor)
    assert "a…@exemple.fr" in project.events.latest("pk").subject
    assert not project.events.filter(subject__contains="ana.silva").exists()


def test_another_account_is_asked_which(client, project, mayor):
    made = invitations.invite(project, email="ana@exemple.fr", role=R.SUPPORT, actor=mayor)
    page = reverse("projects:invitation", args=[token_in_mail("ana@exemple.fr")])
    other = UserFactory(email="autre@exemple.fr")
    sign_in(client, other)
    assert "Avec quel compte répondre" in client.get(page).content.decode()
    with pytest.raises(Refusal, match="autre adresse"):
        invitations.accept(made, actor=Actor(user=other))


def test_what_is_over_says_whom_to_ask(client, project, mayor, settings):
    made = invitations.invite(project, email="ana@exemple.fr", role=R.SUPPORT, actor=mayor)
    page = reverse("projects:invitation", args=[token_in_mail("ana@exemple.fr")])
    invitations.revoke(made, actor=mayor)
    found = client.get(page).content.decode()
    assert "n’est plus valable" in found
    assert mayor.user.full_name in found
    with pytest.raises(Refusal, match="n’est plus valable"):
        invitations.accept(made, actor=Actor(user=UserFactory(email="ana@exemple.fr")))


def test_sent_again_the_former_link_dies(client, project, mayor):
    made = invitations.invite(project, email="ana@exemple.fr", role=R.SUPPORT, actor=mayor)
    former = token_in_mail("ana@exemple.fr")
    with pytest.raises(Refusal, match="vient de partir"):
        invitations.send_again(made, actor=mayor)
    ProjectInvitation.objects.update(created_at=project.created_at.replace(year=2020))
    invitations.send_again(made, actor=mayor)
    assert client.get(reverse("projects:invitation", args=[former])).status_code == 404
    assert token_in_mail("ana@exemple.fr") != former


def test_twice_to_one_address_is_refused(project, mayor):
    invitations.invite(project, email="ana@exemple.fr", role=R.SUPPORT, actor=mayor)
    with pytest.raises(Refusal, match="déjà en attente"):
        invitations.invite(project, email="ANA@exemple.fr", role=R.OBSERVER, actor=mayor)


@pytest.mark.parametrize(
    ("role", "given"),
    [
        (R.PILOT, {R.PILOT, R.SUPPORT, R.OBSERVER}),
        (R.SUPPORT, {R.SUPPORT, R.OBSERVER}),
        (R.OBSERVER, set()),
    ],
)
def test_nobody_gives_more_than_they_have(project, role, given):
    actor = member(project, role)
    for wanted in R:
        if wanted in given:
            invitations.invite(project, email=f"{wanted}@exemple.fr", role=wanted, actor=actor)
        else:
            with pytest.raises(Forbidden):
                invitations.invite(project, email=f"{wanted}@exemple.fr", role=wanted, actor=actor)


def test_an_agent_invites_the_holder_they_file_for(project):
    agent = agent_of(pair_of(project.lead_commune).ddt)
    made = invitations.invite(project, email="maire@exemple.fr", role=R.HOLDER, actor=agent)
    user = UserFactory(email="maire@exemple.fr")
    invitations.accept(made, actor=Actor(user=user))
    assert standing.roles_on_project(Actor(user=user), project.permission_scope) == {"holder"}


def test_a_writer_does_not_become_an_observer_unawares(project, mayor):
    made = invitations.invite(project, email=mayor.user.email, role=R.OBSERVER, actor=mayor)
    with pytest.raises(Refusal, match="que la lecture"):
        invitations.accept(made, actor=mayor)


def test_a_role_changes_and_the_person_is_told(project, mayor):
    ana = member(project, R.SUPPORT)
    people.change_role(row_of(project, ana), R.OBSERVER, actor=mayor)
    standing.forget(ana)
    assert standing.roles_on_project(ana, project.permission_scope) == {"observer"}
    assert lines(project) == [("appui", "observateur", "")]
    assert Notification.objects.filter(user=ana.user, title__contains="Observateur").exists()


def test_somebody_removed_reads_why_and_no_longer_the_project(client, project, mayor):
    ana = member(project, R.SUPPORT)
    people.remove(row_of(project, ana), reason="Le bail est fini.", actor=mayor)
    sign_in(client, ana.user)
    assert client.get(reverse("projects:sheet", args=[project.key])).status_code == 403
    assert lines(project) == [("appui", "retiré", "Le bail est fini.")]
    assert "Le bail est fini." in Notification.objects.get(user=ana.user).body


def test_support_does_not_remove_a_pilot(project):
    ana, pilot = member(project, R.SUPPORT), member(project, R.PILOT)
    with pytest.raises(Forbidden):
        people.remove(row_of(project, pilot), reason="Non", actor=ana)
    with pytest.raises(Refusal, match="propre rôle"):
        people.change_role(row_of(project, ana), R.OBSERVER, actor=ana)


def test_one_leaves_alone(client, project):
    ana, bob = member(project, R.OBSERVER), member(project, R.SUPPORT)
    with pytest.raises(Forbidden):
        people.leave(row_of(project, bob), actor=ana)
    sign_in(client, ana.user)
    client.post(reverse("projects:leave", args=[project.key]))
    assert lines(project) == [("observateur", "parti", "")]
    assert client.get(reverse("projects:sheet", args=[project.key])).status_code == 403


def test_the_list_says_who_may_what(client, project, mayor):
    ana = member(project, R.PILOT)
    sign_in(client, mayor.user, mayor.membership)
    found = client.get(reverse("projects:people", args=[project.key])).content.decode()
    assert ana.user.full_name in found
    assert mayor.organization.name in found
    assert "Conduit le projet avec le porteur" in found
