"""Closed lists of the projects room, and the transitions allowed."""

from __future__ import annotations

from django.db.models import TextChoices


class ProjectState(TextChoices):
    """How far the State's services have come with a project."""

    DRAFT = "brouillon", "Brouillon"
    DEPOSITED = "depose", "Déposé"
    ACKNOWLEDGED = "pris_en_compte", "Pris en compte"
    QUALIFIED = "qualifie", "Qualifié"
    ACCOMPANIED = "en_accompagnement", "En accompagnement"
    CLOSED = "clos", "Clos"
    REFUSED = "refuse", "Refusé"
    REDIRECTED = "reoriente", "Réorienté"


P = ProjectState

#: from → to. A draft leaves only by its deposit; what ended may come back, with a reason.
TRANSITIONS: dict[ProjectState, frozenset[ProjectState]] = {
    P.DRAFT: frozenset({P.DEPOSITED}),
    P.DEPOSITED: frozenset({P.ACKNOWLEDGED, P.REFUSED, P.REDIRECTED}),
    P.ACKNOWLEDGED: frozenset({P.QUALIFIED, P.REFUSED, P.REDIRECTED}),
    P.QUALIFIED: frozenset({P.ACCOMPANIED, P.CLOSED, P.REFUSED, P.REDIRECTED}),
    P.ACCOMPANIED: frozenset({P.QUALIFIED, P.CLOSED, P.REDIRECTED}),
    P.CLOSED: frozenset({P.ACCOMPANIED}),
    P.REFUSED: frozenset({P.DEPOSITED}),
    P.REDIRECTED: frozenset({P.DEPOSITED}),
}

#: Somebody is at work on it, or should be.
LIVE = frozenset({P.DEPOSITED, P.ACKNOWLEDGED, P.QUALIFIED, P.ACCOMPANIED})
ENDED = frozenset({P.CLOSED, P.REFUSED, P.REDIRECTED})
#: These changes are told with a reason that the holder reads; so is any way back.
WITH_REASON = frozenset({P.REFUSED, P.REDIRECTED})
#: What the triage inbox holds.
TO_TRIAGE = frozenset({P.DEPOSITED, P.ACKNOWLEDGED})


class PhaseStatus(TextChoices):
    """How the present phase goes, said by the holder. « Bloqué » is never stored: blockages are."""

    ONGOING = "en_cours", "En cours"
    LATE = "en_retard", "En retard"
    PAUSED = "en_pause", "En pause"
    ABANDONED = "abandonne", "Abandonné"
    DONE = "termine", "Terminé"


class Priority(TextChoices):
    """What a person decided, with their reason; most projects have none."""

    NONE = "", "Sans priorité"
    HIGH = "haute", "Haute"
    MEDIUM = "moyenne", "Moyenne"
    LOW = "basse", "Basse"


class Origin(TextChoices):
    SITE = "site", "Déposé en ligne"
    AGENT = "agent", "Déposé par un agent"
    IMPORT = "import", "Repris d’un portefeuille"


class ServiceKind(TextChoices):
    DDT = "ddt", "DDT"
    PREFECTURE = "prefecture", "Préfecture"
    SUB_PREFECTURE = "sous_prefecture", "Sous-préfecture"
    REGION = "region", "Service régional"
    NATIONAL = "national", "Service national (ANCT…)"
    OTHER = "autre", "Autre service ou opérateur de l’État"


#: Competent for every project of their département, without being assigned.
TERRITORIAL = frozenset({ServiceKind.DDT, ServiceKind.PREFECTURE, ServiceKind.SUB_PREFECTURE})


class ProjectRole(TextChoices):
    """What a person, an organisation or a service does on a project."""

    HOLDER = "porteur", "Porteur"
    PILOT = "pilote", "Pilote"
    SUPPORT = "appui", "Appui"
    OBSERVER = "observateur", "Observateur"


class AssignmentState(TextChoices):
    PROPOSED = "proposee", "Proposée"
    ACCEPTED = "acceptee", "Acceptée"
    DECLINED = "declinee", "Déclinée"
    ENDED = "terminee", "Terminée"


#: Gives rights on the project.
STANDING = frozenset({AssignmentState.PROPOSED, AssignmentState.ACCEPTED})


class Visibility(TextChoices):
    """Who of the project reads a thread, a file, a line of history."""

    MEMBERS = "membres", "Tous les membres du projet"
    STATE = "etat", "Services de l’État seulement"


class StepState(TextChoices):
    TO_DO = "a_faire", "À faire"
    DOING = "en_cours", "En cours"
    DONE = "faite", "Faite"
    DROPPED = "abandonnee", "Abandonnée"


class Severity(TextChoices):
    MINOR = "1", "Gênant"
    SERIOUS = "2", "Sérieux"
    BLOCKING = "3", "Bloquant"


class BlockageState(TextChoices):
    OPEN = "ouvert", "Ouvert"
    TAKEN = "pris_en_charge", "Pris en charge"
    LIFTED = "leve", "Levé"
    BYPASSED = "contourne", "Contourné"
    ABANDONED = "abandonne", "Abandonné"


B = BlockageState
BLOCKAGE_TRANSITIONS: dict[BlockageState, frozenset[BlockageState]] = {
    B.OPEN: frozenset({B.TAKEN, B.LIFTED, B.BYPASSED, B.ABANDONED}),
    B.TAKEN: frozenset({B.OPEN, B.LIFTED, B.BYPASSED, B.ABANDONED}),
    B.LIFTED: frozenset({B.OPEN}),
    B.BYPASSED: frozenset({B.OPEN}),
    B.ABANDONED: frozenset({B.OPEN}),
}
#: The project is « bloqué » while one of these stands.
STILL_BLOCKING = frozenset({B.OPEN, B.TAKEN})


