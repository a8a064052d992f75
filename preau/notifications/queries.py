"""Reading the outbox, the demonstration's mailbox, and what people are told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat
from procrastinate.contrib.django.models import ProcrastinateJob

from preau.notifications import topics
from preau.notifications.enums import Channel
from preau.notifications.models import (
    DeliveredEmail,
    Email,
    EmailState,
    Notification,
    Preference,
)
from preau.notifications.topics import Topic

#: What one sweep takes; the next one takes the rest.
SWEEP_SIZE = 1000
PAGE_SIZE = 20


def job_key(email_id: int) -> str:
    """The lock of a message's job in the queue."""
    return f"email:{email_id}"


def forgotten(*, before: datetime) -> list[int]:
    """Messages written before then that wait without a job, neither queued nor running."""
    key = Concat(Value("email:"), Cast(OuterRef("pk"), TextField()))
    live = ProcrastinateJob.objects.filter(
        Q(queueing_lock=key, status="todo") | Q(lock=key, status="doing")
    )
    return list(
        Email.objects.filter(state=EmailState.PENDING, created_at__lt=before)
        .filter(~Exists(live))
        .order_by("pk")
        .values_list("pk", flat=True)[:SWEEP_SIZE]
    )


def failed(*, before: int | None = None) -> QuerySet[Email]:
    """Messages that could not be delivered, most recent first."""
    emails = Email.objects.filter(state=EmailState.FAILED).order_by("-pk")
    return emails.filter(pk__lt=before) if before else emails


def being_retried() -> QuerySet[Email]:
    """Messages that failed at least once and will be tried again."""
    return Email.objects.filter(state=EmailState.PENDING).exclude(last_error="")


def recent_recipients() -> list[str]:
    """Who received the last messages, to choose from."""
    last = DeliveredEmail.objects.order_by("-pk").values_list("recipients", flat=True)[:200]
    return sorted({address for addresses in last for address in addresses})


def delivered(*, recipient: str = "", before: int | None = None) -> QuerySet[DeliveredEmail]:
    """What the demonstration's mailbox received, most recent first."""
    emails = DeliveredEmail.objects.order_by("-pk")
    if recipient:
        emails = emails.filter(recipients__contains=[recipient])
    return emails.filter(pk__lt=before) if before else emails


# --- What people are told in the site

#: Beyond that, the header says "99+".
MOST_COUNTED = 99
NOTICES_PAGE = 30


def channels_chosen(pairs: Iterable[tuple[int, Topic]]) -> dict[tuple[int, str], Channel]:
    """(person, topic) → how they hear of it by e-mail now, for several of both."""
    asked = {(user_id, topic.key): topic for user_id, topic in pairs}
    channels = {
        key: Channel.AT_ONCE if topic.mandatory else topic.default for key, topic in asked.items()
    }
    free = {key for key, topic in asked.items() if not topic.mandatory}
    if free:
        chosen = Preference.objects.filter(
            user__in={user_id for user_id, _ in free}, topic__in={topic for _, topic in free}
        )
        for user_id, topic, channel in chosen.values_list("user_id", "topic", "channel"):
            if (user_id, topic) in free and channel in asked[user_id, topic].channels:
                channels[user_id, topic] = Channel(channel)
    return channels


def channels_of(user_ids: Iterable[int], topic: Topic) -> dict[int, Channel]:
    """How each of them hears of the topic by e-mail now."""
    found = channels_chosen((user_id, topic) for user_id in user_ids)
    return {user_id: channel for (user_id, _), channel in found.items()}


def preferences_of(user_id: int) -> list[tuple[Topic, Channel]]:
    """Every topic with how the person hears of it."""
    rows = Preference.objects.filter(user=user_id).values_list("topic", "channel")
    chosen = dict(rows)
    return [
        (topic, Channel(chosen[topic.key]))
        if chosen.get(topic.key) in topic.channels
        else (topic, Channel.AT_ONCE if topic.mandatory else topic.default)
        for topic in topics.all_topics()
    ]


def unread_count(user_id: int) -> int:
    """Up to one more than `MOST_COUNTED`: the rest makes no difference."""
    unread = Notification.objects.filter(user=user_id, read_at=None)
    return unread[: MOST_COUNTED + 1].count()


def notices(user_id: int, *, after: str = "") -> tuple[list[Notification], str]:
    """One page, unread first, the latest first; and where the next one begins ("" at the end)."""
    found: Any = Notification.objects.filter(user=user_id).alias(
        seen=ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    )
    seen, _, last = after.partition("-")
    if seen in {"n", "l"} and last.isascii() and last.isdigit() and len(last) <= 18:
        here = Q(seen=seen == "l", pk__lt=int(last))
        found = found.filter(here if seen == "l" else here | Q(seen=True))
    page = list(found.order_by("seen", "-pk")[: NOTICES_PAGE + 1])
    if len(page) <= NOTICES_PAGE:
        return page, ""
    end = page[NOTICES_PAGE - 1]
    return page[:NOTICES_PAGE], f"{'l' if end.read_at else 'n'}-{end.pk}"


def awaiting_digest() -> list[int]:
    """People for whom something waits for the daily summary."""
    waiting = Notification.objects.filter(channel=Channel.DIGEST, digested_at=None)
    return list(waiting.order_by("user_id").values_list("user_id", flat=True).distinct())


def personal_data(user: Any) -> dict[str, Any]:
    """What a person was told and how they chose to hear of it, for their export."""
    told = Notification.objects.filter(user=user.pk).order_by("pk")
    return {
        "notifications": [
            {"le": one.created_at, "titre": one.title, "texte": one.body, "lue le": one.read_at}
            for one in told.iterator()
        ],
        "préférences de notification": {
            topic.label: channel.label for topic, channel in preferences_of(user.pk)
        },
    }
