"""Closed lists of the room."""

from __future__ import annotations

from django.db.models import TextChoices

from preau.economics.sharing.rules import Rule


class AllocationState(TextChoices):
    DRAFT = "brouillon", "Brouillon"
    PROPOSED = "proposee", "Proposée aux occupants"
    SETTLED = "arretee", "Arrêtée"


class RuleChoice(TextChoices):
    """The rules of `sharing`, in the words of the screen."""

    PROPORTIONAL = Rule.PROPORTIONAL.value, "Heures × m²"
    EQUAL_FIXED = Rule.EQUAL_FIXED.value, "Part fixe égale, reste au prorata des heures"
    SHAPLEY = Rule.SHAPLEY.value, "Chacun partage ce dont il a besoin (Shapley)"


class CostPart(TextChoices):
    """Where an amount goes in the cost of a place."""

    OPENING = "ouverture", "Ouverture du lieu, quoi qu’il arrive (pour toute la période)"
    HALF_DAY = "demi_journee", "Accueil, par demi-journée tenue"
    ROOM = "salle", "Salle d’une certaine taille (pour toute la période)"
    HOUR = "heure", "Consommations, par heure de présence d’un occupant"


class Origin(TextChoices):
    OCCUPANCIES = "occupations", "Repris du planning"
    TYPED = "saisi", "Saisi"
    COMMITMENT = "engagement", "Repris d’un engagement"


class Answer(TextChoices):
    NONE = "", "Pas encore de réponse"
    AGREES = "accord", "D’accord"
    OBJECTS = "objection", "Objection"


class Moment(TextChoices):
    """The half-days of a day."""

    MORNING = "matin", "matin"
    AFTERNOON = "apres-midi", "après-midi"
    EVENING = "soir", "soir"


class RevenueKind(TextChoices):
    HIRE = "location", "Location d’espaces"
    SUBSCRIPTIONS = "abonnements", "Abonnements"
    MACHINES = "machines", "Machines"
    TRAINING = "formation", "Formation"
    EVENTS = "evenements", "Événements"
    SERVICES = "accueil_services", "Accueil de services"
    SALES = "vente", "Vente de produits"
    PUBLIC = "fonds_publics", "Fonds publics"
    PRIVATE = "fonds_prives", "Fonds privés"


class CostKind(TextChoices):
    RENT = "loyer", "Loyer"
    ENERGY = "energie", "Énergie"
    STAFF = "personnel", "Personnel"
    MATERIAL = "materiel", "Matériel"
    INSURANCE = "assurances", "Assurances"
    UPKEEP = "entretien", "Entretien"
    COMMUNICATION = "communication", "Communication"
    DEPRECIATION = "amortissements", "Amortissements"
    OTHER = "autres", "Autres charges"


class RoundState(TextChoices):
    DRAFT = "brouillon", "En préparation"
    OPEN = "ouverte", "Ouverte aux engagements"
    COVERED = "couverte", "Charges couvertes"
    FAILED = "echouee", "Échouée"
    CANCELLED = "abandonnee", "Abandonnée"


#: States that a round does not leave.
ROUND_OVER = (RoundState.COVERED, RoundState.FAILED, RoundState.CANCELLED)


class Side(TextChoices):
    PROVIDER = "fournisseur", "Fournisseur de services"
    OWNER = "proprietaire", "Propriétaire de lieu"


class CommitmentState(TextChoices):
    ENGAGED = "engage", "Engagé"
    WITHDRAWN = "retire", "Retiré"
