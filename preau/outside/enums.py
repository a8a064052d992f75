"""What a service's last exchanges tell of it."""

from __future__ import annotations

from django.db.models import TextChoices


class Trouble(TextChoices):
    """Why an exchange failed."""

    DOWN = "indisponible", "Ne répond pas, ou répond autre chose que ce qui est convenu"
    THROTTLED = "trop_de_demandes", "Demande d’attendre : trop d’appels"
    UNAUTHORIZED = "acces_refuse", "Refuse la clé : absente, fausse, expirée ou insuffisante"
