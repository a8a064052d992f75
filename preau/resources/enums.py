"""Closed lists shared by the library and by the projects it serves."""

from __future__ import annotations

from django.db.models import TextChoices


class Theme(TextChoices):
    """What a project, a person of a service or a resource is about."""

    CENTRE_VILLE = "centre_ville", "Centre-ville et commerces"
    LOGEMENT = "logement", "Logement et habitat"
    MOBILITES = "mobilites", "Mobilités"
    ENERGIE = "energie", "Transition énergétique et bâtiments"
    EAU_BIODIVERSITE = "eau_biodiversite", "Eau et biodiversité"
    DECHETS = "dechets", "Économie circulaire et déchets"
    ALIMENTATION = "alimentation", "Agriculture et alimentation"
    SANTE = "sante", "Santé et solidarités"
    EDUCATION = "education", "Éducation, enfance et jeunesse"
    CULTURE = "culture", "Culture et patrimoine"
    SPORT = "sport", "Sport et loisirs"
    NUMERIQUE = "numerique", "Numérique"
    SERVICES_PUBLICS = "services_publics", "Services publics de proximité"
    TIERS_LIEUX = "tiers_lieux", "Tiers-lieux et lieux partagés"
    ECONOMIE = "economie", "Développement économique et emploi"
    TOURISME = "tourisme", "Tourisme"
    RISQUES = "risques", "Sécurité et risques"
    VIE_ASSOCIATIVE = "vie_associative", "Vie associative et citoyenneté"
    AMENAGEMENT = "amenagement", "Aménagement et foncier"


class BlockageKind(TextChoices):
    """What holds a project back; a resource says which of these it helps with."""

    FINANCEMENT = "financement", "Financement"
    INGENIERIE = "ingenierie", "Ingénierie"
    FONCIER = "foncier", "Foncier et locaux"
    REGLEMENTAIRE = "reglementaire", "Réglementaire"
    PARTENAIRES = "partenaires", "Partenaires"
    GOUVERNANCE = "gouvernance", "Gouvernance"


class ResourceKind(TextChoices):
    AID = "aide", "Aide financière"
    ENGINEERING = "ingenierie", "Offre d’ingénierie"
    SERVICE = "service", "Service"
    EXPERT = "expert", "Expert ou réseau d’experts"
    GUIDE = "guide", "Guide ou retour d’expérience"


class HelpKind(TextChoices):
    """What a recommendation brings: what the holder of a project reads first."""

    FUNDING = "financement", "Financement"
    ENGINEERING = "ingenierie", "Ingénierie"
    EXPERTISE = "expertise", "Expertise"
    PLACE = "lieu", "Lieu"


class Phase(TextChoices):
    """How far a project is; the words of the national programmes."""

    IDEA = "idee", "Idée"
    STUDY = "etude", "Étude"
    WORKS = "operation", "Opération"


class Audience(TextChoices):
    """Who may use a resource. The values are those of Aides-territoires."""

    COMMUNE = "commune", "Commune"
    EPCI = "epci", "Intercommunalité"
    DEPARTMENT = "department", "Département"
    REGION = "region", "Région"
    PUBLIC_BODY = "public-org", "Établissement public ou service de l’État"
    ASSOCIATION = "association", "Association"
    COMPANY = "private-sector", "Entreprise"
    PRIVATE_PERSON = "private-person", "Particulier"
    FARMER = "farmer", "Agriculteur"
    RESEARCHER = "researcher", "Recherche"
    SPECIAL = "special", "Structure particulière"


class ResourceState(TextChoices):
    DRAFT = "brouillon", "Brouillon"
    REVIEW = "relecture", "En relecture"
    PUBLISHED = "publiee", "Publiée"
    EXPIRED = "perimee", "Périmée"
    ARCHIVED = "archivee", "Archivée"


#: The whole life of a resource; a trigger in the database holds the same lines.
TRANSITIONS: dict[ResourceState, frozenset[ResourceState]] = {
    ResourceState.DRAFT: frozenset({ResourceState.REVIEW, ResourceState.ARCHIVED}),
    ResourceState.REVIEW: frozenset(
        {ResourceState.DRAFT, ResourceState.PUBLISHED, ResourceState.ARCHIVED}
    ),
    ResourceState.PUBLISHED: frozenset(
        {ResourceState.DRAFT, ResourceState.EXPIRED, ResourceState.ARCHIVED}
    ),
    ResourceState.EXPIRED: frozenset(
        {ResourceState.DRAFT, ResourceState.PUBLISHED, ResourceState.ARCHIVED}
    ),
    ResourceState.ARCHIVED: frozenset({ResourceState.DRAFT, ResourceState.PUBLISHED}),
}


class Source(TextChoices):
    """Where a record comes from; those of outside are changed there, never here."""

    SITE = "site", "Rédigée sur la plateforme"
    PREAU = "preau", "Livrée avec Préau, à vérifier"
    AIDES_TERRITOIRES = "aides-territoires", "Aides-territoires"


class Scale(TextChoices):
    """The grain of one line of the territory a resource covers."""

    NATIONAL = "national", "France entière"
    REGION = "region", "Région"
    DEPARTEMENT = "departement", "Département"
    EPCI = "epci", "Intercommunalité"
    COMMUNE = "commune", "Commune"


class Recurrence(TextChoices):
    ONGOING = "ongoing", "Permanente"
    RECURRING = "recurring", "Chaque année ou par sessions"
    ONEOFF = "oneoff", "Ponctuelle"


class AidType(TextChoices):
    """Kinds of help, in the values of Aides-territoires."""

    GRANT = "grant", "Subvention"
    LOAN = "loan", "Prêt"
    RECOVERABLE_ADVANCE = "recoverable-advance", "Avance récupérable"
    CEE = "cee", "Certificats d’économie d’énergie"
    OTHER = "other", "Autre aide financière"
    TECHNICAL = "technical-engineering", "Ingénierie technique"
    FINANCIAL = "financial-engineering", "Ingénierie financière"
    LEGAL = "legal-engineering", "Ingénierie juridique ou administrative"


class Signal(TextChoices):
    """Why a reader signals a record."""

    OUTDATED = "perimee", "La fiche est périmée"
    WRONG = "erreur", "Il y a une erreur"
    LINK = "lien", "Un lien ne marche plus"
    CONTACT = "contact", "Le contact n’est plus le bon"
    OTHER = "autre", "Autre chose"


class EntryKind(TextChoices):
    """What happened to a resource: the lines of its history."""

    CREATED = "creee", "Fiche créée"
    EDITED = "modifiee", "Fiche modifiée"
    SUBMITTED = "soumise", "Soumise à relecture"
    ACCEPTED = "acceptee", "Publiée"
    RETURNED = "renvoyee", "Renvoyée à l’auteur"
    REOPENED = "reprise", "Reprise en brouillon"
    RENEWED = "prolongee", "Prolongée"
    EXPIRED = "expiree", "Périmée"
    ARCHIVED = "archivee", "Archivée"
    MIRRORED = "miroir", "Mise à jour depuis la source"
