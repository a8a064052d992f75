"""What people keep in their vault, and who else may read it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.documents.enums import ADDED_BY_PEOPLE, FOR_DECIDERS, DocumentKind, Risk, Validity

#: « Expire bientôt » begins that long before.
SOON = timedelta(days=30)


class Document(models.Model):
    """A file with an owner, a kind and a date. Its bytes never change: a new version is a new row.

    Triggers (0003) guard it: the file, the owner and the kind are written once; a locked document
    is neither removed nor deleted, and its lock is never shortened.
    """

    kind = models.CharField("nature", max_length=30, choices=DocumentKind)
    title = models.CharField("titre", max_length=160)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="documents")
    owner_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    owner_organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="documents"
    )
    expires_on = models.DateField("valable jusqu’au", null=True, blank=True)
    # What was read in it: {"risks": ["responsabilite_civile"]} of an insurance certificate.
    facts = models.JSONField("précisions", default=dict, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("déposé le", default=clock.now)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)
    locked_until = models.DateField("verrouillé jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "document"
        constraints = [
            # Neither: a document of the platform itself.
            models.CheckConstraint(
                name="document_one_owner",
                condition=Q(owner_user=None) | Q(owner_organization=None),
            ),
            models.CheckConstraint(
                name="document_insurance_has_an_end",
                condition=~Q(kind=DocumentKind.INSURANCE) | Q(expires_on__isnull=False),
                violation_error_message="Indiquez jusqu’à quand l’assurance est valable.",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_organization", "kind"], name="document_of_organization"),
            models.Index(fields=["owner_user", "kind"], name="document_of_person"),
            models.Index(fields=["expires_on"], name="document_expiry"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def owner(self) -> str:
        return str(self.owner_organization or self.owner_user or "Préau")

    @property
    def is_for_deciders(self) -> bool:
        """Whether the plain members of its organisation see its line, and do not read it."""
        return self.kind in FOR_DECIDERS

    @property
    def permission_scope(self) -> Scope:
        keys = {reader.key for reader in self.readers.all()}
        if self.owner_organization_id is not None and not self.is_for_deciders:
            keys.add(f"organization:{self.owner_organization_id}")
        return Scope(
            organization_id=self.owner_organization_id,
            holder_user_id=self.owner_user_id,
            reader_keys=frozenset(keys),
        )

    @property
    def risks(self) -> list[str]:
        """The risks covered, in words."""
        given: Any = self.facts.get("risks", [])
        return [Risk(risk).label for risk in given if risk in Risk.values]

    def validity(self, on: date) -> Validity:
        lasts = self.kind not in ADDED_BY_PEOPLE  # what the site keeps does not lapse
        if lasts or self.expires_on is None or self.expires_on > on + SOON:
            return Validity.VALID
        return Validity.EXPIRING if self.expires_on >= on else Validity.EXPIRED

    def is_locked(self, on: date) -> bool:
        return self.locked_until is not None and self.locked_until >= on


class DocumentReader(models.Model):
    """One line of those who may read it besides its owner: "user:5", "organization:3", "place:12".

    Written downward, by the room whose matter it is.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="readers")
    key = models.CharField("public", max_length=40)
    added_at = models.DateTimeField("ajouté le", default=clock.now)

    class Meta:
        verbose_name = "lecteur d’un document"
        constraints = [
            models.UniqueConstraint(fields=["document", "key"], name="document_reader_once"),
        ]
        indexes = [models.Index(fields=["key", "document"], name="document_reader_key")]
