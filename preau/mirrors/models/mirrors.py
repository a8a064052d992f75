"""A document at Grist that follows what an organisation reads here, and its tables."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.core.sealed import Unreadable, seal, unseal
from preau.mirrors.enums import Leaving, MirrorState, Problem

_KEY = "mirrors.key"
_HOOK = "mirrors.hook"
_S = MirrorState


class Mirror(models.Model):
    """A document. What its organisation may read, and nothing else, is sent there."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="mirrors"
    )
    #: In whose name what is changed in Grist is written here, with their rights.
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    name = models.CharField("nom", max_length=120)
    server = models.CharField("serveur", max_length=200)
    document = models.CharField("document", max_length=80)
    sealed_key = models.TextField(blank=True)
    #: Grows with each new key, which starts with a circuit of its own (`outside`).
    key_number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField("état", max_length=10, choices=_S, default=_S.DRAFT)
    leaving = models.CharField(
        "ce qui sort du périmètre", max_length=8, choices=Leaving, default=Leaving.REMOVE
    )
    #: When it is closed: whether its rows are taken out of Grist.
    closing_removes = models.BooleanField(default=True)
    problem = models.CharField(max_length=12, choices=Problem, blank=True, default="")
    problem_text = models.CharField(max_length=600, blank=True)
    problem_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField("créé le", default=clock.now)
    closed_at = models.DateTimeField("fermé le", null=True)

    class Meta:
        verbose_name = "miroir"
        indexes = [models.Index(fields=["organization", "-id"], name="mirror_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["server", "document"],
                condition=~Q(state=_S.CLOSED),
                name="mirror_document_once",
                violation_error_message="Ce document Grist reçoit déjà un miroir.",
            ),
            models.CheckConstraint(
                name="mirror_closed_forgets_its_key",
                condition=Q(state=_S.CLOSED, sealed_key="", closed_at__isnull=False)
                | ~Q(state=_S.CLOSED) & Q(closed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)

    @property
    def account(self) -> str:
        """Its name among the circuits of `outside`."""
        return f"miroir {self.pk}.{self.key_number}"

    @property
    def api_key(self) -> str:
        """Raises: `Unreadable` when the site's secret has changed since."""
        if not self.sealed_key:
            raise Unreadable
        return unseal(self.sealed_key, purpose=_KEY)

    def set_key(self, key: str) -> None:
        self.sealed_key = seal(key, purpose=_KEY)

    @property
    def follows(self) -> bool:
        """Whether the clock runs it."""
        return self.state == _S.ACTIVE and not self.problem


class MirroredTable(models.Model):
    """One kind of thing in the document: which columns, which of them are opened."""

    mirror = models.ForeignKey(Mirror, models.CASCADE, related_name="tables")
    source = models.CharField("quoi", max_length=20)
    columns = ArrayField(models.CharField(max_length=40), verbose_name="colonnes")
    #: Groups of columns that people may change in Grist (`sources.base.Group`).
    opened = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    #: What Grist named it: a name that is taken yields another.
    remote = models.CharField("table dans Grist", max_length=120, blank=True)
    #: Columns that were made there: one of these that is missing was deleted by somebody.
    made = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    #: Somebody asked to make it again, if it is gone.
    recreate = models.BooleanField(default=False)
    #: Asked for and perhaps made: looked for before it is asked again.
    asked_at = models.DateTimeField(null=True)
    #: What changed here until then has been sent.
    synced_until = models.DateTimeField(null=True)
    hook_digest = models.CharField(max_length=64, blank=True)
    sealed_hook = models.TextField(blank=True)
    hook = models.CharField("webhook dans Grist", max_length=80, blank=True)
    hook_problem = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "table d’un miroir"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["mirror", "source"], name="mirrored_table_once"),
            models.UniqueConstraint(
                fields=["hook_digest"], condition=~Q(hook_digest=""), name="mirrored_hook_once"
            ),
        ]

    def __str__(self) -> str:
        return self.source

    @property
    def permission_scope(self) -> Scope:
        return self.mirror.permission_scope

    def set_hook(self, token: str) -> None:
        self.sealed_hook = seal(token, purpose=_HOOK)

    @property
    def hook_secret(self) -> str:
        """Raises: `Unreadable`."""
        return unseal(self.sealed_hook, purpose=_HOOK) if self.sealed_hook else ""
