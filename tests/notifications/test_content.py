"""What the messages say: composed text, calendar files, the mailbox backend."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.mail import EmailMessage
from icalendar import Calendar

from preau.notifications import actions, failures
from preau.notifications.calendars import event_ics
from preau.notifications.emails import compose
from preau.notifications.models import DeliveredEmail, Email, EmailState

MAILBOX = "preau.notifications.mailbox.MailboxBackend"


def test_text_and_html_say_the_same(settings):
    settings.SITE_URL = "https://preau.example"
    text, html = compose(
        intro="Votre demande est acceptée.",
        facts=[("Quand", "jeudi 12 mars 2027"), ("Où", "Salle <Olympe> & Cie")],
        button_label="Voir ma réservation",
        button_url="/reservations/12/?a=1&b=2",
        next_steps="Le code d’accès arrive la veille.",
        contact="Mairie de Meylan, 04 76 00 00 00",
    )
    for part in ("acceptée", "jeudi 12 mars 2027", "Voir ma réservation", "la veille", "Meylan"):
        assert part in text
        assert part in html
    assert "Où : Salle <Olympe> & Cie" in text
    assert "https://preau.example/reservations/12/?a=1&b=2" in text
    assert "Salle &lt;Olympe&gt; &amp; Cie" in html
    assert 'href="https://preau.example/reservations/12/?a=1&amp;b=2"' in html
    assert "\n\n\n" not in text


def test_a_message_may_be_short():
    text, html = compose(intro="Votre code : 123456", facts=[])
    assert "Et maintenant" not in text + html
    assert "<a href" not in html.split("Message envoyé")[0].split("border-top")[0]


CASES = [
    ("Europe/Paris", datetime(2027, 3, 12, 17, tzinfo=UTC), "20270312T180000"),
    ("Europe/Paris", datetime(2027, 7, 1, 16, tzinfo=UTC), "20270701T180000"),
    # the night of the change: before and after 1 h UTC
    ("Europe/Paris", datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "20270328T013000"),
    ("Europe/Paris", datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "20270328T033000"),
    ("Europe/Paris", datetime(2027, 10, 31, 22, tzinfo=UTC), "20271031T230000"),
    ("Indian/Reunion", datetime(2027, 12, 31, 19, tzinfo=UTC), "20271231T230000"),
    ("America/Martinique", datetime(2027, 3, 12, 23, tzinfo=UTC), "20270312T190000"),
    ("Pacific/Noumea", datetime(2027, 3, 12, 23, tzinfo=UTC), "20270313T100000"),
]


@pytest.mark.parametrize(("zone", "start", "wall"), CASES)
@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH"])
def test_an_event_survives_the_round_trip(zone, start, wall, method):
    end = start.replace(minute=45)
    text = event_ics(
        uid="booking-12@preau.example",
        sequence=3,
        start=start,
        end=end,
        zone=zone,
        summary="Salle Olympe; élections, réunion\nsuite " + "très " * 30,
        location="1, rue de l’Église",
        description="Qui appeler : 04 76 00 00 00",
        method=method,
        organizer=("Mairie, Meylan", "mairie@example.org"),
        attendee="ana@example.org",
    )
    assert f"DTSTART;TZID={zone}:{wall}" in text
    assert "BEGIN:VTIMEZONE" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    calendar = Calendar.from_ical(text)
    [event] = calendar.walk("VEVENT")
    assert calendar["METHOD"] == method
    assert event["STATUS"] == ("CANCELLED" if method == "CANCEL" else "CONFIRMED")
    assert (event["UID"], event["SEQUENCE"]) == ("booking-12@preau.example", 3)
    assert event["SUMMARY"].startswith("Salle Olympe; élections, réunion\nsuite")
    assert event["ORGANIZER"] == "mailto:mairie@example.org"
    assert event.start.astimezone(UTC) == start
    assert event.end.astimezone(UTC) == end


@pytest.mark.parametrize(("zone", "start", "wall"), CASES)
def test_the_zone_in_the_file_is_the_real_one(zone, start, wall):
    """A reader that trusts only the file's own rules finds the same instant."""
    text = event_ics(uid="x", sequence=0, start=start, end=start, zone=zone, summary="x")
    [rules] = Calendar.from_ical(text).walk("VTIMEZONE")
    naive = datetime.fromisoformat(wall)
    assert naive.replace(tzinfo=rules.to_tz(lookup_tzid=False)).utcoffset() == (
        naive.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    )


def test_an_unknown_method_is_refused():
    now = datetime(2027, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="REQUEST"):
        event_ics(uid="x", sequence=0, start=now, end=now, zone="UTC", summary="x", method="REPLY")


@pytest.mark.django_db
def test_the_mailbox_keeps_what_a_reader_would_see(settings):
    settings.EMAIL_BACKEND = MAILBOX
    email = actions.enqueue_email(
        cause="x",
        recipient="ana@example.org",
        subject="Acceptée : salle à 18\u00a0h",
        text="Été à 18\u00a0h",
        html="<p>Été</p>",
        calendar="BEGIN:VCALENDAR\r\nSUMMARY:Été\r\nEND:VCALENDAR\r\n",
        calendar_method="REQUEST",
    )
    actions.deliver(email.pk)
    received = DeliveredEmail.objects.get()
    assert received.message_id == email.message_id
    assert received.recipients == ["ana@example.org"]
    assert received.subject == email.subject
    assert received.text.strip() == email.text
    assert received.html.strip() == email.html
    [file] = received.attachments
    assert (file["name"], file["type"]) == ("reservation.ics", "text/calendar")
    assert "SUMMARY:Été" in file["content"]


@pytest.mark.django_db
def test_the_mailbox_takes_any_message(settings):
    settings.EMAIL_BACKEND = MAILBOX
    EmailMessage("Code", "123456", to=["ana@example.org"], bcc=["leo@example.org"]).send()
    received = DeliveredEmail.objects.get()
    assert received.recipients == ["ana@example.org", "leo@example.org"]
    assert received.message_id
    assert (received.html, received.attachments) == ("", [])


@pytest.mark.django_db
def test_a_failure_is_kept_without_names(settings, monkeypatch):
    settings.EMAIL_BACKEND = MAILBOX
    monkeypatch.setattr(DeliveredEmail.objects, "create", lambda **fields: 1 / 0)
    email = actions.enqueue_email(cause="x", recipient="ana@example.org", subject="x", text="x")
    with pytest.raises(actions.DeliveryFailed) as failed:
        actions.deliver(email.pk)
    assert "ana" not in str(failed.value)
    assert failed.value.__suppress_context__
    kept = Email.objects.get()
    assert kept.state == EmailState.PENDING
    assert kept.last_error == "Erreur inattendue (ZeroDivisionError)."


def test_failures_that_last_are_told_from_those_that_pass():
    smtp = failures
    assert smtp.describe(smtp.SMTPRecipientsRefused({"a@b": (550, b"no")})).lasting
    assert not smtp.describe(smtp.SMTPRecipientsRefused({"a@b": (450, b"later")})).lasting
    assert smtp.describe(smtp.SMTPDataError(554, b"spam")).lasting
    assert not smtp.describe(smtp.SMTPDataError(451, b"later")).lasting
    assert not smtp.describe(smtp.SMTPAuthenticationError(535, b"no")).lasting
    assert "421" in smtp.describe(smtp.SMTPResponseException(421, b"busy")).sentence
    assert not smtp.describe(TimeoutError()).lasting
