"""What bookings tell people about, and how they may choose to hear of it."""

from __future__ import annotations

from preau.booking.enums import Change
from preau.notifications import topics
from preau.notifications.topics import Topic

ANSWERS = topics.register(
    Topic(
        "booking.answers",
        "Réponses à mes demandes",
        "accord, refus, modification demandée, changement ou annulation par le gestionnaire.",
        mandatory=True,
    ),
    order=10,
)
RECEIPTS = topics.register(
    Topic(
        "booking.receipts",
        "Accusés de réception",
        "Ce que vous venez de faire vous-même : demande envoyée, modifiée ou annulée.",
    ),
    order=20,
)
REMINDERS = topics.register(
    Topic(
        "booking.reminders",
        "Rappels avant une échéance",
        "Une demande attend votre réponse, ou une réservation acceptée reste à compléter.",
    ),
    order=25,
)
MESSAGES = topics.register(
    Topic("booking.messages", "Messages", "Quelqu’un vous écrit au sujet d’une réservation."),
    order=30,
)
WAITING = topics.register(
    Topic(
        "booking.waiting",
        "Liste d’attente",
        "Un créneau que vous attendiez se libère : il vous est gardé peu de temps.",
        can_wait=False,
    ),
    order=40,
)
TO_ANSWER = topics.register(
    Topic(
        "booking.to_answer",
        "Demandes à traiter",
        "Dans les lieux dont vous avez la charge, une demande attend votre réponse.",
    ),
    order=50,
)
DESK_NEWS = topics.register(
    Topic(
        "booking.desk_news",
        "Réservations dans mes lieux",
        "Nouvelles réservations, annulations et demandes expirées, sans rien à faire.",
    ),
    order=60,
)

#: What the occupant did themself. All the rest is an answer.
_RECEIPTS = {
    Change.REQUESTED,
    Change.CHANGED,
    Change.CHANGE_WANTED,
    Change.CHANGE_WITHDRAWN,
}
_WAITS = {Change.REQUESTED, Change.PASSED_ON, Change.CHANGED, Change.CHANGE_WANTED}


def of_occupant(change: Change, *, by_occupant: bool) -> Topic:
    """The topic of a letter to the occupant."""
    own = change in _RECEIPTS or (change == Change.CANCELLED and by_occupant)
    return RECEIPTS if own else ANSWERS


def of_manager(change: Change) -> Topic:
    """The topic of a letter to those who run the place."""
    return TO_ANSWER if change in _WAITS else DESK_NEWS
