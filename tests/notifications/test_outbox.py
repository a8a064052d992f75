"""Nothing told twice, nothing lost: the outbox on a real queue and a real worker."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.core.errors import Refusal
from preau.notifications import actions, tasks
from preau.notifications.actions import outbox
from preau.notifications.models import Email, EmailState
from tests.notifications.factories import EmailFactory, work

pytestmark = pytest.mark.django_db(transaction=True)


def enqueue(cause="booking:12:accepted:to:8", **changes):
    fields = {
        "recipient": "ana@example.org",
        "subject": "Votre demande est acceptée",
        "text": "Bonjour,\n\nVotre demande est acceptée.\n",
    }
    return actions.enqueue_email(cause=cause, **(fields | changes))


def jobs():
    return ProcrastinateJob.objects.filter(task_name=actions.SEND_EMAIL)


def make_due():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")


def refuse(monkeypatch, *errors):
    """Make the mail server fail with each error in turn, then take the messages."""
    left, real = list(errors), EmailMultiAlternatives.send

    def send(message, *args, **kwargs):
        if left:
            raise left.pop(0)
        return real(message, *args, **kwargs)

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)


def test_a_message_leaves_with_its_headers():
    email = enqueue(html="<p>Acceptée</p>", calendar="BEGIN:VCALENDAR", calendar_method="request")
    work()
    email.refresh_from_db()
    assert (email.state, email.attempts, email.last_error) == (EmailState.SENT, 1, "")
    [sent] = mail.outbox
    wire = sent.message()
    assert sent.to == ["ana@example.org"]
    assert wire["Message-ID"] == email.message_id
    assert wire["Auto-Submitted"] == "auto-generated"
    assert "Préau" in str(sent.from_email)
    parts = [part for part in wire.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == [
        "text/plain",
        "text/html",
        "text/calendar",
        "text/calendar",
    ]
    assert [part.get_param("method") for part in parts[2:]] == ["REQUEST", None]
    assert parts[3].get_filename() == "reservation.ics"


def test_a_rollback_leaves_no_message_and_no_job():
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue()
        raise RuntimeError
    assert not Email.objects.exists()
    assert not jobs().exists()


def test_the_same_cause_tells_once():
    first = enqueue()
    again = enqueue(subject="Autre chose")
    assert first == again
    assert jobs().count() == 1
    work()
    enqueue()
    work()
    assert len(mail.outbox) == 1


def test_a_very_long_cause_keeps_its_identity():
    assert enqueue("x" * 300) == enqueue("x" * 300)
    assert enqueue("x" * 300) != enqueue("x" * 299 + "y")


def test_a_subject_holds_in_one_line_and_keeps_its_non_breaking_spaces():
    assert enqueue(subject="Salle à 18\u00a0h\nBcc: eve@example.org").subject == (
        "Salle à 18\u00a0h Bcc: eve@example.org"
    )
    assert len(enqueue("long", subject="é" * 400).subject) == 250


def test_the_urgent_one_goes_first():
    enqueue("slow")
    enqueue("code", subject="Votre code", urgent=True)
    work()
    assert [sent.subject for sent in mail.outbox] == ["Votre code", "Votre demande est acceptée"]


def test_two_failures_then_success(monkeypatch):
    refuse(monkeypatch, ConnectionRefusedError(), smtplib.SMTPServerDisconnected("gone"))
    email = enqueue()
    for attempts in (1, 2):
        work()
        email.refresh_from_db()
        assert (email.state, email.attempts) == (EmailState.PENDING, attempts)
        assert email.last_error
        assert jobs().get().scheduled_at > clock.now()
        make_due()
    work()
    email.refresh_from_db()
    assert (email.state, email.attempts, email.last_error) == (EmailState.SENT, 3, "")
    assert len(mail.outbox) == 1


def test_a_refused_address_is_final_and_can_be_sent_again(monkeypatch):
    refuse(monkeypatch, smtplib.SMTPRecipientsRefused({"ana@example.org": (550, b"ana unknown")}))
    email = enqueue()
    work()
    email.refresh_from_db()
    assert email.state == EmailState.FAILED
    assert "550" in email.last_error
    assert "ana" not in email.last_error
    actions.send_again(email, actor=SYSTEM)
    with pytest.raises(Refusal):
        actions.send_again(email, actor=SYSTEM)
    work()
    email.refresh_from_db()
    assert email.state == EmailState.SENT


def test_it_gives_up_in_the_end_and_says_so(monkeypatch):
    refuse(monkeypatch, OSError("ana@example.org"))
    email = EmailFactory(attempts=actions.MAX_ATTEMPTS - 1)
    actions.deliver(email.pk)
    email.refresh_from_db()
    assert email.state == EmailState.FAILED
    assert "ana" not in email.last_error


def test_a_crash_after_the_server_took_it_sends_the_same_message_again(monkeypatch):
    email = enqueue()
    monkeypatch.setattr(outbox.clock, "now", lambda: 1 / 0)  # between the server and the mark
    with pytest.raises(ZeroDivisionError):
        actions.deliver(email.pk)
    monkeypatch.undo()
    email.refresh_from_db()
    assert email.state == EmailState.PENDING
    work()
    email.refresh_from_db()
    assert email.state == EmailState.SENT
    assert [sent.extra_headers["Message-ID"] for sent in mail.outbox] == [email.message_id] * 2


def test_delivering_again_does_nothing():
    email = enqueue()
    actions.deliver(email.pk)
    actions.deliver(email.pk)
    actions.deliver(email.pk + 1)
    assert len(mail.outbox) == 1


def test_one_that_is_being_claimed_elsewhere_is_left_alone():
    email = EmailFactory()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM notifications_email FOR UPDATE")
            actions.deliver(email.pk)
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert mail.outbox == []


def test_the_sweep_carries_again_what_lost_its_job():
    old = clock.now() - timedelta(minutes=3)
    lost = EmailFactory(created_at=old)
    EmailFactory(created_at=old, state=EmailState.SENT, sent_at=old)
    EmailFactory(created_at=old, state=EmailState.FAILED)
    EmailFactory()  # too young: its transaction's job is there or about to run
    with clock.frozen(old):
        enqueue("waits in the queue")
    assert actions.sweep_outbox() == 1
    assert actions.sweep_outbox() == 0
    assert jobs().count() == 2
    tasks.sweep_outbox.func(0)
    work()
    lost.refresh_from_db()
    assert lost.state == EmailState.SENT


def test_a_job_that_a_killed_worker_was_doing_is_done_by_the_next_one():
    email = enqueue()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '5 minutes') RETURNING id"
        )
        worker = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert actions.sweep_outbox() == 0  # the job is not lost, only stalled
    app.configure_task("notifications.retry_stalled_jobs").defer(timestamp=0)
    work()
    work()
    email.refresh_from_db()
    assert email.state == EmailState.SENT


def test_a_stalled_job_that_waits_anew_is_closed():
    defer = app.configure_task("notifications.sweep_outbox", queueing_lock="sweep").defer
    stalled = defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    waiting = defer(timestamp=1)
    app.configure_task("notifications.retry_stalled_jobs", priority=5).defer(timestamp=0)
    work()
    states = dict(ProcrastinateJob.objects.values_list("id", "status"))
    assert (states[stalled], states[waiting]) == ("failed", "succeeded")


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 4), (1, 16), (4, 1024), (5, 3600), (19, 3600)]
)
def test_the_waits_grow_to_an_hour(attempts, seconds):
    job = app.configure_task("x").job.evolve(attempts=attempts)
    decision = tasks.BackOff().get_retry_decision(exception=OSError(), job=job)
    wait = (decision.retry_at - clock.now()).total_seconds()
    assert seconds - 5 < wait <= seconds


def test_letters_are_emptied_a_month_after_they_left():
    sent, kept = enqueue("a"), enqueue("b")
    long_ago = clock.now() - timedelta(days=31)
    Email.objects.filter(pk=sent.pk).update(state=EmailState.SENT, sent_at=long_ago)
    assert actions.forget_old_letters() == 1
    assert Email.objects.get(pk=sent.pk).text == ""
    assert Email.objects.get(pk=kept.pk).text == kept.text
