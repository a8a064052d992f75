"""Try a price: which space, when, for whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms as fields
from django.db.models import QuerySet

from preau.core import forms
from preau.core.timeranges import Period, local_instant
from preau.places.enums import UserCategory
from preau.places.models import Space
from preau.pricing.payers import Payer


class SimulationForm(forms.Form):
    mark_optional = False
    espace = fields.ModelChoiceField(
        label="Espace", queryset=Space.objects.none(), empty_label="Choisissez"
    )
    jour = forms.DateField(label="Jour")
    debut = forms.TimeField(label="De")
    fin = forms.TimeField(label="À", help_text="Plus petite que le début : le lendemain")
    jusqu_au = forms.DateField(label="Dernier jour, s’il est différent", required=False)
    categorie = fields.ChoiceField(label="Pour qui", choices=UserCategory.choices)
    de_la_commune = fields.BooleanField(label="De la commune", required=False)
    nombre = fields.IntegerField(
        label="Nombre de postes", min_value=1, max_value=500, required=False
    )

    def __init__(self, *args: Any, spaces: QuerySet[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["espace"]
        chosen.queryset = spaces
        chosen.label_from_instance = lambda one: f"{one.place.name} – {one.name}"

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if {"espace", "jour", "debut", "fin"} <= set(data):
            period = self._period(data)
            if period is None:
                self.add_error("fin", "La fin vient après le début, et 31 jours au plus.")
            else:
                data["period"] = period
        return data

    def _period(self, data: dict[str, Any]) -> Period | None:
        zone = data["espace"].place.zone
        first, last = (data[name].hour * 60 + data[name].minute for name in ("debut", "fin"))
        end_day = data.get("jusqu_au") or data["jour"]
        if end_day == data["jour"] and last <= first:
            end_day += timedelta(days=1)
        start, end = local_instant(data["jour"], first, zone), local_instant(end_day, last, zone)
        return Period(start, end) if start < end <= start + timedelta(days=31) else None

    @property
    def payer(self) -> Payer:
        data = self.cleaned_data
        return Payer(
            UserCategory(data["categorie"]), is_local=data["de_la_commune"], is_simulated=True
        )
