"""People, organisations and who acts for whom."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from preau.accounts.enums import (
    IdentityProvider,
    MembershipRole,
    OrganizationKind,
    VerificationMethod,
)
from preau.accounts.perms import Scope
from preau.core import clock


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, **fields: object) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_unusable_password()
        user.save()
        return user


class User(AbstractBaseUser):
    """A person. Signs in by a code sent to their address, or with a passkey."""

    email = models.EmailField("adresse électronique", unique=True)
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    # Declared, never checked: prices for residents go by it.
    commune = models.ForeignKey(
        "territories.Commune",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="commune où vous habitez",
    )
    is_active = models.BooleanField("compte actif", default=True)
    is_operator = models.BooleanField("opérateur de la plateforme", default=False)
    date_joined = models.DateTimeField("inscription", default=clock.now)
    closed_at = models.DateTimeField("compte fermé le", null=True, blank=True)
    # The hat last worn, worn again at the next sign-in; null: for themself.
    last_membership = models.ForeignKey(
        "Membership", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Whether that choice was ever made: until then, an only membership is worn by itself.
    has_chosen_hat = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "personne"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_case_insensitive"),
            models.CheckConstraint(
                name="user_closed_is_inactive",
                condition=Q(closed_at=None) | Q(is_active=False),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email.split("@")[0]

    def get_full_name(self) -> str:
        return self.full_name


class Organization(models.Model):
    """An organisation (structure). Acts in public only once verified."""

    kind = models.CharField("nature", max_length=20, choices=OrganizationKind)
    name = models.CharField("nom", max_length=160)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    rna = models.CharField("numéro RNA", max_length=10, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    commune = models.ForeignKey(
        "territories.Commune", models.PROTECT, related_name="+", verbose_name="commune du siège"
    )
    epci = models.ForeignKey(
        "territories.Epci", models.PROTECT, null=True, blank=True, related_name="+"
    )
    official_email = models.EmailField("adresse électronique officielle", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    verified_at = models.DateTimeField("vérifiée le", null=True, blank=True)
    verified_by_method = models.CharField(
        "vérifiée par", max_length=20, choices=VerificationMethod, blank=True
    )
    # Its people ask the operator to verify it; null again once answered.
    verification_asked_at = models.DateTimeField("vérification demandée le", null=True, blank=True)
    created_at = models.DateTimeField("créée le", default=clock.now)
    # Kept so that old links, journals and signed papers still name it; nothing else is its own.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed"
    )
    merged_at = models.DateTimeField("réunie le", null=True, blank=True)

    class Meta:
        verbose_name = "structure"
        constraints = [
            models.CheckConstraint(
                name="organization_merged_is_over",
                condition=Q(merged_into=None, merged_at=None)
                | Q(
                    merged_into__isnull=False,
                    merged_at__isnull=False,
                    verified_at=None,
                    verification_asked_at=None,
                )
                & ~Q(merged_into=models.F("id")),
            ),
            models.CheckConstraint(
                name="organization_verified_coherent",
                condition=Q(verified_at=None, verified_by_method="")
                | (Q(verified_at__isnull=False) & ~Q(verified_by_method="")),
            ),
            models.CheckConstraint(
                name="organization_siret_starts_with_siren",
                condition=Q(siret="") | Q(siret__startswith=models.F("siren")),
            ),
            models.CheckConstraint(
                name="organization_numbers_have_the_right_length",
                condition=Q(siren__regex=r"^([0-9]{9})?$")
                & Q(siret__regex=r"^([0-9]{14})?$")
                & Q(rna__regex=r"^(W[0-9][0-9A-Z][0-9]{7})?$"),
            ),
            # Anyone may type a number; only a verified organisation owns it.
            models.UniqueConstraint(
                fields=["siret"],
                condition=~Q(siret="") & Q(verified_at__isnull=False),
                name="organization_verified_siret",
                violation_error_message="Une structure vérifiée porte déjà ce numéro SIRET.",
            ),
            models.UniqueConstraint(
                fields=["rna"],
                condition=~Q(rna="") & Q(verified_at__isnull=False),
                name="organization_verified_rna",
                violation_error_message="Une association vérifiée porte déjà ce numéro RNA.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.pk)


class Membership(models.Model):
    """A person's place in an organisation. Ended memberships are kept for history."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    role = models.CharField("rôle", max_length=20, choices=MembershipRole)
    started_at = models.DateTimeField("depuis le", default=clock.now)
    ended_at = models.DateTimeField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "adhésion"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"],
                condition=Q(ended_at=None),
                name="membership_one_live",
                violation_error_message="Cette personne est déjà membre de la structure.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} — {self.organization}"

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id, holder_user_id=self.user_id)


class Invitation(models.Model):
    """A place offered by e-mail. The token is known by its digest only."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="invitations")
    email = models.EmailField("adresse électronique")
    role = models.CharField("rôle", max_length=20, choices=MembershipRole)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField("envoyée le", default=clock.now)
    expires_at = models.DateTimeField("valable jusqu’au")
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    revoked_at = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        verbose_name = "invitation"
        constraints = [
            models.CheckConstraint(
                name="invitation_ends_one_way",
                condition=Q(accepted_at=None) | Q(revoked_at=None),
            ),
            models.UniqueConstraint(
                "organization",
                Lower("email"),
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_one_pending",
                violation_error_message="Une invitation est déjà en attente pour cette adresse.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} — {self.organization}"

    @property
    def is_open(self) -> bool:
        return not self.accepted_at and not self.revoked_at and clock.now() < self.expires_at

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)


class MailboxChallenge(models.Model):
    """A code sent to an organisation's official mailbox, to prove who speaks for it."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="challenges")
    asked_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    mailbox = models.EmailField("adresse officielle")
    code_digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField("essais", default=0)
    created_at = models.DateTimeField("envoyé le", default=clock.now)
    expires_at = models.DateTimeField("valable jusqu’au")
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    class Meta:
        verbose_name = "code de vérification"


class Identity(models.Model):
    """Who a person is at an outside provider: (provider, sub), never an e-mail address."""

    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    provider = models.CharField("service", max_length=20, choices=IdentityProvider)
    sub = models.CharField("identifiant chez lui", max_length=255)
    # What ProConnect said of their employer last time; it says nothing of rights here.
    siret = models.CharField("SIRET", max_length=14, blank=True)
    linked_at = models.DateTimeField("relié le", default=clock.now)
    last_used_at = models.DateTimeField("dernière connexion", default=clock.now)

    class Meta:
        verbose_name = "identité reliée"
        constraints = [
            models.UniqueConstraint(fields=["provider", "sub"], name="identity_one_account"),
            models.CheckConstraint(name="identity_has_a_sub", condition=~Q(sub="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_provider_display()} — {self.user}"

    @property
    def permission_scope(self) -> Scope:
        return Scope(holder_user_id=self.user_id)


class JoinRequest(models.Model):
    """An agent of a verified organisation, as ProConnect says, asks to be a member of it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="join_requests")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="join_requests")
    asked_at = models.DateTimeField("demandée le", default=clock.now)
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    is_accepted = models.BooleanField("acceptée", default=False)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "demande d’adhésion"
        verbose_name_plural = "demandes d’adhésion"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"],
                condition=Q(answered_at=None),
                name="join_request_one_pending",
            ),
            models.CheckConstraint(
                name="join_request_accepted_is_answered",
                condition=Q(is_accepted=False) | Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} — {self.organization}"

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)
