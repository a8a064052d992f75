"""What is kept of calls: answers to give again, and how many came lately."""

from __future__ import annotations

from django.db import models

from preau.api.models.tokens import ApiToken
from preau.core import clock


class IdempotentCall(models.Model):
    """A write and its answer, under the key its author chose. Written with the deed itself."""

    #: Digest of the token and of the key.
    key = models.CharField(max_length=64, unique=True)
    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    #: Digest of what was asked: the same key for something else is a mistake of the author.
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["at"], name="api_idempotent_old")]


class RateWindow(models.Model):
    """How many calls somebody made in one minute. Who: a token, or a digest of an address."""

    who = models.CharField(max_length=40)
    minute = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "minute"], name="api_rate_once")]
        indexes = [models.Index(fields=["minute"], name="api_rate_old")]
