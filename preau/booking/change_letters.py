"""The words of the e-mails about a change asked of an accepted booking, and about its price."""

from __future__ import annotations

from preau.booking import changing
from preau.booking.history import moment_of
from preau.booking.news import Letter, News
from preau.core.formats import euros


def _what(news: News) -> str:
    change = changing.latest(news.booking)
    return "\n".join(f"– {line}" for line in changing.lines(change)) if change else ""


def _answer_by(news: News) -> str:
    change = changing.latest(news.booking)
    return moment_of(change.answer_by, news.booking) if change else ""


def _reason(news: News) -> str:
    change = changing.latest(news.booking)
    return f"\n\nMotif : {change.reason}" if change else ""


def wanted(news: News) -> Letter:
    return Letter(
        f"Votre demande de changement est envoyée : {news.what}",
        f"{news.owner} a reçu votre demande de changement :\n\n{_what(news)}",
        f"{news.owner} répond au plus tard {_answer_by(news)}. D’ici là votre réservation reste "
        "comme elle est, et le nouveau créneau est gardé pour vous.",
    )


def wanted_here(news: News) -> Letter:
    return Letter(
        f"Changement demandé, à traiter : {news.what}",
        f"{news.who} demande à changer sa réservation :\n\n{_what(news)}{_reason(news)}",
        f"Répondez au plus tard {_answer_by(news)}. Sans réponse, la réservation reste comme "
        "elle est.",
        "Répondre à la demande",
    )


def accepted(news: News) -> Letter:
    return Letter(
        f"Votre changement est accepté : {news.what}",
        f"{news.owner} a accepté le changement. Votre réservation était prévue {news.before}."
        f"{price_line(news)}",
        "Si une convention était signée, un avenant vous sera proposé à la signature.",
    )


def refused(news: News) -> Letter:
    change = changing.latest(news.booking)
    why = f"\n\nMotif : {change.answer}" if change and change.answer else ""
    return Letter(
        f"Votre changement n’est pas accepté : {news.what}",
        f"{news.owner} ne peut pas accepter le changement demandé.{why}",
        "Votre réservation reste comme elle était.",
    )


def withdrawn(news: News) -> Letter:
    return Letter(
        f"Changement retiré : {news.what}",
        "Votre demande de changement est retirée.",
        "Votre réservation reste comme elle était.",
    )


def withdrawn_here(news: News) -> Letter:
    return Letter(
        f"Changement retiré : {news.what}",
        f"{news.who} a retiré sa demande de changement.",
        "La réservation reste comme elle était. Vous n’avez rien à faire.",
    )


def expired(news: News) -> Letter:
    return Letter(
        f"Votre demande de changement est restée sans réponse : {news.what}",
        f"{news.owner} n’a pas répondu dans le délai.",
        "Votre réservation reste comme elle était ; le nouveau créneau n’est plus gardé.",
    )


def expired_here(news: News) -> Letter:
    return Letter(
        f"Changement resté sans réponse : {news.what}",
        f"La demande de changement de {news.who} n’a pas reçu de réponse dans le délai.",
        "La réservation reste comme elle était.",
    )


def price_set(news: News) -> Letter:
    return Letter(
        f"Le prix de votre réservation est fixé : {news.what}",
        f"{news.owner} a fixé le prix.{price_line(news)}",
        "Ce prix ne vous convient pas ? Écrivez au gestionnaire ou annulez la demande, depuis sa "
        "page.",
    )


def price_line(news: News) -> str:
    """The price and where it comes from, if there is one to pay."""
    price = news.booking.price
    if price is None or price.is_on_request:
        return ""
    lines = [str(line.get("explanation", "")) for line in price.lines]
    why = f" ({lines[0].rstrip('.')})" if len(lines) == 1 and lines[0] else ""
    return f"\n\nPrix : {euros(price.total_cents)}{why}."
