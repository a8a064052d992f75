"""Counting a visit: as few touches as can be."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms as fields

from preau.core import clock, forms
from preau.directory.models import Sheet
from preau.mediation.actions.visits import Seen
from preau.mediation.enums import Mode, Outcome, Theme
from preau.territories.models import Commune
from preau.territories.queries import meant


class VisitForm(forms.Form):
    mark_optional = False
    themes = fields.MultipleChoiceField(
        label="Pour quoi ?",
        choices=Theme.choices,
        widget=fields.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un thème."},
    )
    services = fields.IntegerField(
        label="Services rendus en une fois", min_value=1, max_value=20, initial=1
    )
    people = fields.IntegerField(label="Personnes", min_value=1, max_value=500, initial=1)
    outcome = fields.ChoiceField(
        label="Suite", choices=Outcome.choices, initial=Outcome.ANSWERED, widget=fields.RadioSelect
    )
    mode = fields.ChoiceField(label="Mode", choices=Mode.choices, initial=Mode.ON_SITE)
    origin = fields.CharField(
        label="Commune d’où l’on vient, si la personne le dit",
        max_length=120,
        required=False,
        help_text="La commune seule, jamais l’adresse. Laissez vide sinon.",
        widget=fields.TextInput(attrs={"data-suggest": "find:communes", "autocomplete": "off"}),
    )
    day = forms.DateField(label="Jour")
    token = fields.UUIDField(widget=fields.HiddenInput)

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"day": clock.today(sheet.zone), "token": uuid.uuid4()})
        super().__init__(*args, **kwargs)

    def clean_origin(self) -> Commune | None:
        typed = self.cleaned_data["origin"].strip()
        if not typed:
            return None
        found, others = meant(typed)
        if found is None:
            names = ", ".join(f"{one.name} ({one.main_postcode})" for one in others[:5])
            raise fields.ValidationError(
                f"Plusieurs communes portent ce nom : {names}."
                if names
                else "Cette commune n’est pas connue. Écrivez son nom ou son code postal."
            )
        return found

    def seen(self) -> Seen:
        data = self.cleaned_data
        return Seen(
            day=data["day"],
            themes=data["themes"],
            people=data["people"],
            services=data["services"],
            mode=data["mode"],
            outcome=data["outcome"],
            origin=data["origin"],
            token=data["token"],
        )


class PeriodForm(forms.Form):
    mark_optional = False
    first = forms.DateField(label="Du")
    last = forms.DateField(label="Au")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", "La date de fin suit la date de début.")
        return data
