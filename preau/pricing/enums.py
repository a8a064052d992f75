"""Closed lists of prices."""

from __future__ import annotations

from django.db.models import TextChoices


class RateUnit(TextChoices):
    """What one price pays for, from the smallest to the largest."""

    HOUR = "heure", "Heure"
    HALF_DAY = "demi_journee", "Demi-journée"
    EVENING = "soiree", "Soirée"
    DAY = "journee", "Journée"
    WEEKEND = "week_end", "Week-end"
    FLAT = "forfait", "Forfait par utilisation"


class Residence(TextChoices):
    """Whether the payer is of the commune where the place stands. Empty: wherever they are from."""

    LOCAL = "commune", "De la commune"
    OUTSIDE = "exterieur", "Hors commune"


class OptionUnit(TextChoices):
    """What the price of an option is multiplied by, for each date."""

    BOOKING = "utilisation", "par utilisation"
    HOUR = "heure", "par heure"
    DAY = "jour", "par jour"
    UNIT = "unite", "par unité"
    PERSON = "personne", "par personne"


class QuotaKind(TextChoices):
    COUNT = "reservations", "réservations"
    MINUTES = "heures", "heures"


class QuotaPer(TextChoices):
    YEAR = "annee", "par année civile"
    SCHOOL_YEAR = "annee_scolaire", "par année scolaire"
    MONTH = "mois", "par mois"
    WEEK = "semaine", "par semaine"


class LineKind(TextChoices):
    """What a line of a price is about."""

    RENTAL = "location", "Location"
    QUOTA = "gratuite", "Gratuité"
    MINIMUM = "minimum", "Minimum de facturation"
    OPTION = "option", "Option"
    DECIDED = "decide", "Prix fixé par le gestionnaire"
