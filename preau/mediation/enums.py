"""Closed lists of the room."""

from __future__ import annotations

from django.db.models import TextChoices


class Theme(TextChoices):
    """What people come for, coarse enough to tell nobody apart."""

    RIGHTS = "droits", "Droits et prestations (CAF, retraite, RSA…)"
    HEALTH = "sante", "Santé, assurance maladie"
    WORK = "emploi", "Emploi, formation"
    TAXES = "impots", "Impôts"
    PAPERS = "titres", "Pièces d’identité, carte grise, séjour"
    HOUSING = "logement", "Logement, énergie"
    JUSTICE = "justice", "Justice, accès au droit"
    DIGITAL = "numerique", "Aide au numérique"
    POST_BANK = "poste_banque", "Poste, banque, assurance, téléphone"
    FAMILY = "famille", "Famille, jeunesse, grand âge"
    LOCAL_LIFE = "vie_locale", "Vie locale, associations"
    BUSINESS = "entreprise", "Entreprise, création d’activité"
    OTHER = "autre", "Autre"


#: The service of the data·inclusion schema that each comes for, when one stands for it: what the
#: nearest other place is looked for by.
SERVICE_OF = {
    Theme.RIGHTS: "difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux"
    "-droits",
    Theme.HEALTH: "sante--acces-aux-soins",
    Theme.WORK: "preparer-sa-candidature--organiser-ses-demarches-de-recherche-demploi",
    Theme.TAXES: "difficultes-administratives-ou-juridiques--accompagnement-aux-demarches"
    "-administratives",
    Theme.PAPERS: "difficultes-administratives-ou-juridiques--accompagnement-aux-demarches"
    "-administratives",
    Theme.HOUSING: "logement-hebergement--sinformer-sur-les-demarches-liees-a-lacces-au-logement",
    Theme.JUSTICE: "difficultes-administratives-ou-juridiques--prendre-en-compte-une-problematique"
    "-judiciaire",
    Theme.DIGITAL: "numerique--acceder-a-des-services-en-ligne",
    Theme.FAMILY: "famille--soutien-a-la-parentalite-et-a-leducation",
    Theme.LOCAL_LIFE: "remobilisation--lien-social",
    Theme.BUSINESS: "creer-une-entreprise--developper-son-entreprise",
}


class Mode(TextChoices):
    ON_SITE = "sur_place", "Sur place"
    PHONE = "telephone", "Par téléphone"
    VIDEO = "visio", "En visio"
    HOME = "domicile", "À domicile"


class Outcome(TextChoices):
    ANSWERED = "repondu", "Réponse donnée"
    ORIENTED = "oriente", "Orientation vers un autre service"
    FOLLOWED = "suivi", "À suivre"


class FileState(TextChoices):
    OPEN = "ouvert", "En cours"
    CLOSED = "clos", "Clos"
    ERASED = "efface", "Effacé"


class Consent(TextChoices):
    PAPER = "papier", "Signé sur papier, gardé par la structure"
    SPOKEN = "oral", "Donné de vive voix, devant le médiateur"


class EventKind(TextChoices):
    WORKSHOP = "atelier", "Atelier"
    DESK = "permanence", "Permanence"
    TRAINING = "formation", "Formation"
    MEETING = "rencontre", "Rencontre"
    HIGHLIGHT = "temps_fort", "Temps fort"
    SALE = "vente", "Vente, distribution, marché"


class EventState(TextChoices):
    DRAFT = "brouillon", "Brouillon"
    PUBLISHED = "publie", "Annoncé"
    CANCELLED = "annule", "Annulé"
