"""Threads and who may read them. The room that owns the matter writes the audience."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from preau.core import clock


class Thread(models.Model):
    """A conversation about one thing (a booking, later a project)."""

    subject = models.CharField("objet", max_length=200)
    created_at = models.DateTimeField("ouverte le", default=clock.now)

    class Meta:
        verbose_name = "conversation"

    def __str__(self) -> str:
        return self.subject


class ThreadAudience(models.Model):
    """One line of those who may read, and write unless it says not: "user:12", "place:7"."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="audiences")
    key = models.CharField("public", max_length=40)
    may_write = models.BooleanField("peut écrire", default=True)

    class Meta:
        verbose_name = "public d’une conversation"
        constraints = [
            models.UniqueConstraint(fields=["thread", "key"], name="thread_audience_once"),
        ]
        indexes = [models.Index(fields=["key", "thread"], name="thread_audience_key")]


class Message(models.Model):
    """What someone wrote, never changed. `on_behalf_of` keeps the hat worn that day."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    on_behalf_of = models.CharField("au nom de", max_length=160, blank=True)
    body = models.TextField("message", max_length=5000)
    created_at = models.DateTimeField("écrit le", default=clock.now)
    # A form sent twice carries the same key: one message.
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = "message"
        constraints = [
            models.CheckConstraint(name="message_not_empty", condition=~models.Q(body="")),
        ]
        indexes = [models.Index(fields=["thread", "id"], name="message_in_order")]


class Mention(models.Model):
    """Somebody called by name in a message: told at once, whatever they follow."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "mention"
        constraints = [
            models.UniqueConstraint(fields=["message", "user"], name="mention_once"),
        ]
