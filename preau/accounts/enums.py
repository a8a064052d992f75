"""Closed lists of the people's room."""

from __future__ import annotations

from django.db.models import TextChoices


class OrganizationKind(TextChoices):
    COMMUNE = "commune", "Commune"
    EPCI = "epci", "Intercommunalité"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"
    SCHOOL = "ecole", "Établissement scolaire"
    PUBLIC_BODY = "organisme", "Organisme public"
    ASSOCIATION = "association", "Association"
    COMPANY = "entreprise", "Entreprise"
    STATE_SERVICE = "etat", "Service de l’État"
    OPERATOR = "operateur", "Opérateur de la plateforme"


class VerificationMethod(TextChoices):
    PROCONNECT = "proconnect", "ProConnect"
    MAILBOX = "courriel", "Code envoyé à l’adresse officielle"
    OPERATOR = "operateur", "Décision de l’opérateur"


class IdentityProvider(TextChoices):
    PROCONNECT = "proconnect", "ProConnect"
    FRANCECONNECT = "franceconnect", "FranceConnect"


class MembershipRole(TextChoices):
    ADMINISTRATOR = "administrateur", "Administration"
    MANAGER = "gestionnaire", "Gestion"
    APPROVER = "valideur", "Validation des demandes"
    CARETAKER = "gardien", "Gardiennage"
    MEMBER = "membre", "Membre"


class Role(TextChoices):
    """Who someone is towards one thing: the columns of the permission matrix."""

    ANYONE = "anyone", "Tout le monde"
    SIGNED_IN = "signed_in", "Personne connectée"
    HOLDER = "holder", "Personne ou structure titulaire"
    READER = "reader", "Personne à qui la chose est montrée"
    MEMBER = "member", "Membre de la structure"
    CARETAKER = "caretaker", "Gardiennage"
    APPROVER = "approver", "Validation"
    MANAGER = "manager", "Gestion"
    ADMINISTRATOR = "administrator", "Administration"
    OPERATOR = "operator", "Opérateur de la plateforme"
    # On a project; given by the room of projects.
    PARTNER = "partner", "Membre du projet, hors État"
    OBSERVER = "observer", "Observateur du projet"
    STATE = "state", "Service de l’État qui accompagne le projet"
    STATE_READER = "state_reader", "Service de l’État qui suit le projet"
    AGENT = "agent", "Agent de l’État compétent sur le territoire"
