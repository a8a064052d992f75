"""Writing the e-mails of a booking in the outbox, each to whom it concerns, once."""

from __future__ import annotations

from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.accounts.queries import administrators
from preau.booking import calendars, emails, letters, links, topics
from preau.booking.enums import Change, Side
from preau.booking.models import Booking, WaitingEntry
from preau.booking.news import Letter, News
from preau.booking.queries import people_to_tell
from preau.conversations.models import Message
from preau.core.models import AuditEvent
from preau.notifications.actions import Mail, Notice, enqueue_email, tell
from preau.notifications.emails import compose
from preau.notifications.topics import Topic

#: Changes that write, move or take away a line of the occupant's calendar.
IN_CALENDAR = frozenset(
    {
        Change.CONFIRMED_AT_ONCE,
        Change.ACCEPTED,
        Change.COMPLETED,
        Change.MOVED,
        Change.DATES_CHANGED,
        Change.CHANGE_ACCEPTED,
        Change.CANCELLED,
    }
)


def tell_change(news: News, event: AuditEvent, *, actor: Actor) -> None:
    """Tell both sides of a change, except those who made it on the managers' side.

    Args:
        event: its line in the history.
    """
    booking = news.booking
    cause = f"booking:{booking.pk}:{news.change}:{event.pk}"
    occupants = occupants_to_tell(booking)
    by_occupant = booking.ended_by_side == Side.OCCUPANT
    topic = topics.of_occupant(news.change, by_occupant=by_occupant)
    notices: list[Notice] = []
    if occupants or (booking.requester is None and booking.caller_email):
        letter = emails.TO_OCCUPANT[news.change](news)
        contact = emails.contact_of_place(booking)
        calendar = _calendar(news) if occupants else ("", "")
        for user in occupants:
            where = ("", links.page_for(booking, user))
            notices += _notices(cause, [user], topic, booking, letter, contact, calendar, where)
        if booking.requester is None and booking.caller_email:
            _send_to_mailbox(cause, booking.caller_email, booking, letter, contact)
    if news.change in emails.TO_MANAGERS:
        notices += _to_managers(news, cause, occupants, actor)
    tell(notices)


def _to_managers(news: News, cause: str, occupants: list[User], actor: Actor) -> list[Notice]:
    """What those who run the place are told; their mailbox, when there is nobody."""
    booking = news.booking
    people = people_to_tell(booking)
    managers = [one for one in people if one.pk != actor.user_id]
    mailbox = "" if people else booking.place.contact_email or _official(booking)
    if not managers and not mailbox:
        return []
    letter, contact = emails.TO_MANAGERS[news.change](news), emails.contact_of_occupant(booking)
    if mailbox and mailbox not in {user.email for user in occupants}:
        _send_to_mailbox(cause, mailbox, booking, letter, contact)
    others = [user for user in managers if user not in occupants]
    return _notices(cause, others, topics.of_manager(news.change), booking, letter, contact)


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
    contact, people = emails.contact_of_occupant(booking), _managers(booking, actor)
    if not from_occupant:
        contact, people = emails.contact_of_place(booking), occupants_to_tell(booking)
    for user in people:
        _send(cause, user, topics.MESSAGES, booking, letter, contact)
    mailbox = _mailbox(booking, actor) if from_occupant and not people else ""
    if mailbox:
        _send_to_mailbox(cause, mailbox, booking, letter, contact)


def tell_offer(entry: WaitingEntry) -> None:
    """Tell the first in line that the slot is theirs, for a while."""
    booking = entry.offer
    if booking is None:
        return
    letter = letters.offered(booking, entry)
    cause = f"waiting:{entry.pk}:{booking.pk}"
    url = reverse("booking:details", args=[booking.reference])
    contact = emails.contact_of_place(booking)
    _send(cause, entry.user, topics.WAITING, booking, letter, contact, where=(url, ""))


def remind_approvers(booking: Booking, letter: Letter, key: str) -> None:
    """Remind those whose answer is due."""
    cause, contact = f"booking:{booking.pk}:due:{key}", emails.contact_of_occupant(booking)
    people = people_to_tell(booking)
    for user in people:
        _send(cause, user, topics.REMINDERS, booking, letter, contact)
    if not people and (mailbox := booking.place.contact_email or _official(booking)):
        _send_to_mailbox(cause, mailbox, booking, letter, contact)


def remind_occupant(booking: Booking, letter: Letter, key: str) -> None:
    """Remind the occupant of what is theirs to do."""
    cause, contact = f"booking:{booking.pk}:to_complete:{key}", emails.contact_of_place(booking)
    for user in occupants_to_tell(booking):
        link = links.page_for(booking, user)
        _send(cause, user, topics.REMINDERS, booking, letter, contact, where=("", link))


def occupants_to_tell(booking: Booking) -> list[User]:
    """The person who asked; if they have left the organisation, those who run it now."""
    requester, organization = booking.requester, booking.organization
    if requester is None:
        return []
    gone = not booking.requester_still_holds
    people = administrators(organization) if organization and gone else [requester]
    return [one for one in people if one.is_active]


def _managers(booking: Booking, actor: Actor) -> list[User]:
    """All but the one who acts."""
    return [one for one in people_to_tell(booking) if one.pk != actor.user_id]


def _mailbox(booking: Booking, actor: Actor) -> str:
    """The place's own mailbox, told when nobody runs the place here."""
    if people_to_tell(booking):
        return ""
    return booking.place.contact_email or _official(booking)


def _official(booking: Booking) -> str:
    address: str = booking.place.owner.official_email
    return address


def _calendar(news: News) -> tuple[str, str]:
    """The file to join, if the occupant's calendar has or had the booking."""
    if news.change not in IN_CALENDAR or not news.was_confirmed:
        return "", ""
    return calendars.file_of(news.booking)


def _send(
    cause: str,
    user: User,
    topic: Topic,
    booking: Booking,
    letter: Letter,
    contact: str,
    calendar: tuple[str, str] = ("", ""),
    where: tuple[str, str] = ("", ""),
) -> None:
    tell(_notices(cause, [user], topic, booking, letter, contact, calendar, where))


def _notices(
    cause: str,
    users: list[User],
    topic: Topic,
    booking: Booking,
    letter: Letter,
    contact: str,
    calendar: tuple[str, str] = ("", ""),
    where: tuple[str, str] = ("", ""),
) -> list[Notice]:
    """In the site and, as they prefer, by e-mail.

    Args:
        where: the page to open instead of the booking's, and the address in the e-mail when it is
            another one (readable signed out).
    """
    if not users:
        return []
    page = where[0] or emails.page_of(booking)
    text, html = _compose(booking, letter, contact, where[1] or page)
    mail = Mail(letter.subject, text, html, *calendar)
    return [
        Notice(user, topic.key, letter.subject, cause, letter.next_steps, page, mail)
        for user in users
    ]


def _send_to_mailbox(
    cause: str, address: str, booking: Booking, letter: Letter, contact: str
) -> None:
    text, html = _compose(booking, letter, contact, emails.page_of(booking))
    enqueue_email(
        cause=f"{cause}:to:{address}",
        recipient=address,
        subject=letter.subject,
        text=text,
        html=html,
    )


def _compose(booking: Booking, letter: Letter, contact: str, url: str) -> tuple[str, str]:
    return compose(
        facts=emails.facts(booking),
        intro=letter.intro,
        button_label=letter.button,
        button_url=url,
        next_steps=letter.next_steps,
        contact=contact,
    )
