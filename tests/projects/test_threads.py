"""Conversations: who reads, who is called, what is internal."""

from uuid import uuid4

import pytest
from django.urls import reverse

from preau.core.errors import Forbidden, Refusal
from preau.notifications.models import Email, Notification
from preau.projects import standing
from preau.projects.actions import states, threads
from preau.projects.enums import ProjectRole, ProjectState, Visibility
from tests.accounts.factories import UserFactory, sign_in
from tests.projects.factories import ProjectFactory, agent_of, member, pair_of

pytestmark = pytest.mark.django_db
SECRET = "Le sous-préfet hésite"


@pytest.fixture
def project(mayor):
    return ProjectFactory(
        state=ProjectState.ACCOMPANIED,
        holder_organization=mayor.organization,
        filed_by=mayor.user,
    )


def opened(project, actor, visibility=Visibility.MEMBERS, title="Le toit", body="Bonjour"):
    return threads.open_conversation(
        project,
        title=title,
        body=body,
        visibility=visibility,
        idempotency_key=uuid4(),
        actor=actor,
    )


def write(conversation, actor, body="Oui", **more):
    return threads.write(conversation, body=body, idempotency_key=uuid4(), actor=actor, **more)


def enter(client, actor):
    return sign_in(client, actor.user, actor.membership)


def test_a_conversation_opens_and_goes_on(client, project, mayor):
    enter(client, mayor)
    page = reverse("projects:thread_begin", args=[project.key])
    assert "Qui peut la lire" not in client.get(page).content.decode()
    answer = client.post(page, {"title": "Le toit", "body": "Il fuit.", "token": uuid4()})
    conversation = project.threads.get()
    assert answer.url == reverse("projects:thread", args=[conversation.pk])
    client.post(answer.url + "ecrire/", {"body": "Toujours.", "token": uuid4()})
    found = client.get(answer.url).content.decode()
    assert "Il fuit." in found
    assert "Toujours." in found


def test_the_same_form_twice_opens_one(project, mayor):
    key = uuid4()
    for _ in range(2):
        threads.open_conversation(
            project, title="Le toit", body="Bonjour", idempotency_key=key, actor=mayor
        )
    assert project.threads.count() == 1


def test_readers_are_told_once_and_not_the_author(project, mayor):
    ana = member(project)
    conversation = opened(project, mayor)
    told = Notification.objects.filter(topic="projects.messages")
    assert set(told.values_list("user", flat=True)) >= {ana.user.pk, project.in_charge_id}
    assert mayor.user.pk not in told.values_list("user", flat=True)
    write(conversation, ana)
    assert told.filter(user=mayor.user).count() == 1


def test_somebody_called_is_told_at_once_by_box_or_by_name(project, mayor):
    ana = member(project, user=UserFactory(first_name="Ana", last_name="Silva"))
    bob = member(project)
    message = write(opened(project, mayor), mayor, "Qu’en dis-tu, @ana  silva ?")
    assert [one.user for one in message.mentions.all()] == [ana.user]
    write(message.thread.project_thread, mayor, mentions=[bob.user.pk])
    called = Notification.objects.filter(topic="projects.mentions")
    assert {one.user_id for one in called} == {ana.user.pk, bob.user.pk}


def test_a_paused_project_only_calls_those_named(project, mayor):
    ana, bob = member(project), member(project)
    conversation = opened(project, mayor)
    Notification.objects.all().delete()
    states.pause(project, until=None, reason="Attente", actor=mayor)
    write(conversation, mayor, mentions=[ana.user.pk])
    told = Notification.objects.exclude(topic="projects.states")
    assert {one.user_id for one in told.filter(topic__startswith="projects.m")} == {ana.user.pk}
    assert bob.user.pk != ana.user.pk


def test_internal_ones_reach_the_state_alone(client, project, mayor, agent):
    conversation = opened(project, agent, Visibility.STATE, title=SECRET, body="Chut")
    pages = [
        reverse("projects:sheet", args=[project.key]),
        reverse("projects:threads", args=[project.key]),
        reverse("projects:thread", args=[conversation.pk]),
    ]
    for outsider in (mayor, member(project), member(project, ProjectRole.OBSERVER)):
        enter(client, outsider)
        for page in pages:
            assert SECRET not in client.get(page).content.decode()
        assert client.get(pages[2]).status_code == 404
        with pytest.raises(Forbidden):
            write(conversation, outsider)
        with pytest.raises(Forbidden):
            threads.close(conversation, actor=outsider)
    colleague = agent_of(pair_of(project.lead_commune).prefecture)
    enter(client, colleague)
    assert SECRET in client.get(pages[0]).content.decode()
    assert "Interne aux services de l’État" in client.get(pages[2]).content.decode()
    write(conversation, colleague)


def test_nothing_internal_leaves_by_mail_to_others(project, mayor, agent):
    ana = member(project)
    conversation = opened(project, agent, Visibility.STATE, title=SECRET)
    write(conversation, agent, mentions=[ana.user.pk, mayor.user.pk])
    outside = [ana.user.email, mayor.user.email]
    assert not Email.objects.filter(recipient__in=outside, text__contains=SECRET).exists()
    assert not Notification.objects.filter(user__in=[ana.user, mayor.user]).exists()
    assert Notification.objects.filter(user=project.in_charge, body__contains=SECRET).exists()


def test_only_the_state_opens_an_internal_one(project, mayor):
    with pytest.raises(Forbidden):
        opened(project, mayor, Visibility.STATE)


def test_closed_it_takes_nothing_until_reopened(project, mayor):
    conversation = opened(project, mayor)
    threads.close(conversation, actor=mayor)
    with pytest.raises(Refusal, match="close"):
        write(conversation, mayor)
    threads.reopen(conversation, actor=mayor)
    write(conversation, mayor)
    lines = project.events.filter(kind="conversation").order_by("pk")
    assert [one.after for one in lines] == ["ouverte", "close", "rouverte"]


def test_removed_while_writing_the_text_is_given_back(client, project, mayor):
    ana = member(project)
    conversation = opened(project, mayor)
    enter(client, ana)
    project.members.update(ended_at=project.created_at)
    standing.forget(ana)
    text = "Un long message que personne ne veut perdre."
    page = reverse("projects:thread_write", args=[conversation.pk])
    answer = client.post(page, {"body": text, "token": uuid4()})
    assert answer.status_code == 403
    assert text in answer.content.decode()
    assert conversation.thread.messages.count() == 1
