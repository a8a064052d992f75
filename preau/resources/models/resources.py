"""A resource: what may help a project, for whom, where, until when."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.resources import enums
from preau.resources.enums import ResourceKind, ResourceState, Scale, Source

#: Text search that knows French endings and forgives accents; made by the first migration.
SEARCH_CONFIG = "french_unaccent"
S = ResourceState


def _several(label: str, choices: type[models.TextChoices]) -> ArrayField[list[str], list[str]]:
    of_one = models.CharField(max_length=24, choices=choices)
    return ArrayField(of_one, verbose_name=label, default=list, blank=True)


def _among(name: str, field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__contained_by": choices.values}),
        violation_error_message="Choisissez dans la liste.",
    )


class Resource(models.Model):
    """One record of the library; an aid of Aides-territoires is one, of kind "aide".

    What a visitor reads of a record written here was read by somebody else first; the database
    holds that (constraint `resource_read_by_another`, trigger `resource_guard`).
    """

    kind = models.CharField("nature", max_length=12, choices=ResourceKind)
    title = models.CharField("titre", max_length=180)
    #: `territories.names.search_key(title)`: the alphabetical order, accents set aside.
    title_key = models.CharField(max_length=200, editable=False)
    summary = models.CharField("en une phrase", max_length=400, blank=True)
    body = models.TextField("présentation", blank=True, max_length=40_000)
    eligibility = models.TextField("conditions", blank=True, max_length=40_000)
    provider_name = models.CharField("organisme qui la propose", max_length=160, blank=True)
    provider = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Who keeps the record up to date; null: the operator of the platform.
    owner = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="resources"
    )
    url = models.URLField("page de référence", max_length=700, blank=True)
    application_url = models.URLField("page pour demander", max_length=700, blank=True)

    # --- What decides whether it is proposed ---
    themes = _several("thèmes", enums.Theme)
    blockage_kinds = _several("blocages qu’elle aide à lever", enums.BlockageKind)
    #: Empty: at any phase.
    phases = _several("phases du projet", enums.Phase)
    #: Empty: anyone.
    audiences = _several("bénéficiaires", enums.Audience)
    #: Keys of territories (`preau.resources.areas`): "fr", "region:84", "departement:38"…
    areas = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    #: The widest of its areas, 0 (communes) to 4 (France): the nearest help is listed first.
    reach = models.PositiveSmallIntegerField(default=4, editable=False)

    # --- Money and dates of an aid; empty where nobody knows ---
    aid_types = _several("formes de l’aide", enums.AidType)
    rate_min = models.PositiveSmallIntegerField("taux minimal, en %", null=True, blank=True)
    rate_max = models.PositiveSmallIntegerField("taux maximal, en %", null=True, blank=True)
    rate_note = models.CharField("précision sur le montant", max_length=300, blank=True)
    floor_cents = models.BigIntegerField("montant minimal", null=True, blank=True)
    ceiling_cents = models.BigIntegerField("montant maximal", null=True, blank=True)
    recurrence = models.CharField(
        "périodicité", max_length=10, choices=enums.Recurrence, blank=True
    )
    is_call = models.BooleanField("appel à projets ou à manifestation d’intérêt", default=False)
    is_charged = models.BooleanField("payante", default=False)
    opens_on = models.DateField("ouverture", null=True, blank=True)
    closes_on = models.DateField("date limite de dépôt", null=True, blank=True)
    financers = ArrayField(
        models.CharField(max_length=200), verbose_name="financeurs", default=list, blank=True
    )
    programs = ArrayField(
        models.CharField(max_length=200), verbose_name="programmes", default=list, blank=True
    )

    # --- Its life ---
    state = models.CharField("état", max_length=10, choices=S, default=S.DRAFT)
    #: The day after which it is no longer shown unless somebody says that it still holds.
    expires_on = models.DateField("à jour jusqu’au", null=True, blank=True)
    verified_on = models.DateField("vérifiée le", null=True, blank=True)
    created_at = models.DateTimeField("créée le", default=clock.now)
    updated_at = models.DateTimeField("modifiée le", default=clock.now)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField("soumise le", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    # --- Where it comes from ---
    source = models.CharField("source", max_length=20, choices=Source, default=Source.SITE)
    source_id = models.CharField("identifiant dans la source", max_length=120, blank=True)
    source_url = models.URLField("page de la source", max_length=700, blank=True)
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    fetched_at = models.DateTimeField("lue dans la source le", null=True, blank=True)
    #: What the source said, whole.
    snapshot = models.JSONField(default=dict, blank=True)

    search: models.GeneratedField = models.GeneratedField(
        expression=SearchVector("title", weight="A", config=SEARCH_CONFIG)
        + SearchVector("summary", "provider_name", weight="B", config=SEARCH_CONFIG)
        + SearchVector("body", "eligibility", weight="C", config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "ressource"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="resource_state_known", condition=Q(state__in=S.values)),
            models.CheckConstraint(
                name="resource_kind_known", condition=Q(kind__in=ResourceKind.values)
            ),
            models.CheckConstraint(
                name="resource_source_known", condition=Q(source__in=Source.values)
            ),
            _among("resource_themes_known", "themes", enums.Theme),
            _among("resource_blockages_known", "blockage_kinds", enums.BlockageKind),
            _among("resource_phases_known", "phases", enums.Phase),
            _among("resource_audiences_known", "audiences", enums.Audience),
            _among("resource_aid_types_known", "aid_types", enums.AidType),
            models.CheckConstraint(
                name="resource_reach_known", condition=Q(reach__lt=len(Scale.values))
            ),
            models.CheckConstraint(
                name="resource_rates_are_percents",
                condition=(Q(rate_min=None) | Q(rate_min__lte=100))
                & (Q(rate_max=None) | Q(rate_max__lte=100))
                & (Q(rate_min=None) | Q(rate_max=None) | Q(rate_min__lte=F("rate_max"))),
                violation_error_message="Un taux va de 0 à 100 %, du plus petit au plus grand.",
            ),
            models.CheckConstraint(
                name="resource_amounts_in_order",
                condition=(Q(floor_cents=None) | Q(floor_cents__gte=0))
                & (Q(ceiling_cents=None) | Q(ceiling_cents__gte=0))
                & (
                    Q(floor_cents=None)
                    | Q(ceiling_cents=None)
                    | Q(floor_cents__lte=F("ceiling_cents"))
                ),
                violation_error_message="Le montant minimal ne peut pas dépasser le maximal.",
            ),
            models.CheckConstraint(
                name="resource_days_in_order",
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(opens_on__lte=F("closes_on")),
                violation_error_message="La date limite ne peut pas précéder l’ouverture.",
            ),
            models.CheckConstraint(
                name="resource_written_here_is_complete",
                condition=~Q(source=Source.SITE)
                | Q(state__in=[S.DRAFT, S.ARCHIVED])
                | (
                    ~Q(summary="")
                    & ~Q(provider_name="")
                    & ~Q(themes=[])
                    & ~Q(blockage_kinds=[])
                    & ~Q(areas=[])
                    & Q(expires_on__isnull=False, submitted_at__isnull=False)
                ),
                violation_error_message="Il manque un renseignement pour proposer cette fiche.",
            ),
            models.CheckConstraint(
                name="resource_read_by_another",
                condition=Q(reviewed_by=None)
                | (~Q(reviewed_by=F("submitted_by")) & ~Q(reviewed_by=F("edited_by"))),
                violation_error_message="Une autre personne que l’auteur relit la fiche.",
            ),
            models.CheckConstraint(
                name="resource_published_has_a_reader",
                condition=~Q(source=Source.SITE, state=S.PUBLISHED)
                | Q(published_at__isnull=False, reviewed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="resource_of_a_source_has_its_number",
                condition=Q(source=Source.SITE) | ~Q(source_id=""),
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source_id=""),
                name="resource_once_per_source",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["search"], name="resource_search", fastupdate=False),
            # What `queries.for_need` and the public list ask, of what may be shown only.
            GinIndex(
                fields=["themes", "blockage_kinds", "areas"],
                name="resource_need",
                condition=Q(state=S.PUBLISHED),
                fastupdate=False,
            ),
            models.Index(
                fields=["title_key", "id"],
                name="resource_in_order",
                condition=Q(state=S.PUBLISHED),
            ),
            models.Index(fields=["expires_on"], name="resource_expiring"),
            models.Index(fields=["state", "submitted_at"], name="resource_to_read"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.owner_id)

    @property
    def is_mirrored(self) -> bool:
        """Changed at its source, never here."""
        return self.source == Source.AIDES_TERRITOIRES

    @property
    def is_to_verify(self) -> bool:
        """Delivered with the software; nobody has checked it with the body it names."""
        return self.source == Source.PREAU and self.verified_on is None


class Contact(models.Model):
    """Whom to write to or call; shown to people who are signed in."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="contacts")
    position = models.PositiveSmallIntegerField("rang", default=1)
    name = models.CharField("nom", max_length=120, blank=True)
    function = models.CharField("fonction ou service", max_length=160, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)

    class Meta:
        verbose_name = "contact"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="contact_can_be_reached",
                condition=~Q(email="") | ~Q(phone=""),
                violation_error_message="Donnez une adresse électronique ou un téléphone.",
            ),
            models.UniqueConstraint(fields=["resource", "position"], name="contact_in_order"),
        ]

    def __str__(self) -> str:
        return self.name or self.function
