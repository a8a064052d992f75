"""Telling people: one row in the site's list, and the e-mail each of them prefers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from preau.core import clock, rows
from preau.core.formats import count, day
from preau.core.transactions import joined
from preau.notifications import links, queries, topics
from preau.notifications.actions.outbox import Letter, enqueue_emails, one_line, short
from preau.notifications.emails import absolute, compose, with_footer
from preau.notifications.enums import Channel
from preau.notifications.models import Email, Notification, Preference
from preau.notifications.topics import DIGEST_KEY, Topic

#: How long the site's list keeps what was told.
KEPT = timedelta(days=365)
#: How long a link at the foot of an e-mail stops the next ones.
UNSUBSCRIBE_DAYS = 180
UNSUBSCRIBE = "unsubscribe"
#: What one summary names; the rest is on the page it leads to.
MOST_IN_DIGEST = 30


class Person(Protocol):
    """Whoever has an account; this room stands below the one that knows people."""

    pk: int
    email: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Mail:
    """The e-mail of a notice, as `emails.compose` makes it."""

    subject: str
    text: str
    html: str = ""
    calendar: str = ""
    calendar_method: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one person.

    Attributes:
        topic: the key of a registered topic.
        title: says it all, in one line.
        cause: what it is about; the e-mail's cause is this one and its address.
        url: the page to open, from the site's root.
        email: what leaves at once for those who want it so; without it, made from the rest.
    """

    user: Person
    topic: str
    title: str
    cause: str
    body: str = ""
    url: str = ""
    email: Mail | None = None


def notify(
    users: Iterable[Person],
    *,
    topic: str,
    title: str,
    cause: str,
    body: str = "",
    url: str = "",
    email: Mail | None = None,
) -> list[Notification]:
    """Tell several people the same thing. See `tell`."""
    return tell([Notice(user, topic, title, cause, body, url, email) for user in users])


@joined
def tell(notices: Iterable[Notice]) -> list[Notification]:
    """Tell people, in the caller's transaction: once each for one cause.

    Returns:
        What was written now: nothing for those already told.
    """
    told = [(one, topics.get(one.topic)) for one in notices if one.user.is_active]
    channels = queries.channels_chosen([(one.user.pk, topic) for one, topic in told])
    made = [
        Notification(
            user_id=one.user.pk,
            cause=short(one.cause),
            topic=topic.key,
            title=one_line(one.title),
            body=_cut(one.body, 500),
            url=one.url,
            channel=channels[one.user.pk, topic.key],
        )
        for one, topic in told
    ]
    written = rows.insert(made, unless=("user", "cause"))
    new = {id(row) for row in written}
    enqueue_emails(
        [
            _letter(one.user, topic, row, one.email or _plain(row))
            for (one, topic), row in zip(told, made, strict=True)
            if id(row) in new and row.channel == Channel.AT_ONCE
        ]
    )
    return written


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _plain(notice: Notification) -> Mail:
    """A short message, when the room wrote none."""
    text, html = compose(
        facts=[],
        intro=f"{notice.title}\n\n{notice.body}".strip(),
        button_label="Voir sur Préau" if notice.url else "",
        button_url=notice.url,
    )
    return Mail(notice.title, text, html)


def _letter(user: Person, topic: Topic, notice: Notification, mail: Mail) -> Letter:
    return _addressed(
        user,
        mail,
        cause=f"{notice.cause}:to:{user.email}",
        stop="" if topic.mandatory else topic.key,
        stop_words=f"Ne plus recevoir ces courriels ({topic.label.lower()})",
    )


def _addressed(user: Person, mail: Mail, *, cause: str, stop: str, stop_words: str) -> Letter:
    """With the links of its reader: stop such messages, choose for all."""
    stop_url = unsubscribe_url(user.pk, stop) if stop else ""
    lines = [(stop_words, stop_url)] if stop else []
    lines.append(("Choisir mes notifications", absolute(reverse("portal:notice_preferences"))))
    text, html = with_footer(mail.text, mail.html, lines)
    return Letter(
        cause=cause,
        recipient=user.email,
        subject=mail.subject,
        text=text,
        html=html,
        calendar=mail.calendar,
        calendar_method=mail.calendar_method,
        unsubscribe_url=stop_url,
        urgent=mail.urgent,
    )


