"""Closed lists of the room."""

from __future__ import annotations

from django.db.models import TextChoices


class Scope(TextChoices):
    """What a token may be used for; the person behind it must be allowed it as well."""

    PLACES = "places:read", "Lire les lieux et les espaces"
    SEARCH = "search", "Chercher des espaces libres"
    OCCUPANCIES = "occupancies:read", "Lire le libre et l’occupé d’un espace"
    BOOKINGS_READ = "bookings:read", "Lire les réservations de la structure"
    BOOKINGS_WRITE = "bookings:write", "Retenir, réserver et annuler"
    AGREEMENTS = "agreements:read", "Lire l’état des conventions"
    PROJECTS = "projects:read", "Lire les projets ouverts à la structure"
    STATS = "stats:read", "Lire les statistiques publiques"


class EventType(TextChoices):
    """What a webhook may be told."""

    BOOKING_REQUESTED = "booking.requested", "Demande de réservation envoyée"
    BOOKING_CONFIRMED = "booking.confirmed", "Réservation confirmée"
    BOOKING_MOVED = "booking.moved", "Réservation déplacée ou modifiée"
    BOOKING_CANCELLED = "booking.cancelled", "Réservation annulée, refusée ou expirée"
    AGREEMENT_SIGNED = "agreement.signed", "Convention signée par tous"
    DUE_PAID = "due.paid", "Somme due payée"
    PROJECT_MOVED = "project.moved", "Projet passé à un autre état"
    #: Sent by the button « Envoyer un essai », whatever the endpoint listens to.
    PING = "ping", "Essai"


class DeliveryState(TextChoices):
    WAITING = "en_attente", "En attente"
    DELIVERED = "remise", "Remise"
    GIVEN_UP = "abandonnee", "Abandonnée"
