"""The season and the rules of a timetable; improving, publishing, stopping it."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms as django_forms

from preau.core import forms
from preau.territories.area_field import AreaField
from preau.timetables.actions.composing import LENGTHS
from preau.timetables.enums import Cycle
from preau.timetables.models import Timetable


def whole(label: str, least: int, most: int, **more: Any) -> django_forms.IntegerField:
    return django_forms.IntegerField(label=label, min_value=least, max_value=most, **more)


#: What the calculation weighs; usual values suit most.
CALCULATION = ("radius_km", "least_share", "session_worth", "half_day_cost", "minute_cost")


class RulesForm(forms.Form):
    """What is asked to begin; the rest has usual values."""

    name = django_forms.CharField(
        label="Nom de la grille",
        max_length=120,
        help_text="Par exemple : Permanences du premier semestre 2027.",
    )
    area_key = AreaField(label="Territoire à servir")
    first_day = forms.DateField(label="Première permanence à partir du")
    last_day = forms.DateField(label="Jusqu’au (inclus)")
    cycle = django_forms.TypedChoiceField(
        label="Rythme", choices=Cycle.choices, coerce=int, widget=django_forms.RadioSelect
    )
    in_school_holidays = django_forms.BooleanField(
        label="Aussi pendant les vacances scolaires", required=False
    )
    on_public_holidays = django_forms.BooleanField(label="Aussi les jours fériés", required=False)
    earliest = forms.TimeField(label="Pas avant")
    latest = forms.TimeField(label="Pas après")
    radius_km = whole(
        "Un lieu sert les habitants à moins de", 1, 60,
        help_text="En kilomètres de route. Les communes plus loin ne sont pas comptées.",
    )  # fmt: skip
    least_share = whole(
        "Un créneau convient s’il est libre au moins", 10, 100,
        help_text="En % des semaines de la saison. Les dates qui ne le sont pas vous seront"
        " montrées avant de publier.",
    )  # fmt: skip
    session_worth = whole(
        "Une permanence tenue vaut autant que toucher", 0, 100_000, help_text="Habitants."
    )
    half_day_cost = whole(
        "Ouvrir un lieu une demi-journée coûte autant que perdre", 0, 100_000,
        help_text="Habitants. Plus c’est haut, plus les services sont réunis.",
    )  # fmt: skip
    minute_cost = whole(
        "Une minute de route coûte autant que perdre", 0, 10_000, help_text="Habitants."
    )

    @property
    def calculation_has_errors(self) -> bool:
        """Whether what is folded must be shown."""
        return any(name in self.errors for name in CALCULATION)

    @classmethod
    def initial_of(cls, timetable: Timetable | None) -> dict[str, Any]:
        timetable = timetable or Timetable()
        given = {name: getattr(timetable, name) for name in cls.base_fields}
        for name in ("earliest", "latest"):
            given[name] = time(*divmod(min(given[name], 1425), 60))
        return given

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        for name in ("earliest", "latest"):
            given[name] = given[name].hour * 60 + given[name].minute
        given["area_key"] = given["area_key"].key
        return given


class ImproveForm(forms.Form):
    mark_optional = False
    seconds = django_forms.TypedChoiceField(
        label="Chercher mieux pendant",
        choices=[
            (one, f"{one // 60}\u00a0minutes" if one >= 60 else f"{one}\u00a0secondes")
            for one in LENGTHS
        ],
        coerce=int,
    )


class PublishForm(forms.Form):
    skip = django_forms.BooleanField(
        label="Laisser de côté les dates qui ne sont pas libres", required=False
    )
    is_trial = django_forms.BooleanField(
        label="C’est un essai",
        required=False,
        help_text="Au bilan, vous gardez ces permanences ou vous les arrêtez.",
    )
    review_on = forms.DateField(label="Date du bilan", required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("is_trial") and not given.get("review_on"):
            self.add_error("review_on", "Indiquez la date du bilan de l’essai.")
        return given


class ReasonForm(forms.Form):
    reason = django_forms.CharField(
        label="Pourquoi",
        max_length=300,
        widget=django_forms.Textarea(attrs={"rows": 2}),
    )


class AcceptForm(forms.Form):
    skip = django_forms.BooleanField(
        label="Laisser de côté les dates qui ne sont pas libres", required=False
    )
