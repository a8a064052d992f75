"""Writes: the outbox, and what people are told in the site and by e-mail."""

from preau.notifications.actions.notices import (
    Mail,
    Notice,
    forget,
    mark_all_read,
    mark_read,
    notify,
    purge,
    set_preferences,
    stop_emails,
    tell,
    write_digests,
)
from preau.notifications.actions.outbox import (
    MAX_ATTEMPTS,
    SEND_EMAIL,
    DeliveryFailed,
    defer_delivery,
    deliver,
    enqueue_email,
    forget_old_letters,
    send_again,
    sweep_outbox,
)

__all__ = [
    "MAX_ATTEMPTS",
    "SEND_EMAIL",
    "DeliveryFailed",
    "Mail",
    "Notice",
    "defer_delivery",
    "deliver",
    "enqueue_email",
    "forget",
    "forget_old_letters",
    "mark_all_read",
    "mark_read",
    "notify",
    "purge",
    "send_again",
    "set_preferences",
    "stop_emails",
    "sweep_outbox",
    "tell",
    "write_digests",
]
