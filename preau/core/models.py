"""The audit trail: who did what, to what, when and why."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class AuditEvent(models.Model):
    """One past action. Written by `preau.core.audit.record`, never changed."""

    at = models.DateTimeField("date", db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="personne",
    )
    organization_id = models.BigIntegerField("structure au nom de laquelle", null=True)
    verb = models.CharField("action", max_length=60)
    subject_type = models.CharField("objet", max_length=60)
    subject_id = models.CharField("identifiant de l’objet", max_length=40)
    reason = models.TextField("motif", blank=True)
    data = models.JSONField("détails", default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "événement du journal"
        verbose_name_plural = "journal"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject"),
        ]


class SentForm(models.Model):
    """A form that was sent, told by a digest, and where its sender was led (`preau.core.once`)."""

    key = models.CharField("empreinte", max_length=64, unique=True)
    address = models.TextField("adresse de la suite", blank=True)
    at = models.DateTimeField("date", db_index=True)

    class Meta:
        verbose_name = "formulaire envoyé"
        verbose_name_plural = "formulaires envoyés"
