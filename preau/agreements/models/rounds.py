"""Signature rounds: who signs, in which order, and how far each has come."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.agreements.signing_enums import (
    IDENTIFIED_OR_LATER,
    LIVE_ROUNDS,
    ProviderName,
    RoundState,
    SignatoryRole,
    SignatoryState,
)
from preau.core import clock

FEWEST, MOST = 2, 5


class SignatureRound(models.Model):
    """One attempt to have one agreement signed by all its parties, in order."""

    agreement = models.ForeignKey("agreements.Agreement", models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField("numéro")
    provider = models.CharField(
        "service de signature", max_length=20, choices=ProviderName, default=ProviderName.INTERNAL
    )
    #: The request's name at the provider; "" for ours.
    remote_id = models.CharField(max_length=80, blank=True)
    state = models.CharField(
        "état", max_length=20, choices=RoundState, default=RoundState.PREPARING
    )
    opened_at = models.DateTimeField("ouvert le", default=clock.now)
    deadline = models.DateTimeField("à signer avant le")
    closed_at = models.DateTimeField("terminé le", null=True, blank=True)
    #: The file as frozen before anybody signed, and as it stands now.
    frozen = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Since when the time-stamp authority, or the provider, has not answered.
    held_up_since = models.DateTimeField("en attente depuis le", null=True, blank=True)
    #: What the outside service gave as its own proof.
    foreign_proof = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_paper = models.BooleanField("signé sur papier", default=False)
    signed_on = models.DateField("date des signatures sur papier", null=True, blank=True)
    #: What the parties keep: the sealed file, or the scanned copy.
    outcome = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "tour de signature"
        verbose_name_plural = "tours de signature"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="round_number"),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(closed_at=None),
                name="round_one_live",
                violation_error_message="Un tour de signature est déjà en cours.",
            ),
            models.UniqueConstraint(
                fields=["provider", "remote_id"],
                condition=~Q(remote_id=""),
                name="round_remote_once",
            ),
            models.CheckConstraint(
                name="round_closed_coherent",
                condition=Q(state__in=LIVE_ROUNDS, closed_at=None)
                | (~Q(state__in=LIVE_ROUNDS) & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="round_has_its_file",
                condition=Q(state=RoundState.PREPARING)
                | Q(state__in=(RoundState.CANCELLED, RoundState.EXPIRED))
                | Q(frozen__isnull=False, revision__isnull=False),
            ),
            models.CheckConstraint(
                name="round_done_has_an_outcome",
                condition=~Q(state=RoundState.DONE) | Q(outcome__isnull=False),
            ),
            models.CheckConstraint(
                name="round_paper_is_dated",
                condition=Q(on_paper=False, signed_on=None)
                | Q(on_paper=True, signed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="round_deadline_after_opening", condition=Q(deadline__gt=F("opened_at"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["deadline"], condition=Q(closed_at=None), name="round_live_deadline"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}/{self.number}"

    @property
    def is_live(self) -> bool:
        return self.closed_at is None

    @property
    def permission_scope(self) -> Scope:
        return self.agreement.permission_scope


class Signatory(models.Model):
    """One person who signs. What they did is written once; their turn comes after the previous."""

    round = models.ForeignKey(SignatureRound, models.PROTECT, related_name="signatories")
    position = models.PositiveSmallIntegerField("rang")
    role = models.CharField("qualité de partie", max_length=20, choices=SignatoryRole)
    name = models.CharField("nom", max_length=120)
    email = models.EmailField("adresse électronique")
    #: As typed when consenting: « présidente », « maire ».
    capacity = models.CharField("qualité", max_length=120, blank=True)
    #: The legal person they bind; "" when they sign for themself.
    party = models.CharField("au nom de", max_length=160, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: The PDF field that is theirs.
    field = models.CharField(max_length=40)
    state = models.CharField(
        "état", max_length=20, choices=SignatoryState, default=SignatoryState.WAITING
    )
    invited_at = models.DateTimeField("invité le", null=True, blank=True)
    reminded_at = models.DateTimeField("relancé le", null=True, blank=True)
    link_digest = models.CharField(max_length=64, blank=True)
    link_expires_at = models.DateTimeField(null=True, blank=True)
    link_used_at = models.DateTimeField(null=True, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    identified_at = models.DateTimeField("identifié le", null=True, blank=True)
    read_at = models.DateTimeField("document ouvert le", null=True, blank=True)
    consent_version = models.CharField(max_length=10, blank=True)
    consent_text = models.TextField("consentement", blank=True)
    consented_at = models.DateTimeField("consentement le", null=True, blank=True)
    signed_at = models.DateTimeField("signé le", null=True, blank=True)
    refused_at = models.DateTimeField("refusé le", null=True, blank=True)
    reason = models.TextField("motif du refus", blank=True)
    #: The file with this signature in it.
    revision = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Identified and consenting at an outside service, whose own proof is kept.
    signs_elsewhere = models.BooleanField(default=False)

    class Meta:
        verbose_name = "signataire"
        ordering: ClassVar = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="signatory_position"),
            models.UniqueConstraint(fields=["round", "field"], name="signatory_field"),
            models.CheckConstraint(
                name="signatory_one_to_five", condition=Q(position__gte=1, position__lte=MOST)
            ),
            models.CheckConstraint(
                name="signatory_invited_coherent",
                condition=Q(state=SignatoryState.WAITING, invited_at=None)
                | (~Q(state=SignatoryState.WAITING) & Q(invited_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="signatory_identified_coherent",
                condition=~Q(state__in=IDENTIFIED_OR_LATER)
                | Q(signs_elsewhere=True)
                | Q(identified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="signatory_consent_coherent",
                condition=Q(state__in=(SignatoryState.CONSENTED, SignatoryState.SIGNED))
                & (
                    Q(signs_elsewhere=True)
                    | (
                        Q(consented_at__isnull=False, read_at__isnull=False)
                        & ~Q(consent_version="")
                        & ~Q(consent_text="")
                    )
                )
                | (
                    ~Q(state__in=(SignatoryState.CONSENTED, SignatoryState.SIGNED))
                    & Q(consented_at=None)
                ),
            ),
            models.CheckConstraint(
                name="signatory_signed_coherent",
                condition=Q(
                    state=SignatoryState.SIGNED, signed_at__isnull=False, revision__isnull=False
                )
                | (~Q(state=SignatoryState.SIGNED) & Q(signed_at=None, revision=None)),
            ),
            models.CheckConstraint(
                name="signatory_refused_coherent",
                condition=(
                    Q(state=SignatoryState.REFUSED, refused_at__isnull=False) & ~Q(reason="")
                )
                | (~Q(state=SignatoryState.REFUSED) & Q(refused_at=None, reason="")),
            ),
            models.CheckConstraint(name="signatory_code_tries", condition=Q(code_tries__lte=5)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_their_turn(self) -> bool:
        """Invited and neither signed nor refused yet."""
        return self.state in {
            SignatoryState.INVITED,
            SignatoryState.IDENTIFIED,
            SignatoryState.CONSENTED,
        }

    @property
    def permission_scope(self) -> Scope:
        return self.round.permission_scope


class Evidence(models.Model):
    """The proof of a round: the facts as data, their signature, and a page that a person reads."""

    round = models.OneToOneField(SignatureRound, models.PROTECT, related_name="evidence")
    data = models.ForeignKey("documents.Document", models.PROTECT, related_name="+")
    signature = models.ForeignKey("documents.Document", models.PROTECT, related_name="+")
    page = models.ForeignKey("documents.Document", models.PROTECT, related_name="+")
    #: What an outside service gave as its own proof.
    foreign = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField("établi le", default=clock.now)

    class Meta:
        verbose_name = "dossier de preuve"
        verbose_name_plural = "dossiers de preuve"


class SigningSettings(models.Model):
    """With which service an organisation signs."""

    organization = models.OneToOneField(
        "accounts.Organization", models.CASCADE, related_name="signing_settings"
    )
    provider = models.CharField(
        "service de signature", max_length=20, choices=ProviderName, default=ProviderName.INTERNAL
    )
    #: Key and secret of the provider, encrypted; written, never shown again.
    credentials = models.TextField(blank=True)

    class Meta:
        verbose_name = "réglages de signature"
        verbose_name_plural = "réglages de signature"
        constraints = [
            models.CheckConstraint(
                name="signing_provider_has_credentials",
                condition=Q(provider=ProviderName.INTERNAL) | ~Q(credentials=""),
            )
        ]

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)
