"""How far a file of projects has come, and each of its lines."""

from __future__ import annotations

from django.db.models import TextChoices


class BatchState(TextChoices):
    READ = "lu", "Lu, à vérifier"
    CHECKING = "verification", "Vérification en cours"
    CHECKED = "verifie", "Vérifié, rien n’est encore repris"
    RUNNING = "en_cours", "Reprise en cours"
    STOPPED = "arrete", "Arrêtée avant la fin"
    DONE = "fait", "Reprise terminée"
    UNDOING = "annulation", "Annulation en cours"
    UNDONE = "annule", "Reprise annulée"


S = BatchState
#: A worker is at it: the page follows.
WORKING = frozenset({S.CHECKING, S.RUNNING, S.UNDOING})
#: What may begin from where.
MAY_CHECK = frozenset({S.READ, S.CHECKED})
MAY_RUN = frozenset({S.CHECKED, S.STOPPED})
MAY_UNDO = frozenset({S.DONE, S.STOPPED})


class LineState(TextChoices):
    TO_DO = "a_faire", "À faire"
    REJECTED = "rejetee", "Rejetée"
    CREATED = "creee", "Projet créé"
    UPDATED = "modifiee", "Projet mis à jour"
    SAME = "identique", "Rien à changer"
    UNDONE = "annulee", "Projet retiré"


class Expected(TextChoices):
    """What checking foresees."""

    CREATE = "creer", "À créer"
    UPDATE = "mettre_a_jour", "À mettre à jour"
    SAME = "identique", "Rien à changer"
