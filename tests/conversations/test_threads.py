import threading
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory

from preau.accounts.actors import ANONYMOUS, SYSTEM, Actor
from preau.conversations import actions, perms, queries
from preau.conversations.events import message_posted
from preau.conversations.forms import MessageForm
from preau.conversations.models import Message
from preau.core.errors import Forbidden, Refusal
from preau.core.models import AuditEvent
from preau.core.registries import audience_sources
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.conversations.factories import MessageFactory, ThreadFactory


@pytest.fixture
def posted():
    """What the rooms above heard."""
    heard = []

    def hear(sender, **news):
        heard.append(news)

    message_posted.connect(hear)
    yield heard
    message_posted.disconnect(hear)


def post(thread, actor, body="Bonjour", key=None):
    return actions.post_message(
        thread=thread, body=body, idempotency_key=key or uuid4(), actor=actor
    )


@pytest.mark.django_db
def test_opening_writes_the_audience_once():
    user = UserFactory()
    thread = actions.open_thread(
        subject="x" * 300, audiences=["place:7", f"user:{user.pk}", "place:7"], actor=Actor(user)
    )
    assert len(thread.subject) == 200
    assert set(thread.audiences.values_list("key", flat=True)) == {"place:7", f"user:{user.pk}"}


@pytest.mark.django_db
def test_the_audience_reads_and_nobody_else(monkeypatch):
    member = MembershipFactory()
    wearing = Actor(member.user, member)
    thread = ThreadFactory(audiences=[f"organization:{member.organization_id}"])
    assert perms.can_read(wearing, thread)
    assert perms.can_read(SYSTEM, thread)
    assert not perms.can_read(Actor(member.user), thread)  # for themself, not for the organisation
    assert not perms.can_read(ANONYMOUS, thread)
    stranger = Actor(UserFactory())
    assert not perms.can_read(stranger, thread)
    assert perms.can_read(stranger, ThreadFactory(audiences=[f"user:{stranger.user_id}"]))

    caretaken = ThreadFactory(audiences=["place:7"])
    assert not perms.can_read(stranger, caretaken)
    monkeypatch.setattr(audience_sources, "_entries", {})
    audience_sources.register("test", lambda actor: {"place:7"})
    assert perms.can_read(stranger, caretaken)


@pytest.mark.django_db
def test_a_message_keeps_its_author_and_hat(posted):
    member = MembershipFactory(organization__name="Les Amis du Vercors")
    actor = Actor(member.user, member)
    thread = ThreadFactory(audiences=[f"organization:{member.organization_id}"])
    message = post(thread, actor, "  Bonjour,\r\nmerci.\n\n")
    assert message.body == "Bonjour,\nmerci."
    assert (message.author, message.on_behalf_of) == (member.user, "Les Amis du Vercors")
    assert posted == [
        {"signal": message_posted, "thread": thread, "message": message, "actor": actor}
    ]
    assert AuditEvent.objects.get(verb="conversations.post_message").subject_id == str(message.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("actor", [ANONYMOUS, SYSTEM])
def test_someone_must_be_there_to_write(actor):
    with pytest.raises(Forbidden):
        post(ThreadFactory(), actor)


@pytest.mark.django_db
def test_a_stranger_does_not_write(posted):
    with pytest.raises(Forbidden):
        post(ThreadFactory(audiences=["user:0"]), Actor(UserFactory()))
    assert not Message.objects.exists()
    assert posted == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "code"), [("", "empty"), (" \r\n\t ", "empty"), ("é" * 5001, "too_long")]
)
def test_nothing_and_too_much_are_refused(body, code):
    user = UserFactory()
    with pytest.raises(Refusal) as refused:
        post(ThreadFactory(audiences=[f"user:{user.pk}"]), Actor(user), body)
    assert (refused.value.code, refused.value.field) == (code, "body")


@pytest.mark.django_db
def test_a_form_sent_twice_writes_once(posted):
    user, key = UserFactory(), uuid4()
    thread = ThreadFactory(audiences=[f"user:{user.pk}"])
    assert post(thread, Actor(user), key=key) == post(thread, Actor(user), key=key)
    assert Message.objects.count() == len(posted) == 1
    other = ThreadFactory(audiences=[f"user:{user.pk}"])
    with pytest.raises(Refusal):
        post(other, Actor(user), key=key)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_write_once():
    user, key = UserFactory(), uuid4()
    thread = ThreadFactory(audiences=[f"user:{user.pk}"])
    start, written = threading.Barrier(4), []

    def click():
        start.wait()
        written.append(post(thread, Actor(user), key=key).pk)
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert len(written) == 4
    assert len(set(written)) == Message.objects.count() == 1


@pytest.mark.django_db
def test_a_long_thread_is_read_by_pages(django_assert_num_queries):
    thread = ThreadFactory()
    keys = [message.pk for message in MessageFactory.create_batch(120, thread=thread)]
    with django_assert_num_queries(1):
        last = queries.messages_of(thread)
    assert [message.pk for message in last.messages] == keys[70:]
    middle = queries.messages_of(thread, before=str(last.older))
    assert [message.pk for message in middle.messages] == keys[20:70]
    first = queries.messages_of(thread, before=middle.older)
    assert [message.pk for message in first.messages] == keys[:20]
    assert (last.newest, first.newest, first.older) == (True, False, None)


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30, "²", None, "0"])
def test_an_absurd_page_is_the_last_one(before):
    message = MessageFactory()
    assert queries.messages_of(message.thread, before=before).messages == [message]


def shown(user, thread, form):
    request = RequestFactory().get("/")
    request.user = user
    context = {
        "page": queries.messages_of(thread),
        "form": form,
        "action": "/ici/",
        "zone": "Indian/Reunion",
    }
    return render_to_string("conversations/_thread.html", context, request)


@pytest.mark.django_db
def test_the_fragment_says_who_wrote_and_escapes():
    user = UserFactory()
    thread = ThreadFactory(audiences=[f"user:{user.pk}"])
    assert "Aucun message" in shown(user, thread, None)
    MessageFactory(thread=thread, author=user, body="<b>gras</b>", on_behalf_of="La mairie")
    MessageFactory(thread=thread, author=None)
    page = shown(user, thread, MessageForm())
    assert "Vous</strong>, pour La mairie" in page
    assert "Compte supprimé" in page
    assert "<b>gras" not in page
    assert 'action="/ici/"' in page
    assert 'name="token"' in page


@pytest.mark.django_db
def test_the_form_writes_or_says_why():
    user = UserFactory()
    thread = ThreadFactory(audiences=[f"user:{user.pk}"])
    key = str(uuid4())
    for _ in range(2):
        form = MessageForm({"body": "Bonjour", "token": key})
        assert form.send(thread=thread, actor=Actor(user))
    assert Message.objects.count() == 1
    empty = MessageForm({"body": " ", "token": key})
    assert empty.send(thread=thread, actor=Actor(user)) is None
    long = MessageForm({"body": "é" * 5001, "token": str(uuid4())})
    assert long.send(thread=thread, actor=Actor(user)) is None
    assert "5\u202f001" in long.errors["body"][0]
    with pytest.raises(Forbidden):
        MessageForm({"body": "Bonjour"}).send(thread=thread, actor=Actor(UserFactory()))
