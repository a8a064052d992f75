"""A démarche that projects may be sent to."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.connectors.procedures.states import Family, ProcedureState
from preau.core import clock


class Procedure(models.Model):
    """A démarche, its champs as they were read, and what of a project goes into which."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # --- As the service says
    path = models.CharField("adresse sur le service", max_length=120, unique=True)
    number = models.PositiveBigIntegerField("numéro", unique=True)
    title = models.CharField("intitulé", max_length=300)
    revision = models.CharField(max_length=120)
    #: `procedures.schema` writes and reads it.
    champs = models.JSONField(default=list)
    fetched_at = models.DateTimeField("lue le")
    #: Since when the service says that it is not open.
    closed_at = models.DateTimeField("fermée depuis le", null=True, blank=True)

    # --- As we offer it
    label = models.CharField("nom donné aux porteurs", max_length=200)
    funder = models.CharField("financeur", max_length=160, blank=True)
    family = models.CharField("modèle", max_length=12, choices=Family, default=Family.OTHER)
    programme = models.ForeignKey(
        "projects.Programme", models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Key of a territory.
    area = models.CharField("territoire", max_length=60, default="nation:")
    closes_on = models.DateField("dernier jour", null=True, blank=True)
    state = models.CharField(
        "état", max_length=16, choices=ProcedureState, default="en_preparation"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    #: champ id → {"source": key of `procedures.sources`, "label": of the champ, "type": its type}.
    mapping = models.JSONField(default=dict)
    #: None: not confirmed by a person, or no longer since the démarche changed.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: The service of the State that proposed it; None: the operator.
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)

    # --- For agents: a token of the démarche, and how far its dossiers were read
    sealed_token = models.TextField(blank=True)
    agent_since = models.DateTimeField(null=True, blank=True)
    agent_after = models.CharField(max_length=300, blank=True)
    agent_started = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "démarche"
        constraints = [
            models.CheckConstraint(
                name="procedure_published_is_dated",
                condition=~Q(state=ProcedureState.PUBLISHED) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(name="procedure_has_a_label", condition=~Q(label="")),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_offered(self) -> bool:
        """Open, published, and its mapping is confirmed for the champs it has."""
        is_past = self.closes_on is not None and self.closes_on < clock.today()
        published = self.state == ProcedureState.PUBLISHED and self.confirmed_at is not None
        return published and self.closed_at is None and not is_past

    @property
    def number_words(self) -> str:
        return f"Démarche n° {self.number}"

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)
