"""Answering a listing, and saying that one is wrong."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.audiences import named_by
from preau.accounts.perms import allowed
from preau.conversations.actions import open_thread, post_message
from preau.conversations.models import Message
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives.emails import listings as emails
from preau.initiatives.enums.listings import ListingState, SignalReason
from preau.initiatives.models import Answer, Listing, Signal

#: Conversations one person may begin in a day: a neighbour needs few, a canvasser many.
MOST_A_DAY = 20
#: The same words again, before any answer, are a page sent anew rather than a second message.
SAID_AGAIN = timedelta(hours=1)
#: Open remarks on one listing: beyond, whoever moderates knows.
MOST_SIGNALS = 20


@transaction.atomic
def answer(listing: Listing, body: str, *, idempotency_key: UUID, actor: Actor) -> Answer:
    """Write to whoever placed it; the conversation already begun goes on.

    Raises:
        Refusal: one's own listing, or no longer shown, or too many in a day.
    """
    person = actor.person
    if not allowed(actor, "listing.answer", listing):
        raise Forbidden
    if named_by(actor, listing.writer_keys) or listing.author_id == person.pk:
        raise Refusal("Cette annonce est la vôtre.", code="own")
    if not listing.writer_keys:
        raise Refusal("La personne qui a publié cette annonce a fermé son compte.", code="gone")
    listing = Listing.objects.select_for_update(no_key=True, of=("self",)).get(pk=listing.pk)
    found = _begun(listing, actor)
    if found is None:
        found = _begin(listing, actor)
    write(found, body, idempotency_key=idempotency_key, actor=actor)
    return found


def _begun(listing: Listing, actor: Actor) -> Answer | None:
    whose = (
        {"organization": actor.organization_id}
        if actor.organization_id
        else {"user": actor.user_id, "organization": None}
    )
    return listing.answers.filter(**whose).select_related("thread", "listing").first()


def _begin(listing: Listing, actor: Actor) -> Answer:
    if listing.state != ListingState.PUBLISHED:
        raise Refusal("Cette annonce n’est plus publiée.", code="state")
    since = clock.now() - timedelta(days=1)
    if Answer.objects.filter(user=actor.user, created_at__gt=since).count() >= MOST_A_DAY:
        raise Refusal(
            f"Vous avez écrit à {MOST_A_DAY} annonces aujourd’hui : reprenez demain.",
            code="too_many",
        )
    mine = (
        [f"organization:{actor.organization_id}"]
        if actor.organization_id
        else [f"user:{actor.user_id}"]
    )
    thread = open_thread(
        subject=f"Annonce : {listing.title}", audiences=listing.writer_keys + mine, actor=actor
    )
    made = Answer.objects.create(
        listing=listing, thread=thread, user=actor.person, organization=actor.organization
    )
    audit.record(actor, "listing.answer", listing, answer=made.pk)
    return made


@transaction.atomic
def write(found: Answer, body: str, *, idempotency_key: UUID, actor: Actor) -> Message:
    """One message more; the other side is told once, whatever is sent twice.

    Raises:
        Refusal: the same words as their last message, just before ("twice").
    """
    _refuse_said_again(found, body, idempotency_key, actor)
    message = post_message(
        thread=found.thread, body=body, idempotency_key=idempotency_key, actor=actor
    )
    Answer.objects.filter(pk=found.pk).update(last_message_at=clock.now())
    from_listing_side = named_by(actor, found.listing.writer_keys)
    emails.tell_message(found, message.pk, from_listing_side=from_listing_side)
    return message


def _refuse_said_again(found: Answer, body: str, key: UUID, actor: Actor) -> None:
    last = found.thread.messages.order_by("-pk").first()
    if (
        last is not None
        and (last.author_id, last.body) == (actor.user_id, body.replace("\r\n", "\n").strip())
        and last.idempotency_key != key
        and last.created_at > clock.now() - SAID_AGAIN
    ):
        raise Refusal(
            "Vous venez d’envoyer ce même message : il est déjà parti.", field="body", code="twice"
        )


@transaction.atomic
def signal(
    listing: Listing, reason: SignalReason | str, message: str = "", *, actor: Actor
) -> Signal:
    """A reader says that it is wrong: whoever moderates there is told.

    Raises:
        Refusal: it is signalled enough already.
    """
    if not allowed(actor, "listing.signal", listing):
        raise Forbidden
    if listing.signals.filter(closed_at=None).count() >= MOST_SIGNALS:
        raise Refusal("Cette annonce a déjà été signalée : elle va être vérifiée. Merci.")
    row = Signal.objects.create(
        listing=listing,
        reason=SignalReason(reason),
        message=message.strip()[:1000],
        user=actor.user,
    )
    audit.record(actor, "listing.signal", listing, reason=row.reason)
    emails.tell_signal(row, listing)
    return row


@transaction.atomic
def close_signals(listing: Listing, *, actor: Actor) -> int:
    """Nothing wrong with it: what was signalled is dealt with, the listing stays."""
    if not allowed(actor, "listing.moderate", listing):
        raise Forbidden
    closed = listing.signals.filter(closed_at=None).update(
        closed_at=clock.now(), closed_by=actor.user
    )
    audit.record(actor, "listing.signals_close", listing, count=closed)
    return closed
