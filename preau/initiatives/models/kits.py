"""Tables of kits, their uses, supports, and records of local partnerships."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.initiatives.enums.kits import KitState, SupportState, WordsState
from preau.resources.enums import Theme

_K = KitState


class Kit(models.Model):
    """How to make one kind of place or action: the same subject through its versions."""

    slug = models.SlugField("nom dans les adresses", max_length=60, unique=True)
    #: Who keeps it; nobody but the operator when empty.
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "kit"

    def __str__(self) -> str:
        return self.slug

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)


class KitVersion(models.Model):
    """What a kit says. Published, it never changes: those who use it follow the one they took."""

    kit = models.ForeignKey(Kit, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    state = models.CharField("état", max_length=10, choices=KitState, default=_K.DRAFT)
    title = models.CharField("titre", max_length=120)
    purpose = models.TextField("à quoi cela sert", max_length=3000)
    themes = ArrayField(
        models.CharField(max_length=30, choices=Theme), verbose_name="thèmes", default=list
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    published_at = models.DateTimeField("publié le", null=True)

    class Meta:
        verbose_name = "version d’un kit"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["kit", "number"], name="kit_version_number"),
            models.UniqueConstraint(
                fields=["kit"], condition=Q(state=_K.PUBLISHED), name="kit_one_published"
            ),
            models.UniqueConstraint(
                fields=["kit"], condition=Q(state=_K.DRAFT), name="kit_one_draft"
            ),
            models.CheckConstraint(
                name="kit_published_is_dated",
                condition=Q(state=_K.DRAFT, published_at=None)
                | (~Q(state=_K.DRAFT) & Q(published_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def permission_scope(self) -> Scope:
        return self.kit.permission_scope


class KitStep(models.Model):
    """One step, in order: what to do, who helps, where to read more."""

    version = models.ForeignKey(KitVersion, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    title = models.CharField("étape", max_length=160)
    text = models.TextField("comment faire", max_length=3000, blank=True)
    helpers = models.CharField("qui peut aider", max_length=300, blank=True)
    link_label = models.CharField("lien utile", max_length=120, blank=True)
    link_url = models.URLField("adresse du lien", max_length=300, blank=True)
    #: The step for which neighbours' support is gathered.
    gathers_support = models.BooleanField("réunit des soutiens", default=False)

    class Meta:
        verbose_name = "étape d’un kit"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def permission_scope(self) -> Scope:
        return self.version.permission_scope


class KitUse(models.Model):
    """A kit taken for a project."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(KitVersion, models.PROTECT, related_name="+")
    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="+")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    started_at = models.DateTimeField(default=clock.now)
    #: What neighbours read before giving their support; the page is open while it is.
    appeal = models.TextField("ce que vous dites aux habitants", max_length=2000, blank=True)
    support_open = models.BooleanField(default=False)
    support_opened_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    #: Supports given, erased a year on: they still count.
    past_supports = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "kit utilisé"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version"], condition=Q(removed_at=None), name="kit_use_once"
            ),
            models.CheckConstraint(
                name="kit_use_open_says_why",
                condition=Q(support_open=False)
                | (~Q(appeal="") & Q(support_opened_at__isnull=False)),
                violation_error_message="Dites aux habitants ce que vous voulez faire.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version.title}"

    @property
    def permission_scope(self) -> Scope:
        return Scope(project_id=self.project_id)


class KitUseStep(models.Model):
    """A step done, by whom and when."""

    use = models.ForeignKey(KitUse, models.CASCADE, related_name="ticks")
    step = models.ForeignKey(KitStep, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(default=clock.now)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    note = models.CharField("remarque", max_length=500, blank=True)

    class Meta:
        verbose_name = "étape faite"
        constraints = [
            models.UniqueConstraint(fields=["use", "step"], name="kit_step_done_once"),
        ]


class Support(models.Model):
    """A neighbour's support: first name and commune are shown, nothing else. Erased a year on."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    use = models.ForeignKey(KitUse, models.CASCADE, related_name="supports")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    email = models.EmailField("adresse électronique")
    first_name = models.CharField("prénom", max_length=60)
    commune = models.ForeignKey("territories.Commune", models.PROTECT, related_name="+")
    words = models.CharField("un mot", max_length=400, blank=True)
    words_state = models.CharField(max_length=10, choices=WordsState, blank=True)
    state = models.CharField(max_length=12, choices=SupportState, default=SupportState.PENDING)
    created_at = models.DateTimeField(default=clock.now)
    given_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "soutien"
        constraints = [
            models.UniqueConstraint(fields=["use", "email"], name="support_once"),
            models.CheckConstraint(
                name="support_given_is_dated",
                condition=~Q(state=SupportState.GIVEN) | Q(given_at__isnull=False),
            ),
            models.CheckConstraint(
                name="support_words_are_read",
                condition=Q(words="", words_state="") | (~Q(words="") & ~Q(words_state="")),
            ),
        ]
        indexes = [
            models.Index(fields=["use", "state", "-id"], name="support_of_use"),
            models.Index(fields=["created_at"], name="support_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.first_name}, {self.commune.name}"

    @property
    def permission_scope(self) -> Scope:
        return Scope(project_id=self.use.project_id)


class Partnership(models.Model):
    """A record kept on a project: its local currency with shops. Nothing is counted here."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="+")
    name = models.CharField("nom de la monnaie", max_length=120)
    partners = models.TextField("commerces et structures partenaires", max_length=2000)
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au", null=True, blank=True)
    note = models.TextField("remarque", max_length=2000, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "monnaie complémentaire"
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(
                name="partnership_dates_in_order",
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
        ]
        indexes = [models.Index(fields=["project"], name="partnership_project")]

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        return Scope(project_id=self.project_id)
