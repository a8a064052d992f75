"""What to export, from where, over which days, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms as fields

from preau.core import forms
from preau.desk.exports import TABLES
from preau.places.models import Place

LONGEST = timedelta(days=3 * 366)


class ExportForm(forms.Form):
    """Sent by GET: the address says what was taken out."""

    mark_optional = False

    quoi = fields.ChoiceField(
        label="Quoi ?",
        widget=fields.RadioSelect,
        choices=[
            ("reservations", "Les réservations : une ligne par date, avec les personnes à joindre"),
            ("usagers", "Les usagers : qui est venu, combien de fois, comment les joindre"),
            ("occupation", "L’occupation : heures ouvertes et prises, par espace et par mois"),
        ],
    )
    lieu = fields.ChoiceField(label="Où ?", required=False)
    du = forms.DateField(label="Du")
    au = forms.DateField(label="Au (inclus)")
    format = fields.ChoiceField(
        label="Pour quel logiciel ?",
        widget=fields.RadioSelect,
        choices=[("xlsx", "Tableur (XLSX)"), ("csv", "Autre logiciel (CSV)")],
    )

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        assert list(TABLES) == [value for value, _ in self.fields["quoi"].choices]  # type: ignore[attr-defined]
        choices = [("", "Tous mes lieux"), *((str(one.pk), one.name) for one in places)]
        self.fields["lieu"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("du"), self.cleaned_data.get("au")
        if isinstance(first, date) and isinstance(last, date):
            if last < first:
                self.add_error("au", "Cette date vient avant la première.")
            elif first.year < 2000 or last.year > 2100:
                self.add_error("au", "Choisissez des dates plus proches.")
            elif last - first > LONGEST:
                self.add_error("au", "Un export couvre trois ans au plus. Faites-en deux.")
        return self.cleaned_data

    def chosen(self) -> list[Place]:
        """The place asked for, or all of them."""
        asked = self.cleaned_data["lieu"]
        return [one for one in self.places if not asked or str(one.pk) == asked]

    @staticmethod
    def asked(values: Mapping[str, str]) -> bool:
        return "du" in values or "au" in values
