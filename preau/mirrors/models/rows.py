"""What was sent of each thing, what Grist told us to read again, what a person must decide."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.mirrors.enums import ConflictKind, ConflictState
from preau.mirrors.models.mirrors import MirroredTable

_C = ConflictState


class MirroredRow(models.Model):
    """A thing that is in the document. It keeps prints of what is there, and words only of the
    columns that are opened, to tell who changed what."""

    table = models.ForeignKey(MirroredTable, models.CASCADE, related_name="rows")
    subject_id = models.BigIntegerField()
    uuid = models.UUIDField()
    remote_id = models.BigIntegerField(null=True)
    #: Print of the columns that are ours alone, as last sent; "" to send them again.
    sent_hash = models.CharField(max_length=64, blank=True)
    #: The same as last read there, when they were read.
    seen_hash = models.CharField(max_length=64, blank=True)
    #: Opened columns as both sides last had them; null until both agreed once.
    base = models.JSONField(null=True)
    #: Emptied there because it left what the organisation reads.
    left_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(default=clock.now)
    #: Whether the state side was readable when it was sent; null until then, and where none is.
    state_side = models.BooleanField(null=True)

    class Meta:
        verbose_name = "ligne d’un miroir"
        constraints = [
            models.UniqueConstraint(fields=["table", "subject_id"], name="mirrored_row_once"),
            models.UniqueConstraint(fields=["table", "uuid"], name="mirrored_row_uuid_once"),
        ]
        indexes = [models.Index(fields=["table", "remote_id"], name="mirrored_row_remote")]

    @property
    def permission_scope(self) -> Scope:
        return self.table.permission_scope


class Hint(models.Model):
    """A row that Grist says has changed: read again before anything is believed."""

    table = models.ForeignKey(MirroredTable, models.CASCADE, related_name="hints")
    remote_id = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "ligne à relire"
        constraints = [
            models.UniqueConstraint(fields=["table", "remote_id"], name="mirror_hint_once")
        ]


class Conflict(models.Model):
    """Opened columns of a row that Préau could not settle alone. Neither side is overwritten."""

    row = models.ForeignKey(MirroredRow, models.CASCADE, related_name="conflicts")
    group = models.CharField("quoi", max_length=40)
    kind = models.CharField(max_length=6, choices=ConflictKind)
    ours = models.JSONField("dans Préau")
    theirs = models.JSONField("dans Grist")
    reason = models.CharField("motif", max_length=600, blank=True)
    state = models.CharField("état", max_length=8, choices=_C, default=_C.OPEN)
    at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "conflit d’un miroir"
        constraints = [
            models.UniqueConstraint(
                fields=["row", "group"], condition=Q(state=_C.OPEN), name="mirror_conflict_once"
            ),
            models.CheckConstraint(
                name="mirror_conflict_decided_is_dated",
                condition=Q(state=_C.OPEN, decided_at=None)
                | ~Q(state=_C.OPEN) & Q(decided_at__isnull=False),
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.row.permission_scope