def unsubscribe_url(user_id: int, topic: str) -> str:
    """Where somebody stops the e-mails of a topic, or the daily summary, signed out."""
    token = links.sign(UNSUBSCRIBE, {"user": user_id, "topic": topic}, days=UNSUBSCRIBE_DAYS)
    return absolute(reverse("portal:unsubscribe", args=[token]))


# --- In the site


def mark_read(notice: Notification) -> None:
    """Opened: it counts no more. Twice is once."""
    Notification.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now())


def mark_all_read(user: Person, *, until: int | None = None) -> int:
    """All that the person was shown; what came since (after `until`) stays unread."""
    unread = Notification.objects.filter(user_id=user.pk, read_at=None)
    if until is not None:
        unread = unread.filter(pk__lte=until)
    return unread.update(read_at=clock.now())


@transaction.atomic
def set_preferences(user: Person, choices: Mapping[str, str]) -> None:
    """Keep how a person wants to hear of each topic; what cannot be chosen is left alone."""
    for key, channel in choices.items():
        topic = topics.find(key)
        if topic is None or channel not in topic.channels or topic.mandatory:
            continue
        Preference.objects.update_or_create(
            user_id=user.pk, topic=key, defaults={"channel": channel}
        )


@transaction.atomic
def stop_emails(user: Person, key: str) -> bool:
    """No more e-mails of one topic, or no more daily summary; whether that could be."""
    if key == DIGEST_KEY:
        preferences = queries.preferences_of(user.pk)
        chosen = [topic.key for topic, now in preferences if now == Channel.DIGEST]
    else:
        topic = topics.find(key)
        chosen = [key] if topic and not topic.mandatory else []
    set_preferences(user, dict.fromkeys(chosen, Channel.NONE))
    return bool(chosen) or key == DIGEST_KEY


def forget(user: Person) -> None:
    """The account closes: what it was told goes, and how."""
    Notification.objects.filter(user_id=user.pk).delete()
    Preference.objects.filter(user_id=user.pk).delete()


def purge() -> int:
    """Remove what was told more than a year ago."""
    return Notification.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]


# --- The daily summary


def write_digests() -> int:
    """One e-mail to each person for whom something waits; how many were written.

    One a person and a day, whatever happens: run again, it writes nothing more.
    """
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    return sum(_write_digest(user_id, today) for user_id in queries.awaiting_digest())


@transaction.atomic
def _write_digest(user_id: int, today: date) -> bool:
    cause = f"digest:{user_id}:{today.isoformat()}"
    # The lock makes a second worker wait, then find nothing left.
    waiting = list(_waiting(user_id).select_for_update(of=("self",)).select_related("user"))
    if not waiting or Email.objects.filter(cause=cause).exists():
        return False
    Notification.objects.filter(pk__in=[one.pk for one in waiting]).update(digested_at=clock.now())
    unread = [one for one in waiting if one.read_at is None]
    user: Person = waiting[0].user
    if not unread or not user.is_active:  # all seen in the site already
        return False
    letter = _addressed(
        user,
        _digest(unread, today),
        cause=cause,
        stop=DIGEST_KEY,
        stop_words="Ne plus recevoir le résumé du jour",
    )
    enqueue_emails([letter])
    return True


def _waiting(user_id: int) -> QuerySet[Notification]:
    return Notification.objects.filter(
        user=user_id, channel=Channel.DIGEST, digested_at=None
    ).order_by("id")


def _digest(notices: list[Notification], today: date) -> Mail:
    shown = notices[-MOST_IN_DIGEST:]
    rest = len(notices) - len(shown)
    text, html = compose(
        facts=[(_label(one), one.title) for one in reversed(shown)],
        intro=f"Depuis le dernier résumé, {count(len(notices), 'nouvelle')} pour vous.",
        button_label="Voir mes notifications",
        button_url=reverse("portal:notices"),
        next_steps=f"Et {count(rest, 'autre')}, plus ancienne{'s' * (rest > 1)}, sur la page."
        if rest
        else "",
    )
    subject = f"Votre résumé du {day(today)} : {count(len(notices), 'nouvelle')}"
    return Mail(subject, text, html)


def _label(notice: Notification) -> str:
    topic = topics.find(notice.topic)
    return topic.label if topic else "Préau"
