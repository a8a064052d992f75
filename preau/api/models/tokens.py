"""Tokens: how a program says for whom it acts."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope as Belongs
from preau.api.enums import Scope
from preau.core import clock


class Tokens(models.QuerySet["ApiToken"]):
    def live(self) -> Tokens:
        """Those that open something now: see `ApiToken.is_live`."""
        return self.filter(
            revoked_at=None,
            expires_at__gt=clock.now(),
            membership__ended_at=None,
            membership__user__is_active=True,
        )


class ApiToken(models.Model):
    """A program acts as a person through one membership; it dies with that membership.

    The token itself is shown once: only its digest is kept.
    """

    membership = models.ForeignKey(
        "accounts.Membership", models.CASCADE, related_name="+", verbose_name="au titre de"
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, related_name="+", verbose_name="structure"
    )
    name = models.CharField("à quoi il sert", max_length=80)
    #: The first letters, shown in lists: they tell it from others and open nothing.
    prefix = models.CharField("début", max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(
        models.CharField(max_length=20, choices=Scope), verbose_name="ce qu’il permet"
    )
    created_at = models.DateTimeField("créé le", default=clock.now)
    expires_at = models.DateTimeField("expire le")
    #: The day alone: when exactly a program works is nobody’s business.
    last_used_on = models.DateField("dernier usage", null=True)
    revoked_at = models.DateTimeField("révoqué le", null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = Tokens.as_manager()

    class Meta:
        verbose_name = "jeton d’API"
        constraints = [
            models.CheckConstraint(
                name="api_token_lives_a_year_at_most",
                condition=Q(expires_at__gt=F("created_at"))
                & Q(expires_at__lte=F("created_at") + timedelta(days=366)),
            ),
            models.CheckConstraint(name="api_token_some_scope", condition=~Q(scopes=[])),
        ]
        indexes = [models.Index(fields=["organization", "-id"], name="api_token_ours")]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_labels(self) -> list[str]:
        return [str(Scope(one).label) for one in self.scopes]

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= clock.now()

    @property
    def is_live(self) -> bool:
        """Whether it opens anything now: also its owner must still be there."""
        gone = self.membership.ended_at is not None or not self.membership.user.is_active
        return self.revoked_at is None and not self.is_expired and not gone

    @property
    def permission_scope(self) -> Belongs:
        return Belongs(organization_id=self.organization_id)
