"""How far a list of places has come, and each of its lines."""

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
    CREATED = "creee", "Fiche créée"
    UPDATED = "modifiee", "Fiche mise à jour"
    ATTACHED = "rattachee", "Rattachée à une fiche"
    SAME = "identique", "Rien à changer"
    LEFT = "laissee", "Laissée de côté"
    UNDONE = "annulee", "Annulée"


#: What an undoing takes back.
WRITTEN = (LineState.CREATED, LineState.UPDATED, LineState.ATTACHED)


class Expected(TextChoices):
    """What checking foresees."""

    CREATE = "creer", "Lieu nouveau"
    UPDATE = "mettre_a_jour", "Connu de cette liste, à mettre à jour"
    SAME = "identique", "Connu de cette liste, rien à changer"
    DOUBLE = "double", "Sans doute déjà présent"


class Doubles(TextChoices):
    """What becomes of a line whose place is probably here already, from elsewhere."""

    ATTACH = "rattacher", "Rattacher à la fiche présente, et remplir ce qui y manque"
    CREATE = "creer", "Créer une fiche, et demander à quelqu’un de trancher"
    LEAVE = "laisser", "Laisser ces lignes de côté"


class Licence(TextChoices):
    OPEN = "lo", "Licence Ouverte, ou données de votre organisation"
    ODBL = "ODbL", "ODbL (OpenStreetMap) : jamais mêlée à nos données ouvertes"
