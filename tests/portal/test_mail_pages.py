"""The demonstration's mailbox, and the operator's list of failures."""

import pytest
from django.urls import reverse

from preau.core.models import AuditEvent
from preau.notifications.emails import compose
from preau.notifications.models import Email, EmailState
from tests.accounts.factories import UserFactory, sign_in
from tests.notifications.factories import DeliveredEmailFactory, EmailFactory

pytestmark = pytest.mark.django_db
MAILBOX = "/courriels/"
FAILURES = "/courriels/en-echec/"


@pytest.fixture
def _demo(settings):
    settings.IS_DEMO = True


@pytest.fixture
def operator(client):
    return sign_in(client, UserFactory(operator=True))


def text(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_there_is_no_mailbox_out_of_the_demonstration(client):
    email = DeliveredEmailFactory(html="<p>x</p>", attachments=[{"name": "a", "type": "b"}])
    for path in ("", "mise-en-forme/", "pieces/1/"):
        assert client.get(f"{MAILBOX}{email.pk}/{path}").status_code == 404
    assert client.get(MAILBOX).status_code == 404


@pytest.mark.usefixtures("_demo")
def test_an_empty_mailbox_says_what_will_come(client):
    assert "Aucun courriel pour l’instant" in text(client, MAILBOX)
    assert "Aucun courriel pour cette adresse" in text(client, MAILBOX + "?a=x@example.org")


@pytest.mark.usefixtures("_demo")
def test_one_person_s_messages(client):
    DeliveredEmailFactory(subject="Pour Ana")
    DeliveredEmailFactory(subject="Pour Léo", recipients=["leo@example.org", "x@example.org"])
    page = text(client, MAILBOX)
    assert page.index("Pour Léo") < page.index("Pour Ana")
    page = text(client, MAILBOX + "?a=%20LEO@example.org")
    assert "Pour Léo" in page
    assert "Pour Ana" not in page


@pytest.mark.usefixtures("_demo")
def test_a_full_mailbox_is_read_by_pages(client, django_assert_max_num_queries):
    DeliveredEmailFactory.create_batch(45)
    with django_assert_max_num_queries(3):
        response = client.get(MAILBOX + "?a=ana@example.org")
    pages = [response.context]
    while older := pages[-1]["older"]:
        assert "a=ana" in older
        pages.append(client.get(MAILBOX + older).context)
    assert [len(page["emails"]) for page in pages] == [20, 20, 5]
    assert pages[1]["newest"] == "?a=ana%40example.org"


@pytest.mark.usefixtures("_demo")
@pytest.mark.parametrize("query", ["avant=x", "avant=-1", "avant=" + "9" * 40, "a=%00", "avant=²"])
def test_absurd_addresses_get_a_page(client, query):
    DeliveredEmailFactory()
    text(client, f"{MAILBOX}?{query}")
    assert client.get(f"{MAILBOX}{'9' * 30}/").status_code == 404


@pytest.mark.usefixtures("_demo")
def test_a_message_shows_its_text_its_file_and_its_form(client):
    body, html = compose(
        intro="<script>alert(1)</script>", facts=[], button_label="Voir", button_url="/aide/"
    )
    email = DeliveredEmailFactory(
        text=body,
        html=html,
        attachments=[
            {"name": "reservation.ics", "type": "text/calendar", "content": "BEGIN:VCALENDAR"}
        ],
    )
    page = text(client, f"{MAILBOX}{email.pk}/")
    assert "<script>alert" not in page
    assert "/aide/</a>" in page
    frame = client.get(f"{MAILBOX}{email.pk}/mise-en-forme/")
    assert "<script>alert" not in frame.content.decode()
    policy = frame.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    file = client.get(f"{MAILBOX}{email.pk}/pieces/1/")
    assert file.content == b"BEGIN:VCALENDAR"
    assert file.headers["Content-Disposition"] == 'attachment; filename="reservation.ics"'
    assert client.get(f"{MAILBOX}{email.pk}/pieces/2/").status_code == 404
    assert client.get(f"{MAILBOX}{email.pk}/pieces/0/").status_code == 404


@pytest.mark.usefixtures("_demo")
def test_a_message_without_form(client):
    email = DeliveredEmailFactory()
    assert "<iframe" not in text(client, f"{MAILBOX}{email.pk}/")
    assert client.get(f"{MAILBOX}{email.pk}/mise-en-forme/").status_code == 404


def test_failures_are_the_operator_s(client):
    failed = EmailFactory(state=EmailState.FAILED)
    again = reverse("portal:mail_send_again", args=[failed.pk])
    assert client.get(FAILURES).status_code == 302
    assert client.post(again).status_code == 302
    sign_in(client, UserFactory())
    assert client.get(FAILURES).status_code == 403
    assert client.post(again).status_code == 403
    failed.refresh_from_db()
    assert failed.state == EmailState.FAILED


def test_the_operator_sees_why_and_sends_again(operator):
    failed = EmailFactory(state=EmailState.FAILED, last_error="Adresse refusée (550).")
    EmailFactory(last_error="Le serveur ne répond pas.")
    EmailFactory()
    assert "1\u00a0courriel en échec" in text(operator, "/")
    page = text(operator, FAILURES)
    assert "Adresse refusée (550)." in page
    assert "1\u00a0autre courriel attend" in page
    again = reverse("portal:mail_send_again", args=[failed.pk])
    page = operator.post(again, follow=True).content.decode()
    assert "va être renvoyé" in page
    assert "Aucun courriel en échec" in page
    assert Email.objects.get(pk=failed.pk).state == EmailState.PENDING
    assert AuditEvent.objects.filter(verb="notifications.send_again").count() == 1
    assert "n’est plus en échec" in operator.post(again, follow=True).content.decode()
    assert operator.get(again).status_code == 405
    assert "en échec" not in text(operator, "/")
