"""Closed lists of listings, and of what readers say of them."""

from __future__ import annotations

from django.db.models import TextChoices


class Side(TextChoices):
    OFFER = "offre", "Offre"
    NEED = "besoin", "Besoin"


class Manner(TextChoices):
    """Never a sale: no money changes hands here."""

    GIFT = "don", "Don"
    LOAN = "pret", "Prêt"
    EXCHANGE = "echange", "Échange"


class Category(TextChoices):
    MATERIAL = "materiel", "Matériel et outils"
    FOOD = "denrees", "Denrées et déchets organiques"
    ROOM = "locaux", "Locaux et créneaux"
    SKILL = "competences", "Compétences et coups de main"
    TRANSPORT = "transport", "Transport"
    OTHER = "autre", "Autre"


class ListingState(TextChoices):
    DRAFT = "brouillon", "Brouillon"
    REVIEW = "a_verifier", "À vérifier"
    PUBLISHED = "publiee", "Publiée"
    WITHDRAWN = "retiree", "Retirée"
    EXPIRED = "expiree", "Expirée"
    CONCLUDED = "conclue", "Conclue"


_L = ListingState
#: From each state, where a listing may go.
LISTING_MOVES: dict[ListingState, frozenset[ListingState]] = {
    _L.DRAFT: frozenset({_L.REVIEW, _L.PUBLISHED, _L.WITHDRAWN}),
    _L.REVIEW: frozenset({_L.DRAFT, _L.PUBLISHED, _L.WITHDRAWN}),
    _L.PUBLISHED: frozenset({_L.REVIEW, _L.WITHDRAWN, _L.EXPIRED, _L.CONCLUDED}),
    _L.EXPIRED: frozenset({_L.PUBLISHED, _L.REVIEW, _L.WITHDRAWN, _L.CONCLUDED}),
    _L.WITHDRAWN: frozenset({_L.DRAFT}),
    _L.CONCLUDED: frozenset(),
}


class SuggestionState(TextChoices):
    SHOWN = "proposee", "Proposée"
    DISMISSED = "ecartee", "Écartée"


class SignalReason(TextChoices):
    SALE = "vente", "C’est une vente, ou une publicité"
    WRONG = "faux", "Ce n’est pas vrai, ou plus d’actualité"
    DANGER = "danger", "C’est dangereux ou interdit"
    PERSONAL = "personnel", "Cela parle d’une personne, ou la montre, sans son accord"
    HURTFUL = "blessant", "C’est injurieux ou blessant"
    OTHER = "autre", "Autre chose"
