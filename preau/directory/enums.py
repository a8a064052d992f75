"""Closed lists of shared places, after the document « Alléger la ville »."""

from __future__ import annotations

from django.db.models import TextChoices


class Profile(TextChoices):
    """What a place is mainly for; others may come beside it."""

    MEDIATION = "mediation", "Médiation et accès aux services"
    WORK = "travail", "Travail et entrepreneuriat"
    CREATION = "creation", "Création et projets"


class Origin(TextChoices):
    RECLAIMED = "reconquis", "Lieu reconquis"
    TRANSFORMED = "transforme", "Lieu transformé"
    CREATED = "cree", "Lieu créé de toutes pièces"
    OPENED_UP = "devient_partage", "Lieu existant qui devient partagé"


class OpeningMode(TextChoices):
    PUBLIC = "ouvert_public", "Ouvert et public"
    HALF_OPEN = "semi_ouvert", "Semi-ouvert"
    PRIVATE_SLOTS = "prive_creneaux", "Privé, ouvert sur certains créneaux"
    PRIVATE_MEMBERS = "prive_abonnement", "Privé, sur abonnement"


class Staffing(TextChoices):
    PERMANENT = "permanent", "Personnel permanent"
    ITINERANT = "itinerant", "Personnel itinérant"
    ASSOCIATIONS = "associations", "Acteurs associatifs"
    VOLUNTEERS = "volontaires", "Volontaires, entraide"
    GENERAL_MEDIATORS = "mediateurs_generalistes", "Médiateurs généralistes"
    EXPERT_MEDIATORS = "mediateurs_specialises", "Médiateurs spécialisés"


class Animation(TextChoices):
    STRONG = "forte", "Animation forte"
    BY_USERS = "usagers", "Animation par les usagers"
    WEAK = "faible", "Peu d’animation"


class Colouring(TextChoices):
    """Towards whom a place is turned, when it is not to everybody."""

    ALL = "tous", "Ouvert à tous"
    DIGITAL = "numerique", "Métiers du numérique"
    SOCIAL_ECONOMY = "ess", "Économie sociale et solidaire"
    NOMADS = "nomades", "Travailleurs nomades"
    PUBLIC_AGENTS = "agents", "Agents publics"
    CRAFTS = "artisanat", "Artisanat et fabrication"
    ARTS = "culture", "Culture et création artistique"


class Shared(TextChoices):
    SERVICES = "services", "Des services"
    ROOMS = "locaux", "Des locaux"
    EQUIPMENT = "equipements", "Des équipements"
    TOOLS = "outils", "Des outils"
    COSTS = "couts", "Des coûts"
    SKILLS = "competences", "Des compétences, un réseau"


class SheetState(TextChoices):
    PROPOSED = "proposee", "Proposée, à valider"
    PUBLISHED = "publiee", "Publiée"
    CLOSED = "fermee", "Lieu fermé"
    REFUSED = "refusee", "Refusée"
    MERGED = "reunie", "Réunie à une autre fiche"


class ServiceFamily(TextChoices):
    PUBLIC_SOCIAL = "public_social", "Services publics et sociaux"
    ESSENTIAL = "essentiel", "Services privés essentiels (banque, poste, téléphonie…)"
    LIFE = "vie", "Services de la vie (santé, droit, associations…)"
    WORKERS = "travailleurs", "Services aux travailleurs"
    TRAINING = "formation_projets", "Formation, machines, appui aux projets"


class ServiceLevel(TextChoices):
    BASIC = "basique", "Accueil et informations de base"
    PARTIAL = "partiel", "Traitement d’une partie des dossiers"
    FULL = "complet", "Intégralité du service"


class SignalKind(TextChoices):
    MISSING = "manquant", "Un lieu manque"
    WRONG = "erreur", "Une information est fausse"
    CLOSED = "ferme", "Le lieu est fermé"
    DUPLICATE = "doublon", "Le lieu figure deux fois"


class SignalState(TextChoices):
    WAITING = "a_traiter", "À traiter"
    ACCEPTED = "acceptee", "Accepté"
    REFUSED = "refusee", "Refusé"


class PairState(TextChoices):
    OPEN = "a_trancher", "À trancher"
    SAME = "meme_lieu", "Même lieu"
    DISTINCT = "lieux_distincts", "Lieux distincts"


class ChangeCause(TextChoices):
    """Where a dated change of a sheet comes from."""

    EDITED = "saisie", "Modification"
    SIGNAL = "signalement", "Signalement retenu"
    IMPORTED = "import", "Import"
    PLACE = "lieu", "Mise à jour du lieu réservable"
    MERGED = "reunion", "Réunion de deux fiches"
    STATE = "etat", "Changement d’état"
