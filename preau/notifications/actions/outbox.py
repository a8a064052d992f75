"""Writing in the outbox, delivering from it, and losing nothing on the way."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer

from preau.core import audit, clock, rows
from preau.core.errors import Refusal
from preau.core.transactions import joined
from preau.notifications import failures, queries
from preau.notifications.emails import message_of
from preau.notifications.models import Email, EmailState

#: The task of `tasks.py`, by name: actions and tasks need each other.
SEND_EMAIL = "notifications.send_email"
#: A sign-in code goes before the day's confirmations.
URGENT_PRIORITY = 10
#: With the waits of `tasks.BackOff`: about fifteen hours of a silent mail server.
MAX_ATTEMPTS = 20
#: A message still waiting after that, with no job to carry it, is put in the queue again.
FORGOTTEN_AFTER = timedelta(minutes=2)
#: How long what a letter said is kept once it is sent.
KEPT = timedelta(days=30)
#: In the cause of a letter that holds a code: nothing of it is kept once it is sent.
ONE_TIME = re.compile(r"^signatory:\d+:code:")
#: What a letter said, taken out.
EMPTY = {"text": "", "html": "", "calendar": "", "unsubscribe_url": ""}


class DeliveryFailed(Exception):
    """This attempt did not pass; the message waits for the next one. Names nobody."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message for the outbox.

    Attributes:
        cause: what the message is about and for whom ("booking:12:accepted:to:8"). The same cause
            sends nothing more.
        calendar: the whole text of an `.ics`, with its iTIP method in `calendar_method`.
        unsubscribe_url: where its reader stops such messages, complete.
        urgent: before the others (a code that someone waits for).
    """

    cause: str
    recipient: str
    subject: str
    text: str
    html: str = ""
    calendar: str = ""
    calendar_method: str = ""
    unsubscribe_url: str = ""
    urgent: bool = False


def enqueue_email(  # noqa: PLR0913  one argument a part of the message
    *,
    cause: str,
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    calendar: str = "",
    calendar_method: str = "",
    unsubscribe_url: str = "",
    urgent: bool = False,
) -> Email:
    """Write one message (see `Letter`), or give the first one of the same cause back."""
    letter = Letter(
        cause=cause,
        recipient=recipient,
        subject=subject,
        text=text,
        html=html,
        calendar=calendar,
        calendar_method=calendar_method,
        unsubscribe_url=unsubscribe_url,
        urgent=urgent,
    )
    written = enqueue_emails([letter])
    return written[0] if written else Email.objects.get(cause=short(letter.cause))


@joined
def enqueue_emails(letters: Sequence[Letter]) -> list[Email]:
    """Write messages in the outbox and their deliveries in the queue, in the caller's transaction.

    Returns:
        What was written now: nothing for a cause already told.
    """
    urgent = {short(letter.cause): letter.urgent for letter in letters}
    written = rows.insert([_email(letter) for letter in letters], unless=("cause",))
    if written:
        app.job_manager.batch_defer_jobs(
            [_delivery(one.pk, urgent[one.cause]).make_new_job(email_id=one.pk) for one in written]
        )
    return written


def _email(letter: Letter) -> Email:
    cause = short(letter.cause)
    return Email(
        cause=cause,
        message_id=_message_id(cause),
        recipient=letter.recipient,
        subject=one_line(letter.subject),
        text=letter.text,
        html=letter.html,
        calendar=letter.calendar,
        calendar_method=letter.calendar_method.upper(),
        unsubscribe_url=letter.unsubscribe_url,
    )


def defer_delivery(email_id: int, *, urgent: bool = False) -> None:
    """Put the delivery in the queue: once waiting at most, never two at a time."""
    _delivery(email_id, urgent).defer(email_id=email_id)


def _delivery(email_id: int, urgent: bool) -> JobDeferrer:
    key = queries.job_key(email_id)
    return app.configure_task(
        SEND_EMAIL, lock=key, queueing_lock=key, priority=URGENT_PRIORITY if urgent else 0
    )


def deliver(email_id: int) -> None:
    """Hand one message to the mail server, outside any transaction.

    It is marked as sent only after the server took it: a crash in between sends it again, under
    the same Message-ID. A message sent, or being handed over elsewhere, is left alone.

    Raises:
        DeliveryFailed: to be tried again later.
    """
    email = _claim(email_id)
    if email is None:
        return
    try:
        message_of(email).send()
    except Exception as error:  # whatever happened, the message must not be lost
        failure = failures.describe(error)
        if _give_up(email, failure):
            return
        raise DeliveryFailed(failure.sentence) from None
    Email.objects.filter(pk=email.pk, state=EmailState.PENDING).update(
        state=EmailState.SENT,
        sent_at=clock.now(),
        last_error="",
        **(EMPTY if ONE_TIME.match(email.cause) else {}),
    )


def _claim(email_id: int) -> Email | None:
    with transaction.atomic():
        email = (
            Email.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=email_id, state=EmailState.PENDING)
            .first()
        )
        if email is not None:
            email.attempts += 1
            email.save(update_fields=["attempts"])
    return email


def _give_up(email: Email, failure: failures.Failure) -> bool:
    """Note the failure; whether it is the last one."""
    over = failure.lasting or email.attempts >= MAX_ATTEMPTS
    Email.objects.filter(pk=email.pk, state=EmailState.PENDING).update(
        state=EmailState.FAILED if over else EmailState.PENDING,
        last_error=failure.sentence[:200],
    )
    return over


def sweep_outbox() -> int:
    """Put in the queue again what waits there without a job; how many."""
    found = 0
    for email_id in queries.forgotten(before=clock.now() - FORGOTTEN_AFTER):
        try:
            with transaction.atomic():
                defer_delivery(email_id)
        except AlreadyEnqueued:  # another sweep was quicker
            continue
        found += 1
    return found


def forget_old_letters() -> int:
    """Empty what was sent long ago: letters hold links and facts that nobody needs any more.

    The row stays, so that the same cause is never told twice.
    """
    old = Email.objects.filter(state=EmailState.SENT, sent_at__lt=clock.now() - KEPT).exclude(
        text=""
    )
    return old.update(**EMPTY)


def send_again(email: Email, *, actor: audit.Author) -> None:
    """Give a failed message a new series of attempts."""
    with transaction.atomic():
        changed = Email.objects.filter(pk=email.pk, state=EmailState.FAILED).update(
            state=EmailState.PENDING, attempts=0
        )
        if not changed:
            raise Refusal(
                "Ce courriel n’est plus en échec : il est déjà parti ou attend son tour.",
                code="not_failed",
            )
        defer_delivery(email.pk)
        audit.record(actor, "notifications.send_again", email)


def short(cause: str) -> str:
    """A cause as it fits in its column; a very long one keeps its beginning and a digest."""
    if len(cause) <= 200:
        return cause
    return f"{cause[:130]}#{hashlib.sha256(cause.encode()).hexdigest()}"


def _message_id(cause: str) -> str:
    """Decided by the cause alone, so that a message sent again is known as the same."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(cause.encode()).hexdigest()[:40]}@{host[:70]}>"


def one_line(subject: str) -> str:
    """A header cannot hold a line break; non-breaking spaces stay."""
    line = re.sub(r"[\r\n\t]+", " ", subject).strip()
    return line if len(line) <= 250 else line[:249].rstrip() + "…"
