"""What a page of capacity is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self

from django import forms as fields
from django.http import QueryDict
from django.urls import reverse_lazy

from preau.capacity.enums import Shown, Useful
from preau.capacity.summaries import ZONE, month_after
from preau.core import clock, forms

LONGEST = timedelta(days=750)


@dataclass(frozen=True)
class Asked:
    """A period and a way to look, understood."""

    first: date
    last: date
    useful: Useful = Useful.SPACE
    shown: Shown = Shown.USEFUL
    #: Whether somebody chose the days; else another period may answer better.
    chosen: bool = True


def past_year() -> tuple[date, date]:
    """The last twelve months that are over."""
    today = clock.today(ZONE)
    return month_after(today, -12), month_after(today, 0) - timedelta(days=1)


def coming_year() -> tuple[date, date]:
    """The twelve months that begin with this one."""
    today = clock.today(ZONE)
    return month_after(today, 0), month_after(today, 12) - timedelta(days=1)


class PeriodForm(forms.Form):
    """From one day to another, and what counts as useful."""

    mark_optional = False
    du = forms.DateField(label="Du", required=False)
    au = forms.DateField(label="Au (inclus)", required=False)
    mini = fields.TypedChoiceField(
        label="Durée libre utile",
        choices=Useful.choices,
        coerce=int,
        required=False,
        empty_value=None,
    )
    voir = fields.ChoiceField(label="Montrer", choices=Shown.choices, required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("du"), data.get("au")
        if first and last and last < first:
            self.add_error("au", "Cette date vient avant la première.")
        elif first and last and last - first > LONGEST:
            self.add_error("au", "La période va jusqu’à deux ans. Choisissez une date plus proche.")
        return data

    @classmethod
    def of(cls, data: QueryDict, **initial: Any) -> Self:
        """What was typed; where nothing was, the usual is written in the fields."""
        first, last = past_year()
        filled = {"du": first, "au": last} | initial
        return cls(data) if data else cls(initial=filled)

    def asked(self) -> Asked:
        """What was typed, or the usual where it is empty."""
        first, last = past_year()
        data = self.cleaned_data if self.is_bound else {}
        first = data.get("du") or (data["au"] - timedelta(days=364) if data.get("au") else first)
        last = data.get("au") or (first + timedelta(days=364) if data.get("du") else last)
        useful, shown = Useful(data.get("mini") or 0), Shown(data.get("voir") or Shown.USEFUL)
        return Asked(first, last, useful, shown, bool(data.get("du") or data.get("au")))

    def write(self, asked: Asked) -> None:
        """The days that were answered, where none was typed."""
        self.initial = {**self.initial, "du": asked.first, "au": asked.last}
        if isinstance(self.data, QueryDict) and self.is_bound and not asked.chosen:
            data = self.data.copy()
            data["du"], data["au"] = asked.first.isoformat(), asked.last.isoformat()
            self.data = data


class ScopeForm(PeriodForm):
    ou = fields.CharField(
        label="Territoire, lieu ou structure",
        required=False,
        max_length=120,
        help_text="Par exemple : Isère, Voreppe, « Lycée Jean-Moulin ».",
        widget=fields.TextInput(
            attrs={"data-suggest": reverse_lazy("capacity:suggest"), "autocomplete": "off"}
        ),
    )
    field_order = ["ou", "du", "au", "mini", "voir"]


class ImpactForm(ScopeForm):
    """Whose impact, and when."""

    mini = None  # type: ignore[assignment]
    voir = None  # type: ignore[assignment]
    field_order = ["ou", "du", "au"]


class ChangeForm(forms.Form):
    """What was changed at a place, and from when."""

    label = fields.CharField(
        label="Ce qui a changé",
        max_length=160,
        help_text="Par exemple : ouverture le soir, nouvelles serrures, baisse du tarif.",
    )
    day = forms.DateField(label="Depuis le")


class FactorForm(forms.Form):
    """What a kilometre emits, with where the number comes from."""

    grams_per_km = fields.DecimalField(
        label="Grammes de CO₂ équivalent par kilomètre parcouru",
        min_value=Decimal("0.01"),
        max_digits=7,
        decimal_places=2,
        localize=True,
        help_text="Tous voyageurs confondus : tenez compte de la part de la voiture.",
    )
    since = forms.DateField(label="En vigueur depuis le")
    source = fields.CharField(
        label="Source",
        max_length=250,
        help_text="Par exemple : Base Empreinte de l’ADEME, nom de la fiche, date de consultation.",
    )
