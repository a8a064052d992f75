"""A price as it was given: computed once, with its lines, never computed again."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from preau.core import clock
from preau.places.enums import UserCategory


class FrozenPrice(models.Model):
    """Written once (a trigger refuses any change). An amendment is another one that replaces it."""

    category = models.CharField("catégorie", max_length=20, choices=UserCategory)
    is_local = models.BooleanField("de la commune", default=False)
    tariff = models.ForeignKey("pricing.Tariff", models.PROTECT, null=True, related_name="+")
    # Dicts of `quotes.Line`, in the order in which they are read.
    lines = models.JSONField("lignes", default=list)
    total_cents = models.PositiveIntegerField("total", default=0)
    deposit_cents = models.PositiveIntegerField("caution", default=0)
    is_on_request = models.BooleanField("prix sur demande", default=False)
    # Occupancy (as text) → its part of the total: what cancelling one date is counted on.
    amounts = models.JSONField("part de chaque date", default=dict)
    # VAT note and rate, cancellation tiers: as they were.
    terms = models.JSONField("conditions", default=dict)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    computed_at = models.DateTimeField("calculé le", default=clock.now)

    class Meta:
        verbose_name = "prix arrêté"
        constraints = [
            models.CheckConstraint(
                name="frozen_price_on_request_has_no_total",
                condition=Q(is_on_request=False) | Q(total_cents=0),
            ),
        ]

    @property
    def difference_cents(self) -> int:
        """What this amendment adds to what it replaces, or takes off."""
        return self.total_cents - (self.replaces.total_cents if self.replaces else 0)

    def amount_of(self, occupancy_id: int) -> int:
        """The part of the total for one date."""
        amounts: dict[str, Any] = self.amounts
        return int(amounts.get(str(occupancy_id), 0))
