"""The words of the e-mails between the first accord and a booking that is sure."""

from __future__ import annotations

from preau.booking import checklist, money, owing
from preau.booking.checklist import Item, Who
from preau.booking.enums import Change
from preau.booking.history import deadline
from preau.booking.models import Booking, WaitingEntry
from preau.booking.news import Letter, News
from preau.core.formats import day, hour, local
from preau.notifications.emails import absolute


def _list(items: list[Item]) -> str:
    return "\n".join(
        f"– {item.label}. {item.text} {absolute(item.link)}".rstrip() for item in items
    )


def complete_by(news: News) -> str:
    """« le jeudi 12 mars 2027 à 18 h »."""
    limit = news.booking.complete_by
    if limit is None:
        return ""
    wall = local(limit, news.booking.place.zone)
    return f"le {day(wall.date())} à {hour(wall)}"


def passed_on(news: News) -> Letter:
    return Letter(
        f"Un premier accord est donné : {news.what}",
        "Votre demande a reçu un premier accord. Elle est transmise à l’étape suivante.",
        "Vous n’avez rien à faire. Le créneau reste bloqué pour vous, et nous vous préviendrons.",
        "Voir la demande",
    )


def to_complete(news: News) -> Letter:
    waits = checklist.missing(news.booking)
    mine = [item for item in waits if item.who == Who.OCCUPANT]
    return Letter(
        f"Votre demande est acceptée, il reste à la compléter : {news.what}",
        f"{news.owner} a accepté votre demande. Pour que la réservation soit sûre, il manque "
        f"encore :\n\n{_list(mine or waits)}",
        f"Complétez-la au plus tard {complete_by(news)} ; le créneau reste bloqué pour vous "
        "jusque-là. Ensuite il redevient libre.",
        "Compléter la réservation",
    )


def completed(news: News) -> Letter:
    return Letter(
        f"Votre réservation est confirmée : {news.what}",
        "Tout est réuni : votre réservation est confirmée. Le rendez-vous pour votre agenda est "
        "joint.",
        "Un empêchement ? Annulez depuis la page de la réservation : d’autres pourront venir.",
    )


def document_rejected(news: News) -> Letter:
    mine = [one for one in checklist.missing(news.booking) if one.who == Who.OCCUPANT]
    return Letter(
        f"Une pièce est à remplacer : {news.what}",
        f"{news.owner} a regardé vos pièces et vous demande d’en remplacer :\n\n{_list(mine)}",
        "Déposez la nouvelle pièce depuis la page de la réservation.",
        "Remplacer la pièce",
    )


def dates_changed(news: News) -> Letter:
    back = owing.coming_back(money.due_of(news.booking))
    return Letter(
        f"Les dates de votre réservation ont changé : {news.what}",
        f"Des dates de votre réservation ont été modifiées ou annulées.{news.reason}",
        f"La liste à jour est sur la page de la réservation. {back}".rstrip(),
    )


def not_completed(news: News) -> Letter:
    return Letter(
        f"Votre demande a expiré, faute d’être complète : {news.what}",
        "Votre demande avait été acceptée, mais il manquait encore une pièce, une signature "
        "ou le paiement à la date limite.",
        "Le créneau est de nouveau libre. Vous pouvez refaire une demande.",
        "Voir la demande",
    )


def completed_here(news: News) -> Letter:
    return Letter(
        f"Réservation complète : {news.what}",
        f"Tout est réuni pour la réservation de {news.who} : elle est confirmée.",
        "Vous n’avez rien à faire.",
    )


def dates_changed_here(news: News) -> Letter:
    return Letter(
        f"Dates modifiées : {news.what}",
        f"Des dates de la réservation de {news.who} ont été modifiées ou annulées.{news.reason}",
        "Le planning est à jour.",
    )


def not_completed_here(news: News) -> Letter:
    return Letter(
        f"Réservation restée incomplète : {news.what}",
        f"La réservation de {news.who} n’a pas été complétée dans le délai.",
        "Le créneau est de nouveau libre, et le demandeur est prévenu.",
        "Voir la demande",
    )


def offered(booking: Booking, entry: WaitingEntry) -> Letter:
    """To the first in line."""
    what = News(booking, Change.REQUESTED).what
    limit = ""
    if entry.offered_until is not None:
        wall = local(entry.offered_until, booking.place.zone)
        limit = f"{day(wall.date())} à {hour(wall)}"
    return Letter(
        f"Le créneau que vous attendiez est libre : {what}",
        "Le créneau pour lequel vous étiez sur la liste d’attente vient de se libérer. Il est "
        "retenu pour vous.",
        f"Terminez votre demande au plus tard le {limit}. Ensuite il sera proposé à la personne "
        "suivante.",
        "Réserver ce créneau",
    )


# --- Reminders


def still_to_answer(booking: Booking) -> Letter:
    """To those whose accord is due."""
    news = News(booking, Change.REQUESTED)
    return Letter(
        f"Rappel, une demande attend votre réponse : {news.what}",
        f"{news.who} attend toujours votre réponse.",
        f"Répondez au plus tard {deadline(booking)}. Sans réponse, la demande expire et le "
        "créneau redevient libre.",
        "Répondre à la demande",
    )


def still_to_complete(booking: Booking, mine: list[Item]) -> Letter:
    """To the occupant of an accepted booking."""
    news = News(booking, Change.TO_COMPLETE)
    return Letter(
        f"Rappel, votre réservation reste à compléter : {news.what}",
        f"Votre réservation n’est pas encore sûre. Il manque :\n\n{_list(mine)}",
        f"Complétez-la au plus tard {complete_by(news)}. Ensuite le créneau redevient libre.",
        "Compléter la réservation",
    )
