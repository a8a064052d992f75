"""Closed lists of the documents room."""

from __future__ import annotations

from django.db.models import TextChoices


class DocumentKind(TextChoices):
    """What a document is. How long each is kept: `retention.py`."""

    INSURANCE = "assurance", "Attestation d’assurance"
    STATUTES = "statuts", "Statuts"
    RNA = "recepisse_rna", "Récépissé de déclaration (RNA)"
    KBIS = "kbis", "Extrait Kbis"
    RIB = "rib", "RIB"
    MANDATE = "pouvoir", "Délégation de signature ou pouvoir"
    CER = "engagement_republicain", "Contrat d’engagement républicain"
    BOARD_OPINION = "avis_conseil", "Avis du conseil d’école ou d’administration"
    AGREEMENT = "convention", "Convention"
    EVIDENCE = "preuve", "Dossier de preuve"
    INVENTORY = "etat_des_lieux", "État des lieux"
    INVOICE = "facture", "Facture"
    OTHER = "autre", "Autre document"


#: What a person adds by hand; the site writes the rest.
ADDED_BY_PEOPLE = (
    DocumentKind.INSURANCE,
    DocumentKind.STATUTES,
    DocumentKind.RNA,
    DocumentKind.KBIS,
    DocumentKind.RIB,
    DocumentKind.MANDATE,
    DocumentKind.CER,
    DocumentKind.BOARD_OPINION,
    DocumentKind.OTHER,
)

#: Of an organisation's, what its plain members and caretakers do not read.
FOR_DECIDERS = frozenset(
    {
        DocumentKind.RIB,
        DocumentKind.BOARD_OPINION,
        DocumentKind.AGREEMENT,
        DocumentKind.EVIDENCE,
    }
)


class Risk(TextChoices):
    """What an insurance certificate covers: `facts["risks"]`."""

    LIABILITY = "responsabilite_civile", "Responsabilité civile"
    TENANT = "risques_locatifs", "Risques locatifs"


class Validity(TextChoices):
    """Where a document stands towards its date, on a given day."""

    VALID = "valide", "Valide"
    EXPIRING = "expire_bientot", "Expire bientôt"
    EXPIRED = "expiree", "Expirée"
