"""The pages of notifications, and the links at the foot of e-mails."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.booking import topics as of_bookings
from preau.core import clock
from preau.notifications import actions, links, queries
from preau.notifications.actions.notices import UNSUBSCRIBE, unsubscribe_url
from preau.notifications.enums import Channel
from preau.notifications.models import Email, Notification
from tests.accounts.factories import UserFactory, sign_in

pytestmark = pytest.mark.django_db


def tell(user, cause="test:1", url="/reservations/", topic=of_bookings.MESSAGES):
    (notice,) = actions.notify(
        [user], topic=topic.key, title="Un message", cause=cause, url=url, body="Répondez vite."
    )
    return notice


@pytest.fixture
def ana():
    return UserFactory()


@pytest.fixture
def hers(client, ana):
    return sign_in(client, ana)


def path_of(url):
    return "/" + url.split("/", 3)[3]


def test_the_bell_counts_what_is_unread(hers, ana):
    assert "pr-count" not in hers.get("/aide/").text
    tell(ana)
    page = hers.get("/aide/").text
    assert '<span class="pr-count">1</span>' in page
    assert "non lue" in page


def test_the_bell_costs_one_query_and_nothing_signed_out(
    client, hers, ana, django_assert_num_queries
):
    client.logout()
    with django_assert_num_queries(0):
        assert "/notifications/" not in client.get("/aide/").text


def test_opening_marks_and_leads_on_a_press_only(hers, ana):
    notice = tell(ana)
    address = reverse("portal:notice_open", args=[notice.pk])
    assert hers.get(address).url == "/reservations/"
    assert queries.unread_count(ana.pk) == 1
    assert hers.post(address).url == "/reservations/"
    assert queries.unread_count(ana.pk) == 0
    assert "Déjà lues" in hers.get(reverse("portal:notices")).text


def test_somebody_elses_is_not_opened(hers):
    notice = tell(UserFactory())
    answer = hers.post(reverse("portal:notice_open", args=[notice.pk]))
    assert answer.status_code == 403
    assert Notification.objects.get().read_at is None


def test_an_empty_list_and_all_read(hers, ana):
    assert "Aucune notification" in hers.get(reverse("portal:notices")).text
    for number in range(3):
        tell(ana, cause=f"test:{number}")
    page = hers.get(reverse("portal:notices"))
    latest = page.context["latest"]
    tell(ana, cause="test:late")
    hers.post(reverse("portal:notices_read_all"), {"until": latest})
    assert queries.unread_count(ana.pk) == 1


def test_preferences_are_kept(hers, ana):
    address = reverse("portal:notice_preferences")
    page = hers.get(address)
    assert of_bookings.ANSWERS.key not in page.context["form"].fields
    values = {field.name: field.initial for field in page.context["form"]}
    hers.post(address, values | {of_bookings.MESSAGES.key: Channel.NONE})
    tell(ana)
    assert not Email.objects.exists()


def test_the_daily_summary_is_not_offered_for_what_cannot_wait(hers):
    form = hers.get(reverse("portal:notice_preferences")).context["form"]
    choices = [value for value, _ in form.fields[of_bookings.WAITING.key].choices]
    assert Channel.DIGEST not in choices


def test_a_link_shows_then_stops_signed_out(client, ana):
    address = path_of(unsubscribe_url(ana.pk, of_bookings.MESSAGES.key))
    assert "Messages" in client.get(address).text
    assert queries.channels_of([ana.pk], of_bookings.MESSAGES)[ana.pk] == Channel.AT_ONCE
    assert "C’est noté" in client.post(address).text
    assert queries.channels_of([ana.pk], of_bookings.MESSAGES)[ana.pk] == Channel.NONE


def test_a_mail_program_presses_it_without_a_cookie(ana):
    from django.test import Client

    address = path_of(unsubscribe_url(ana.pk, of_bookings.MESSAGES.key))
    robot = Client(enforce_csrf_checks=True)
    assert robot.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert queries.channels_of([ana.pk], of_bookings.MESSAGES)[ana.pk] == Channel.NONE


def test_answers_to_requests_cannot_be_stopped(client, ana):
    address = path_of(unsubscribe_url(ana.pk, of_bookings.ANSWERS.key))
    assert client.get(address).status_code == client.post(address).status_code == 404


def test_other_links_and_old_ones_stop_nothing(client, ana):
    facts = {"user": ana.pk, "topic": of_bookings.MESSAGES.key}
    other = links.sign("booking", facts, days=3)
    assert client.post(reverse("portal:unsubscribe", args=[other])).status_code == 404
    token = links.sign(UNSUBSCRIBE, facts, days=3)
    with clock.frozen(clock.now() + timedelta(days=4)):
        page = client.post(reverse("portal:unsubscribe", args=[token]))
    assert page.status_code == 410
    assert "trop ancien" in page.text
    assert queries.channels_of([ana.pk], of_bookings.MESSAGES)[ana.pk] == Channel.AT_ONCE
