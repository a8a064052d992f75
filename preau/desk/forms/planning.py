"""What a manager types on the planning: an own use, a closure, a span of days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms as fields

from preau.availability.forms import HoursField, minute_of
from preau.booking.forms.answers import PlannedDay, SlotForm
from preau.core import clock, forms
from preau.core.french import by_name
from preau.core.timeranges import Period, local_instant
from preau.places.enums import Publication
from preau.places.models import Place, Space


class OwnUseForm(SlotForm):
    """The owner's own use of a space."""

    space = fields.ModelChoiceField(
        label="Espace", queryset=Space.objects.none(), empty_label="Choisissez un espace"
    )
    label = fields.CharField(
        label="Pour quoi faire ?",
        max_length=160,
        help_text="Par exemple : conseil municipal, centre de loisirs.",
    )
    field_order = ["space", "day", "start", "end", "label"]

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, place=place, **kwargs)
        self.fields["space"].queryset = live_spaces(place)  # type: ignore[attr-defined]


class ClosureForm(forms.Form):
    """Which spaces close, from when to when, and why."""

    spaces = fields.ModelMultipleChoiceField(
        label="Espaces à fermer",
        queryset=Space.objects.none(),
        widget=fields.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un espace."},
    )
    first_day = PlannedDay(label="Du")
    start = HoursField(label="À partir de", required=False, help_text="Vide : dès minuit.")
    last_day = PlannedDay(label="Au (inclus)")
    end = HoursField(label="Jusqu’à", required=False, help_text="Vide : jusqu’à la fin du jour.")
    label = fields.CharField(
        label="Motif",
        max_length=160,
        help_text="Par exemple : travaux, grand ménage. Il sera écrit sur le planning.",
    )

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        self.fields["spaces"].queryset = live_spaces(place)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if not isinstance(first, date) or not isinstance(last, date):
            return data
        start = minute_of(data["start"]) if data.get("start") else 0
        end = (minute_of(data["end"]) if data.get("end") else 0) or 1440
        if last < first:
            self.add_error("last_day", "Cette date vient avant la première.")
        elif first == last and end <= start:
            self.add_error("end", "L’heure de fin vient après l’heure de début.")
        elif last - first > timedelta(days=366):
            self.add_error("last_day", "Une fermeture dure un an au plus. Faites-en deux.")
        else:
            zone = self.place.zone
            data["period"] = Period(
                local_instant(first, start, zone), local_instant(last, end, zone)
            )
            if data["period"].end <= clock.now():
                self.add_error("last_day", "Cette période est passée.")
        return data


def live_spaces(place: Place) -> Any:
    spaces = place.spaces.exclude(publication=Publication.ARCHIVED)
    return spaces.select_related("place__owner", "root").order_by(*by_name("name"), "pk")
