"""The outbox: what must be told, written in the transaction that decides it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from preau.core import clock


class EmailState(models.TextChoices):
    PENDING = "pending", "À envoyer"
    SENT = "sent", "Envoyé"
    FAILED = "failed", "En échec"


class Email(models.Model):
    """One message to one address. Delivered at least once, always under the same Message-ID."""

    #: What caused it ("booking:12:accepted:to:ana@…"): the same cause writes one message.
    cause = models.CharField("cause", max_length=200, unique=True)
    message_id = models.CharField("Message-ID", max_length=120, unique=True)
    recipient = models.EmailField("destinataire")
    subject = models.CharField("objet", max_length=250)
    text = models.TextField("texte")
    html = models.TextField("HTML", blank=True)
    calendar = models.TextField("pièce .ics", blank=True)
    calendar_method = models.CharField(max_length=10, blank=True)
    state = models.CharField("état", max_length=10, choices=EmailState, default=EmailState.PENDING)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    last_error = models.CharField("dernière erreur", max_length=200, blank=True)
    created_at = models.DateTimeField("écrit le", default=clock.now)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)

    class Meta:
        verbose_name = "courriel"
        constraints = [
            models.CheckConstraint(
                name="email_sent_coherent",
                condition=Q(state=EmailState.SENT, sent_at__isnull=False)
                | (~Q(state=EmailState.SENT) & Q(sent_at=None)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=~Q(state=EmailState.SENT), name="email_waiting"
            ),
        ]


class DeliveredEmail(models.Model):
    """The demonstration's mailbox: what a mail server would have received, readable in the site."""

    message_id = models.CharField("Message-ID", max_length=120, db_index=True)
    recipients = ArrayField(models.EmailField(), verbose_name="destinataires")
    subject = models.CharField("objet", max_length=250)
    text = models.TextField("texte")
    html = models.TextField("HTML", blank=True)
    attachments = models.JSONField("pièces jointes", default=list)
    delivered_at = models.DateTimeField("reçu le", default=clock.now)

    class Meta:
        verbose_name = "courriel reçu (démonstration)"
        indexes = [models.Index(fields=["-id"], name="delivered_recent")]
