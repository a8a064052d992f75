"""What is typed about an accepted booking: another number of people and why, a price."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.booking.forms.answers import reason_field
from preau.booking.models import Booking
from preau.core import forms
from preau.pricing.forms.fields import EurosField


class ChangeForm(forms.Form):
    """Beside the slot: how many people, and why."""

    attendance = fields.IntegerField(
        label="Nombre de personnes attendues",
        min_value=1,
        max_value=100_000,
        error_messages={"min_value": "Il faut au moins une personne."},
    )
    reason = reason_field("Pourquoi ce changement ?", "Le gestionnaire le lira.")

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attendance"].initial = booking.attendance


class PriceForm(forms.Form):
    """A price set by hand."""

    total = EurosField(
        label="Prix total, en euros",
        help_text="Pour toute la réservation. Écrivez 0 si elle est gratuite.",
    )
    explanation = fields.CharField(
        label="Comment ce prix est-il fixé ?",
        max_length=200,
        help_text="L’occupant le lira. Par exemple : tarif du conseil municipal du 12 mars.",
    )
