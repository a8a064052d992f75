"""Told once each, by the way they prefer; the summary once a day."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from preau.core import clock
from preau.notifications import actions, links, queries, topics
from preau.notifications.enums import Channel
from preau.notifications.models import Email, EmailState, Notification, Preference
from preau.notifications.topics import Topic
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db
LATER = Topic("test.later", "Nouvelles des tests", default=Channel.DIGEST)
AT_ONCE = Topic("test.once", "Messages des tests")
ALWAYS = Topic("test.always", "Décisions des tests", mandatory=True)
HURRIED = Topic("test.hurried", "Créneaux des tests", can_wait=False)


@pytest.fixture(autouse=True)
def _topics(monkeypatch):
    monkeypatch.setattr(topics, "_topics", dict(topics._topics))
    for topic in (LATER, AT_ONCE, ALWAYS, HURRIED):
        topics.register(topic)


def tell(*users, topic=AT_ONCE, cause="test:1", **fields):
    return actions.notify(
        users, topic=topic.key, title="Il se passe quelque chose", cause=cause, **fields
    )


def choose(user, topic, channel):
    actions.set_preferences(user, {topic.key: channel})


def test_one_row_and_one_letter_each():
    ana, ben = UserFactory(), UserFactory()
    assert len(tell(ana, ben, url="/reservations/")) == 2
    assert tell(ana, ben) == []
    assert Notification.objects.count() == Email.objects.count() == 2
    assert {one.recipient for one in Email.objects.all()} == {ana.email, ben.email}


def test_nobody_is_told_with_a_closed_account():
    assert tell(UserFactory(is_active=False)) == []
    assert not Email.objects.exists()


@pytest.mark.parametrize(
    ("topic", "channel", "letters", "kept"),
    [
        (AT_ONCE, Channel.NONE, 0, Channel.NONE),
        (AT_ONCE, Channel.DIGEST, 0, Channel.DIGEST),
        (LATER, Channel.AT_ONCE, 1, Channel.AT_ONCE),
        (ALWAYS, Channel.NONE, 1, Channel.AT_ONCE),
        (HURRIED, Channel.DIGEST, 1, Channel.AT_ONCE),
    ],
)
def test_each_hears_as_they_prefer(topic, channel, letters, kept):
    ana = UserFactory()
    choose(ana, topic, channel)
    (notice,) = tell(ana, topic=topic)
    assert notice.channel == kept
    assert Email.objects.count() == letters


def test_a_mandatory_topic_ignores_even_a_row_written_by_hand():
    ana = UserFactory()
    Preference.objects.create(user=ana, topic=ALWAYS.key, channel=Channel.NONE)
    tell(ana, topic=ALWAYS)
    assert Email.objects.count() == 1
    assert dict(queries.preferences_of(ana.pk))[ALWAYS] == Channel.AT_ONCE


def test_the_letter_says_how_to_stop_it():
    ana = UserFactory()
    tell(ana)
    tell(ana, topic=ALWAYS, cause="test:2")
    free, always = Email.objects.order_by("pk")
    assert free.unsubscribe_url in free.text
    assert free.unsubscribe_url in free.html
    assert not always.unsubscribe_url
    assert "/notifications/preferences/" in always.text
    actions.deliver(free.pk)
    actions.deliver(always.pk)
    with_header, without = mail.outbox
    assert with_header.extra_headers["List-Unsubscribe"] == f"<{free.unsubscribe_url}>"
    assert with_header.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in without.extra_headers


def test_one_summary_a_person_and_a_day():
    ana, ben = UserFactory(), UserFactory()
    for number in range(3):
        tell(ana, topic=LATER, cause=f"test:{number}")
    tell(ben, topic=LATER)
    assert actions.write_digests() == 2
    assert actions.write_digests() == 0
    letter = Email.objects.get(recipient=ana.email)
    assert "3 nouvelles" in letter.subject.replace("\u00a0", " ")
    assert letter.text.count("Il se passe quelque chose") == 3
    assert letter.unsubscribe_url
    tell(ana, topic=LATER, cause="test:again")
    assert actions.write_digests() == 0  # tomorrow
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert actions.write_digests() == 1


def test_what_was_read_in_the_site_is_not_summed_up():
    ana = UserFactory()
    (notice,) = tell(ana, topic=LATER)
    actions.mark_read(notice)
    assert actions.write_digests() == 0
    assert not Email.objects.exists()


def test_stopping_a_topic_and_the_summary():
    ana = UserFactory()
    assert actions.stop_emails(ana, AT_ONCE.key)
    assert not actions.stop_emails(ana, ALWAYS.key)
    assert not actions.stop_emails(ana, "unknown")
    assert actions.stop_emails(ana, topics.DIGEST_KEY)
    assert queries.channels_of([ana.pk], LATER) == {ana.pk: Channel.NONE}


def test_pages_hold_all_once_unread_first(django_assert_num_queries):
    ana = UserFactory()
    for number in range(70):
        (notice,) = tell(ana, cause=f"test:{number}")
        if number % 2:
            actions.mark_read(notice)
    seen, after = [], ""
    while True:
        with django_assert_num_queries(1):
            page, after = queries.notices(ana.pk, after=after)
        seen += page
        if not after:
            break
    assert len(seen) == len({one.pk for one in seen}) == 70
    states = [one.read_at is not None for one in seen]
    assert states == sorted(states)
    assert queries.unread_count(ana.pk) == 35
    for broken in ("n-", "x-3", "n-٣", "n-" + "9" * 30):
        assert len(queries.notices(ana.pk, after=broken)[0]) == 30


def test_all_read_leaves_what_came_meanwhile():
    ana = UserFactory()
    (first,) = tell(ana)
    (second,) = tell(ana, cause="test:2")
    assert actions.mark_all_read(ana, until=first.pk) == 1
    second.refresh_from_db()
    assert second.read_at is None


def test_a_year_later_it_is_gone():
    ana = UserFactory()
    tell(ana)
    with clock.frozen(clock.now() + timedelta(days=364)):
        assert actions.purge() == 0
    with clock.frozen(clock.now() + timedelta(days=366)):
        assert actions.purge() == 1


def test_a_closed_account_keeps_nothing():
    ana = UserFactory()
    choose(ana, AT_ONCE, Channel.NONE)
    tell(ana)
    actions.forget(ana)
    assert not Notification.objects.exists()
    assert not Preference.objects.exists()


@pytest.mark.parametrize("url", ["https://ailleurs.example/", "//ailleurs.example/"])
def test_a_notice_leads_within_the_site(url):
    with pytest.raises(IntegrityError), transaction.atomic():
        tell(UserFactory(), url=url)


def test_a_link_serves_its_purpose_for_its_time():
    token = links.sign("one", {"user": 3}, days=2)
    assert links.read("one", token) == {"user": 3}
    assert links.read("another", token) is None
    assert links.read("one", token[:-1] + ("a" if token[-1] != "a" else "b")) is None
    assert links.read("one", "x") is None
    with clock.frozen(clock.now() + timedelta(days=3)), pytest.raises(links.Expired):
        links.read("one", token)


def test_the_outbox_forgets_the_link_with_the_letter():
    ana = UserFactory()
    tell(ana)
    email = Email.objects.get()
    Email.objects.update(state=EmailState.SENT, sent_at=clock.now())
    with clock.frozen(clock.now() + timedelta(days=31)):
        actions.forget_old_letters()
    email.refresh_from_db()
    assert email.unsubscribe_url == ""
