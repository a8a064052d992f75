"""The journal: chains of entries, each sealed by the digest of the one before."""

from __future__ import annotations

from django.db import models


class JournalEntry(models.Model):
    """One line, never changed: triggers refuse UPDATE, DELETE and TRUNCATE, and a broken link."""

    chain = models.CharField("chaîne", max_length=80)
    seq = models.PositiveIntegerField("rang")
    at = models.DateTimeField("date")
    kind = models.CharField("nature", max_length=60)
    # No personal data here: what must be erasable one day goes to `JournalPrivate`.
    data = models.JSONField("contenu", default=dict)
    private_hash = models.CharField("empreinte de la part privée", max_length=64, blank=True)
    prev = models.CharField("empreinte précédente", max_length=64)
    hash = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "journal"
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="journal_chain_order"),
            models.CheckConstraint(
                name="journal_digests",
                condition=models.Q(prev__regex=r"^[0-9a-f]{64}$", hash__regex=r"^[0-9a-f]{64}$"),
            ),
        ]


class JournalPrivate(models.Model):
    """The personal part of a line (address, IP, name): erased without breaking the chain."""

    entry = models.OneToOneField(JournalEntry, models.PROTECT, related_name="private")
    salt = models.CharField(max_length=64)
    data = models.JSONField("contenu", default=dict)

    class Meta:
        verbose_name = "part privée d’une ligne du journal"


class JournalAnchor(models.Model):
    """A head under a trusted time-stamp: who owns the database cannot rewrite what precedes it.

    One manifest lists the heads of a night; one token stamps it. Both lie in the store.
    """

    chain = models.CharField("chaîne", max_length=80)
    seq = models.PositiveIntegerField("rang")
    hash = models.CharField("empreinte", max_length=64)
    at = models.DateTimeField("horodatée le")
    manifest = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    token = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "ancre du journal"
        indexes = [models.Index(fields=["chain", "seq"], name="journal_anchor_chain")]
