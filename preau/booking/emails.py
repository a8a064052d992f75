"""The words of the e-mails about bookings: one letter for each change, to each side."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from preau.booking import change_letters, letters, money, owing
from preau.booking.enums import Change, DateState
from preau.booking.history import deadline
from preau.booking.models import Booking
from preau.booking.news import Letter, News
from preau.core.formats import count, day, local, slot, telephone

# --- To the occupant


def _requested(news: News) -> Letter:
    return Letter(
        f"Votre demande est envoyée : {news.what}",
        f"Votre demande est bien arrivée chez {news.owner}.",
        f"{news.owner} répond au plus tard {deadline(news.booking)}. Le créneau reste bloqué pour "
        "vous jusque-là, et nous vous préviendrons par courriel.",
        "Voir la demande",
    )


def _confirmed(news: News) -> Letter:
    return Letter(
        f"Votre réservation est confirmée : {news.what}",
        "Votre réservation est confirmée. Le rendez-vous pour votre agenda est joint.",
        "Un empêchement ? Annulez depuis la page de la réservation : d’autres pourront venir.",
    )


def _accepted(news: News) -> Letter:
    return Letter(
        f"Votre demande est acceptée : {news.what}",
        f"{news.owner} a accepté votre demande. Le rendez-vous pour votre agenda est joint.",
        "Un empêchement ? Annulez depuis la page de la réservation : d’autres pourront venir.",
    )


def _refused(news: News) -> Letter:
    return Letter(
        f"Votre demande n’est pas acceptée : {news.what}",
        f"{news.owner} ne peut pas accepter votre demande.{news.reason}",
        "Le créneau n’est plus bloqué pour vous. Vous pouvez en demander un autre.",
        "Voir la réponse",
    )


def _change_asked(news: News) -> Letter:
    return Letter(
        f"À modifier : votre demande pour {news.what}",
        f"{news.owner} vous demande de modifier votre demande avant de l’accepter."
        f"\n\nCe qui est demandé : {news.booking.reason}",
        f"Modifiez-la au plus tard {deadline(news.booking)} ; le créneau reste bloqué pour vous "
        "jusque-là. Ensuite la demande expire.",
        "Modifier la demande",
    )


def _changed(news: News) -> Letter:
    return Letter(
        f"Votre demande modifiée est envoyée : {news.what}",
        f"{news.owner} a reçu votre demande modifiée.",
        f"{news.owner} répond au plus tard {deadline(news.booking)}.",
        "Voir la demande",
    )


def _moved(news: News) -> Letter:
    return Letter(
        f"Changement d’horaire : {news.what}",
        f"{news.owner} a déplacé votre réservation. Elle était prévue {news.before}.{news.reason}",
        "Le nouvel horaire ne vous convient pas ? Écrivez au gestionnaire ou annulez, depuis la "
        "page de la réservation.",
    )


def _cancelled(news: News) -> Letter:
    if news.by_manager:
        return Letter(
            f"Votre réservation est annulée par le gestionnaire : {news.what}",
            f"{news.owner} a dû annuler. Nous vous prions de l’en excuser.{news.reason}",
            f"{_back(news)}Vous pouvez écrire au gestionnaire depuis la page de la réservation, ou "
            "chercher un autre créneau.",
        )
    return Letter(
        f"Annulation enregistrée : {news.what}",
        f"Votre annulation est enregistrée et le gestionnaire est prévenu.{_due(news)}",
        _back(news) or "Vous n’avez plus rien à faire.",
    )


def _due(news: News) -> str:
    """What stays due after the occupant gave the booking back."""
    said = owing.fee(news.booking)
    return f"\n\n{said}" if said else ""


def _back(news: News) -> str:
    """What they paid and are given back, and where they follow it."""
    said = owing.coming_back(money.due_of(news.booking))
    return f"{said} Suivez-le depuis la page de la réservation. " if said else ""


def _expired(news: News) -> Letter:
    if news.by_manager:
        intro = f"{news.owner} n’a pas répondu dans le délai : votre demande a expiré."
    else:
        intro = "La modification demandée n’a pas été faite à temps : votre demande a expiré."
    return Letter(
        f"Votre demande a expiré : {news.what}",
        intro,
        "Le créneau est de nouveau libre. Vous pouvez refaire une demande, pour ce créneau ou pour "
        "un autre.",
        "Voir la demande",
    )


# --- To those who run the place


def _to_answer(news: News) -> Letter:
    return Letter(
        f"Demande à traiter : {news.what}",
        f"{news.who} demande à occuper {news.booking.space.name}.",
        f"Répondez au plus tard {deadline(news.booking)}. Sans réponse, la demande expire et le "
        "créneau redevient libre.",
        "Répondre à la demande",
    )


def _to_answer_again(news: News) -> Letter:
    moved = news.previous is not None and news.previous != news.booking.period
    was = f" Le créneau a changé ; il était prévu {news.before}." if moved else ""
    return Letter(
        f"Demande modifiée, à traiter : {news.what}",
        f"{news.who} a modifié sa demande.{was}",
        f"Répondez au plus tard {deadline(news.booking)}.",
        "Répondre à la demande",
    )


def _new_booking(news: News) -> Letter:
    return Letter(
        f"Nouvelle réservation : {news.what}",
        f"{news.who} a réservé {news.booking.space.name}. La confirmation était immédiate.",
        "Vous n’avez rien à faire.",
    )


def _cancelled_here(news: News) -> Letter:
    by = news.owner if news.by_manager else news.who
    return Letter(
        f"Annulation : {news.what}",
        f"{by} a annulé{f' la réservation de {news.who}' if news.by_manager else ''}.{news.reason}"
        f"{'' if news.by_manager else _due(news)}",
        "Le créneau est de nouveau libre.",
    )


def _expired_here(news: News) -> Letter:
    why = (
        "n’a pas reçu de réponse dans le délai"
        if news.by_manager
        else "n’a pas été modifiée dans le délai par son auteur"
    )
    return Letter(
        f"Demande expirée : {news.what}",
        f"La demande de {news.who} {why}.",
        "Le créneau est de nouveau libre, et le demandeur est prévenu.",
        "Voir la demande",
    )


TO_OCCUPANT: dict[Change, Callable[[News], Letter]] = {
    Change.REQUESTED: _requested,
    Change.CONFIRMED_AT_ONCE: _confirmed,
    Change.PASSED_ON: letters.passed_on,
    Change.ACCEPTED: _accepted,
    Change.TO_COMPLETE: letters.to_complete,
    Change.COMPLETED: letters.completed,
    Change.REFUSED: _refused,
    Change.CHANGE_ASKED: _change_asked,
    Change.CHANGED: _changed,
    Change.MOVED: _moved,
    Change.DOCUMENT_REJECTED: letters.document_rejected,
    Change.DATES_CHANGED: letters.dates_changed,
    Change.CHANGE_WANTED: change_letters.wanted,
    Change.CHANGE_ACCEPTED: change_letters.accepted,
    Change.CHANGE_REFUSED: change_letters.refused,
    Change.CHANGE_WITHDRAWN: change_letters.withdrawn,
    Change.CHANGE_EXPIRED: change_letters.expired,
    Change.PRICE_SET: change_letters.price_set,
    Change.CANCELLED: _cancelled,
    Change.EXPIRED: _expired,
    Change.NOT_COMPLETED: letters.not_completed,
}
#: What those who run the place did themselves is not told to them again.
TO_MANAGERS: dict[Change, Callable[[News], Letter]] = {
    Change.REQUESTED: _to_answer,
    Change.CONFIRMED_AT_ONCE: _new_booking,
    Change.PASSED_ON: _to_answer,
    Change.COMPLETED: letters.completed_here,
    Change.CHANGED: _to_answer_again,
    Change.DATES_CHANGED: letters.dates_changed_here,
    Change.CHANGE_WANTED: change_letters.wanted_here,
    Change.CHANGE_WITHDRAWN: change_letters.withdrawn_here,
    Change.CHANGE_EXPIRED: change_letters.expired_here,
    Change.CANCELLED: _cancelled_here,
    Change.EXPIRED: _expired_here,
    Change.NOT_COMPLETED: letters.not_completed_here,
}


def message_letter(news_of: Booking, author: str, body: str) -> Letter:
    """Somebody wrote in the conversation."""
    what = News(news_of, Change.REQUESTED).what
    return Letter(
        f"Nouveau message : {what}",
        f"{author} vous a écrit :\n\n{body}",
        "Répondez depuis la page de la réservation : les réponses à ce courriel ne sont pas lues.",
        "Lire et répondre",
    )


# --- What all letters share


def facts(booking: Booking) -> list[tuple[str, str]]:
    """What decides, in three lines."""
    period, place = booking.period, booking.place
    address = f"{place.address}, {place.postcode} {place.commune.name}"
    when = slot(period.start, period.end, place.zone)
    if booking.is_series:
        last = local(booking.ends_at, place.zone).date()
        count_of = booking.dates.filter(state=DateState.PLANNED).count()
        when = f"{count(count_of, 'date')}, la première {when}, la dernière le {day(last)}"
    return [
        ("Quand", when),
        ("Où", f"{booking.space.name}, {place.name}, {address}"),
        ("Référence", booking.reference),
    ]


def contact_of_place(booking: Booking) -> str:
    """Whom the occupant calls."""
    place = booking.place
    ways = [telephone(place.contact_phone or place.owner.phone), place.contact_email]
    found = " – ".join(way for way in ways if way)
    return f"{place.name} : {found}" if found else "Écrivez depuis la page de la réservation."


def contact_of_occupant(booking: Booking) -> str:
    """Whom those who run the place call."""
    return f"{booking.contact_name} : {telephone(booking.contact_phone)}"


def page_of(booking: Booking) -> str:
    return reverse("booking:page", args=[booking.reference])
