"""The outbox: what must be told, written in the transaction that decides it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from preau.core import clock
from preau.notifications.enums import Channel


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
    # Where its reader stops such messages, signed out; mail programs show it as a button.
    unsubscribe_url = models.CharField(max_length=500, blank=True)
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


class Notification(models.Model):
    """One thing a person is told, in the site; by e-mail as they prefer."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    topic = models.CharField("sujet", max_length=60)
    title = models.CharField("titre", max_length=250)
    body = models.CharField("texte", max_length=500, blank=True)
    # A page of the site, from its root.
    url = models.CharField("page", max_length=300, blank=True)
    #: What it is about ("booking:12:accepted:40"): told once to each person.
    cause = models.CharField("cause", max_length=200)
    # As preferred when it happened: a later choice changes what follows only.
    channel = models.CharField("courriel", max_length=15, choices=Channel)
    created_at = models.DateTimeField("le", default=clock.now)
    read_at = models.DateTimeField("lue le", null=True, blank=True)
    # When the daily summary took it.
    digested_at = models.DateTimeField("résumée le", null=True, blank=True)

    class Meta:
        verbose_name = "notification"
        constraints = [
            models.UniqueConstraint(fields=["user", "cause"], name="notification_told_once"),
            models.CheckConstraint(
                name="notification_digested_by_choice",
                condition=Q(digested_at=None) | Q(channel=Channel.DIGEST),
            ),
            models.CheckConstraint(
                name="notification_leads_within_the_site",
                condition=Q(url="") | Q(url__startswith="/") & ~Q(url__startswith="//"),
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_list"),
            models.Index(
                fields=["user", "-id"], condition=Q(read_at=None), name="notification_unread"
            ),
            models.Index(
                fields=["user", "id"],
                condition=Q(channel=Channel.DIGEST, digested_at=None),
                name="notification_to_digest",
            ),
            models.Index(fields=["created_at"], name="notification_age"),
        ]

    def __str__(self) -> str:
        return self.title


class Preference(models.Model):
    """How one person wants to hear of one topic, once they have chosen."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    topic = models.CharField("sujet", max_length=60)
    channel = models.CharField("courriel", max_length=15, choices=Channel)

    class Meta:
        verbose_name = "préférence"
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="preference_once"),
            models.CheckConstraint(
                name="preference_channel_known", condition=Q(channel__in=Channel.values)
            ),
        ]