class RecommendationState(TextChoices):
    DRAFT = "brouillon", "Brouillon"
    SENT = "proposee", "Proposée"
    SEEN = "vue", "Vue"
    STUDIED = "a_etudier", "À étudier"
    ENGAGED = "engagee", "Engagée"
    REALISED = "realisee", "Réalisée"
    REFUSED = "refusee", "Refusée"
    ALREADY = "deja_faite", "Déjà faite"
    LAPSED = "caduque", "Caduque"


R = RecommendationState
_ANSWERS = frozenset({R.STUDIED, R.ENGAGED, R.REALISED, R.REFUSED, R.ALREADY})
#: The holder may change their mind while the recommendation stands.
RECOMMENDATION_TRANSITIONS: dict[RecommendationState, frozenset[RecommendationState]] = {
    R.DRAFT: frozenset({R.SENT}),
    R.SENT: frozenset({R.SEEN, R.LAPSED}) | _ANSWERS,
    R.SEEN: frozenset({R.LAPSED}) | _ANSWERS,
    R.STUDIED: (frozenset({R.LAPSED}) | _ANSWERS) - {R.STUDIED},
    R.ENGAGED: (frozenset({R.LAPSED}) | _ANSWERS) - {R.ENGAGED},
    R.REALISED: _ANSWERS - {R.REALISED},
    R.REFUSED: _ANSWERS - {R.REFUSED},
    R.ALREADY: _ANSWERS - {R.ALREADY},
}
#: What a holder may answer.
ANSWERS = _ANSWERS
#: The holder sees these; a draft never.
SHOWN = frozenset(R) - {R.DRAFT}


class SuggestionVerdict(TextChoices):
    """What a person decided of a computed suggestion; computing it again changes nothing."""

    USED = "reprise", "Reprise dans une recommandation"
    DISCARDED = "ecartee", "Écartée"


class FundingState(TextChoices):
    PLANNED = "envisagee", "Envisagée"
    ASKED = "deposee", "Déposée"
    GRANTED = "accordee", "Accordée"
    REFUSED = "refusee", "Refusée"
    WITHDRAWN = "retiree", "Retirée"


F = FundingState
#: A decision given by mistake is taken back to where it was asked.
FUNDING_TRANSITIONS: dict[FundingState, frozenset[FundingState]] = {
    F.PLANNED: frozenset({F.ASKED, F.WITHDRAWN}),
    F.ASKED: frozenset({F.PLANNED, F.GRANTED, F.REFUSED, F.WITHDRAWN}),
    F.GRANTED: frozenset({F.ASKED, F.WITHDRAWN}),
    F.REFUSED: frozenset({F.ASKED}),
    F.WITHDRAWN: frozenset({F.PLANNED, F.ASKED}),
}
#: Sent to the funder, whatever came of it.
FUNDING_SENT = frozenset({F.ASKED, F.GRANTED, F.REFUSED})


class ReviewSide(TextChoices):
    """Who writes the review of a project."""

    HOLDER = "porteur", "Le porteur du projet"
    STATE = "etat", "Les services de l’État"


class AskKind(TextChoices):
    """What the holder is asked once, and when."""

    REVIEW = "bilan", "Bilan du projet"
    FILED_6 = "depot_6", "Six mois après le dépôt"
    FILED_12 = "depot_12", "Un an après le dépôt"
    CLOSED_6 = "fin_6", "Six mois après la fin de l’accompagnement"
    CLOSED_12 = "fin_12", "Un an après la fin de l’accompagnement"


class QuestionnaireKind(TextChoices):
    PROGRAMME = "programme", "Questions d’un programme"
    ASSESSMENT = "etat_des_lieux", "État des lieux"


class VersionState(TextChoices):
    DRAFT = "brouillon", "En préparation"
    PUBLISHED = "publiee", "En vigueur"
    RETIRED = "retiree", "Retirée"


class QuestionKind(TextChoices):
    TEXT = "texte", "Texte court"
    LONG = "texte_long", "Texte long"
    NUMBER = "nombre", "Nombre"
    MONEY = "montant", "Montant en euros"
    DATE = "date", "Date"
    YES_NO = "oui_non", "Oui ou non"
    CHOICE = "choix", "Un choix"
    CHOICES = "choix_multiple", "Plusieurs choix"


class EventKind(TextChoices):
    """What happened to a project: the lines of its history, and the source of every delay."""

    STATE = "etat", "État"
    PHASE = "phase", "Phase"
    STATUS = "statut", "Avancement"
    PRIORITY = "priorite", "Priorité"
    IN_CHARGE = "charge", "Personne en charge"
    ASSIGNMENT = "affectation", "Affectation"
    MEMBER = "membre", "Membre"
    SHARE = "partage", "Lien de lecture"
    IDENTITY = "fiche", "Fiche"
    ASSESSMENT = "etat_des_lieux", "État des lieux"
    THREAD = "conversation", "Conversation"
    FILE = "fichier", "Fichier"
    STEP = "action", "Action"
    BLOCKAGE = "blocage", "Blocage"
    RECOMMENDATION = "recommandation", "Recommandation"
    FUNDING = "financement", "Financement"
    PLACE = "lieu", "Lieu"
    REVIEW = "bilan", "Bilan"
    ESCALATION = "alerte", "Alerte"
    IMPORT = "import", "Reprise"


class Interval(TextChoices):
    """How often a person is written to about their projects."""

    DAILY = "jour", "Chaque jour"
    WEEKLY = "semaine", "Chaque semaine"
    MONTHLY = "mois", "Chaque mois"
    NEVER = "jamais", "Jamais"
