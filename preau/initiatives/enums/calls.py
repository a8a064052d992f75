"""Closed lists of calls for initiatives, and the transitions allowed."""

from __future__ import annotations

from django.db.models import TextChoices


class CallState(TextChoices):
    """How far a call has come. The clock closes it (`actions.calls.close_due`)."""

    DRAFT = "brouillon", "Brouillon"
    PUBLISHED = "publie", "Publié"
    CLOSED = "clos", "Clos"
    REVIEWING = "en_examen", "En examen"
    DECIDED = "decide", "Décidé"
    ARCHIVED = "archive", "Archivé"


C = CallState

#: from → to. What has been decided is never reopened: people were told.
CALL_TRANSITIONS: dict[CallState, frozenset[CallState]] = {
    C.DRAFT: frozenset({C.PUBLISHED, C.ARCHIVED}),
    C.PUBLISHED: frozenset({C.CLOSED}),
    C.CLOSED: frozenset({C.REVIEWING, C.ARCHIVED}),
    C.REVIEWING: frozenset({C.DECIDED}),
    C.DECIDED: frozenset({C.ARCHIVED}),
    C.ARCHIVED: frozenset(),
}
#: Everybody reads these.
PUBLIC = frozenset({C.PUBLISHED, C.CLOSED, C.REVIEWING, C.DECIDED})
#: The jury reads what was sent.
EXAMINED = frozenset({C.REVIEWING, C.DECIDED, C.ARCHIVED})


class CallQuestionKind(TextChoices):
    TEXT = "texte", "Quelques lignes"
    CHOICE = "choix", "Un choix dans une liste"
    NUMBER = "nombre", "Un nombre"
    FILE = "fichier", "Un fichier (PDF ou image)"


class ReviewerRole(TextChoices):
    CHAIR = "presidence", "Présidence du jury"
    JUROR = "jury", "Membre du jury"
    OBSERVER = "observation", "Observation, sans noter"


#: Those who score.
SCORING = frozenset({ReviewerRole.CHAIR, ReviewerRole.JUROR})


class ReviewState(TextChoices):
    DRAFT = "brouillon", "En cours"
    SENT = "envoyee", "Envoyée"
    CONFLICT = "conflit", "Conflit d’intérêts déclaré"


class SubmissionState(TextChoices):
    DRAFT = "brouillon", "Brouillon"
    SENT = "envoyee", "Envoyée"
    WITHDRAWN = "retiree", "Retirée"


class Decision(TextChoices):
    NONE = "", "À décider"
    SELECTED = "retenue", "Retenue"
    WAITING = "liste_attente", "Sur liste d’attente"
    REJECTED = "non_retenue", "Non retenue"
