"""States of a mirror, of its runs and of its conflicts."""

from __future__ import annotations

from django.db.models import TextChoices


class MirrorState(TextChoices):
    DRAFT = "prepare", "En préparation"
    ACTIVE = "actif", "Actif"
    CLOSING = "fermeture", "Fermeture en cours"
    CLOSED = "ferme", "Fermé"


class Problem(TextChoices):
    """What stops a mirror until somebody acts. The page tells what to do."""

    NONE = "", "Aucun"
    HOST = "serveur", "Serveur non autorisé"
    KEY = "cle", "Clé refusée"
    DOCUMENT = "document", "Document introuvable"
    TABLE = "table", "Table supprimée dans Grist"
    COLUMN = "colonne", "Colonne supprimée dans Grist"
    PLAN = "offre", "Limite de l’offre Grist atteinte"
    KEEPER = "responsable", "Plus personne ne tient ce miroir"
    OTHER = "autre", "Refus de Grist"


class RunKind(TextChoices):
    RECENT = "recent", "Ce qui a changé récemment"
    WHOLE = "complet", "Tout ce qui a changé"
    CHECK = "controle", "Contrôle complet, lignes relues"
    CLOSE = "fermeture", "Fermeture"


class RunState(TextChoices):
    WAITING = "attente", "En attente"
    RUNNING = "en_cours", "En cours"
    DONE = "fait", "Terminée"
    STOPPED = "arretee", "Arrêtée"
    FAILED = "echec", "Échec"


LIVE_RUNS = (RunState.WAITING, RunState.RUNNING)


class Leaving(TextChoices):
    """What becomes of the row of something that its owner may not read any more."""

    REMOVE = "retirer", "Retirer la ligne de Grist"
    BLANK = "vider", "Vider la ligne et la marquer « Hors périmètre »"


class ConflictKind(TextChoices):
    BOTH = "deux", "Modifié des deux côtés"
    REFUSED = "refus", "Refusé par Préau"


class ConflictState(TextChoices):
    OPEN = "ouvert", "À trancher"
    KEPT = "garde", "Valeur de Préau gardée"
    ACCEPTED = "accepte", "Valeur de Grist acceptée"
    GONE = "disparu", "Les deux valeurs se sont rejointes"
