"""States of what is followed."""

from __future__ import annotations

from django.db.models import TextChoices


class EventState(TextChoices):
    """What became of one time of an outside calendar."""

    PLACED = "place", "Bloqué dans le planning"
    CONFLICT = "conflit", "En conflit"


class Problem(TextChoices):
    """Why a calendar could not be read the last time."""

    NONE = "", "Aucun"
    AWAY = "injoignable", "Le serveur de cet agenda ne répond pas."
    GONE = "disparu", "Cet agenda n’existe plus à cette adresse."
    REFUSED = "acces_refuse", "Le serveur refuse l’accès : l’adresse secrète a peut-être changé."
    UNREADABLE = "illisible", "Ce qui est publié à cette adresse n’est pas un agenda lisible."
    TOO_LONG = "trop_long", "Cet agenda contient trop d’événements."
    EMPTIED = "vide", "La plupart des événements ont disparu d’un coup."
