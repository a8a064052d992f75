"""Closed lists of the room, and the life of an agreement."""

from __future__ import annotations

from django.db.models import TextChoices


class LegalCase(TextChoices):
    """Which law an agreement stands on. One national model each."""

    COMMUNE_ASSOCIATION = "communal", "Salle communale prêtée à une association"
    PUBLIC_DOMAIN = "domaine_public", "Occupation temporaire du domaine public"
    PRIMARY_SCHOOL = "ecole", "Locaux d’une école, hors temps scolaire"
    COLLEGE = "college", "Locaux d’un collège, hors temps de formation"
    LYCEE = "lycee", "Locaux d’un lycée, hors temps de formation"
    PRIVATE = "prive", "Locaux privés"
    # No occupation: a place commits itself towards whoever keeps the charter (room `charters`).
    CHARTER = "charte", "Charte des lieux partagés"


#: Where the head of school is a party, besides the owner and the occupant.
SCHOOLS = frozenset({LegalCase.PRIMARY_SCHOOL, LegalCase.COLLEGE, LegalCase.LYCEE})
#: Where an economic exploitation goes through a call for competition first.
PUBLIC_PROPERTY = frozenset(LegalCase) - {LegalCase.PRIVATE, LegalCase.CHARTER}
#: What an occupation may be agreed under.
OCCUPATIONS = frozenset(LegalCase) - {LegalCase.CHARTER}


class VersionState(TextChoices):
    DRAFT = "brouillon", "Brouillon"
    PUBLISHED = "publiee", "Publiée"


class ClauseKind(TextChoices):
    ARTICLE = "article", "Article"
    ANNEX = "annexe", "Annexe"


class ClauseTable(TextChoices):
    """The table that follows a clause: its rows come from the occupation, not from the text."""

    NONE = "", "Aucun tableau"
    PREMISES = "locaux", "Locaux mis à disposition"
    EQUIPMENT = "equipements", "Équipements et matériel"
    DATES = "dates", "Dates et horaires"
    PRICES = "prix", "Lignes de prix"


class Condition(TextChoices):
    """When a clause is written in the agreement."""

    ALWAYS = "", "Toujours"
    ASSOCIATION = "association", "L’occupant est une association"
    LEGAL_PERSON = "personne_morale", "L’occupant est une personne morale"
    FEE = "prix", "L’occupation est payante"
    FREE = "gratuit", "L’occupation est gratuite"
    DEPOSIT = "caution", "Une caution est demandée"
    SCHOOL = "ecole", "Les locaux sont ceux d’un établissement scolaire"
    PUBLIC_EVENT = "evenement", "La manifestation est ouverte au public"
    SERIES = "serie", "L’occupation se répète"
    EQUIPMENT = "materiel", "Du matériel est mis à disposition"
    HOUSE_RULES = "reglement", "Le lieu a des règles de la maison"
    ECONOMIC = "economique", "L’occupation sert une activité économique"


class Gate(TextChoices):
    """What must be true before an agreement is drawn up."""

    OWNER_CAPACITY = "signataire_proprietaire", "Le signataire du propriétaire est habilité"
    HEAD_OF_SCHOOL = "chef_etablissement", "Le chef d’établissement est désigné"
    OCCUPANT_CAPACITY = "signataire_occupant", "Le représentant de l’occupant est nommé"
    BOARD_OPINION = "avis_conseil", "L’avis du conseil est recueilli"
    NO_ECONOMIC_USE = "sans_exploitation", "L’occupation n’est pas une exploitation économique"
    INSURANCE = "assurance", "L’assurance couvre chaque date"
    CER = "engagement_republicain", "Le contrat d’engagement républicain est souscrit"


class AuthorityRole(TextChoices):
    OWNER = "proprietaire", "Représentant du propriétaire"
    HEAD_OF_SCHOOL = "chef_etablissement", "Chef d’établissement"


class AgreementState(TextChoices):
    DRAWING = "en_preparation", "En préparation"
    SIGNING = "en_signature", "En signature"
    SIGNED = "signee", "Signée"
    REFUSED = "refusee", "Refusée"
    EXPIRED = "expiree", "Expirée"
    CANCELLED = "annulee", "Annulée"


S = AgreementState
TRANSITIONS: dict[AgreementState, frozenset[AgreementState]] = {
    S.DRAWING: frozenset({S.SIGNING, S.CANCELLED, S.EXPIRED}),
    S.SIGNING: frozenset({S.SIGNED, S.REFUSED, S.EXPIRED, S.CANCELLED}),
    # Ended by one of the parties, or withdrawn in the general interest.
    S.SIGNED: frozenset({S.CANCELLED}),
}
#: Not over, and not yet binding.
PENDING = frozenset({S.DRAWING, S.SIGNING})
