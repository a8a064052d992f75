"""Writing the e-mails of a booking in the outbox, each to whom it concerns, once."""

from __future__ import annotations

from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.queries import administrators
from preau.booking import calendars, emails, letters
from preau.booking.enums import Change
from preau.booking.models import Booking, WaitingEntry
from preau.booking.news import Letter, News
from preau.booking.queries import people_to_tell
from preau.conversations.models import Message
from preau.core import audit
from preau.notifications.actions import enqueue_email
from preau.notifications.emails import compose

#: Changes that write, move or take away a line of the occupant's calendar.
IN_CALENDAR = frozenset(
    {
        Change.CONFIRMED_AT_ONCE,
        Change.ACCEPTED,
        Change.COMPLETED,
        Change.MOVED,
        Change.DATES_CHANGED,
        Change.CANCELLED,
    }
)


def tell_change(news: News, *, actor: Actor) -> None:
    """Tell both sides of a change, except those who made it on the managers' side."""
    booking = news.booking
    event = audit.history(booking).last()
    cause = f"booking:{booking.pk}:{news.change}:{event.pk if event else 0}"
    occupants = occupants_to_tell(booking)
    calendar = _calendar(news)
    for address in occupants:
        letter = emails.TO_OCCUPANT[news.change](news)
        contact = emails.contact_of_place(booking)
        _send(cause, address, booking, letter, contact, calendar)
    if news.change not in emails.TO_MANAGERS:
        return
    letter = emails.TO_MANAGERS[news.change](news)
    for address in _managers(booking, actor):
        if address not in occupants:
            _send(cause, address, booking, letter, emails.contact_of_occupant(booking))


def tell_message(booking: Booking, message: Message, *, actor: Actor) -> None:
    """Tell the other side that somebody wrote."""
    from_occupant = actor.user_id == booking.requester_id or (
        actor.organization_id is not None and actor.organization_id == booking.organization_id
    )
    author = message.on_behalf_of or (actor.user.full_name if actor.user else "")
    if not from_occupant:
        author = booking.place.owner.name
    letter = emails.message_letter(booking, author, message.body)
    cause = f"booking:{booking.pk}:message:{message.pk}"
    contact = emails.contact_of_occupant(booking)
    addresses = _managers(booking, actor)
    if not from_occupant:
        contact, addresses = emails.contact_of_place(booking), occupants_to_tell(booking)
    for address in addresses:
        _send(cause, address, booking, letter, contact)


def tell_offer(entry: WaitingEntry) -> None:
    """Tell the first in line that the slot is theirs, for a while."""
    booking = entry.offer
    if booking is None:
        return
    letter = letters.offered(booking, entry)
    cause = f"waiting:{entry.pk}:{booking.pk}"
    url = reverse("booking:details", args=[booking.reference])
    _send(cause, entry.user.email, booking, letter, emails.contact_of_place(booking), url=url)


def occupants_to_tell(booking: Booking) -> list[str]:
    """The person who asked; if they have left the organisation, those who run it now."""
    requester, organization = booking.requester, booking.organization
    if requester is None:
        return [booking.caller_email] if booking.caller_email else []
    gone = not booking.requester_still_holds
    people = administrators(organization) if organization and gone else [requester]
    return [one.email for one in people if one.is_active]


def _managers(booking: Booking, actor: Actor) -> list[str]:
    """All but the one who acts; the place's own mailbox when nobody runs it here."""
    people = people_to_tell(booking)
    if people:
        return [one.email for one in people if one.pk != actor.user_id]
    fallback = booking.place.contact_email or booking.place.owner.official_email
    return [fallback] if fallback else []


def _calendar(news: News) -> tuple[str, str]:
    """The file to join, if the occupant's calendar has or had the booking."""
    if news.change not in IN_CALENDAR or not news.was_confirmed:
        return "", ""
    return calendars.file_of(news.booking)


def _send(
    cause: str,
    address: str,
    booking: Booking,
    letter: Letter,
    contact: str,
    calendar: tuple[str, str] = ("", ""),
    url: str = "",
) -> None:
    text, html = compose(
        facts=emails.facts(booking),
        intro=letter.intro,
        button_label=letter.button,
        button_url=url or emails.page_of(booking),
        next_steps=letter.next_steps,
        contact=contact,
    )
    enqueue_email(
        cause=f"{cause}:to:{address}",
        recipient=address,
        subject=letter.subject,
        text=text,
        html=html,
        calendar=calendar[0],
        calendar_method=calendar[1],
    )
