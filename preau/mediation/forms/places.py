"""Trainings, and the agenda of a place."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms as fields

from preau.accounts.models import Membership, Organization, User
from preau.core import forms
from preau.core.french import by_name
from preau.mediation.actions.agenda import Wanted
from preau.mediation.enums import EventKind
from preau.mediation.models import PlaceEvent


class TrainingForm(forms.Form):
    person = fields.ModelChoiceField(label="Personne", queryset=User.objects.none())
    title = fields.CharField(label="Formation", max_length=160)
    body = fields.CharField(label="Organisme", max_length=160, required=False)
    followed_on = forms.DateField(label="Suivie le")
    hours = fields.IntegerField(label="Durée, en heures", min_value=1, max_value=2000)
    valid_until = forms.DateField(label="Valable jusqu’au", required=False)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.filter(organization=organization, ended_at=None)
        field: Any = self.fields["person"]
        field.queryset = User.objects.filter(pk__in=members.values("user")).order_by(
            *by_name("last_name")
        )
        field.label_from_instance = lambda user: user.full_name or user.email


class EventForm(forms.Form):
    kind = fields.ChoiceField(label="Nature", choices=EventKind.choices)
    title = fields.CharField(label="Titre", max_length=140)
    text = fields.CharField(
        label="De quoi il s’agit",
        max_length=3000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 4}),
    )
    day = forms.DateField(label="Jour")
    start = forms.TimeField(label="De")
    end = forms.TimeField(label="À")
    weekly_until = forms.DateField(
        label="Toutes les semaines jusqu’au",
        required=False,
        help_text="Laissez vide pour une seule date.",
    )
    seats = fields.IntegerField(
        label="Nombre de places", min_value=1, max_value=5000, required=False
    )
    how_to_come = fields.CharField(
        label="Inscription, tarif",
        max_length=200,
        required=False,
        help_text="« Gratuit, sans inscription », « Au 04 76 00 00 00 »",
    )
    announce = fields.BooleanField(label="Annoncer tout de suite", required=False, initial=True)

    @staticmethod
    def values_of(event: PlaceEvent) -> dict[str, Any]:
        zone = event.sheet.zone
        start, end = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
        return {
            "kind": event.kind,
            "title": event.title,
            "text": event.text,
            "day": start.date(),
            "start": start.time(),
            "end": end.time(),
            "seats": event.seats,
            "how_to_come": event.how_to_come,
        }

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        start, end = _minute(data["start"]), _minute(data["end"])
        if end <= start and end <= 6 * 60:  # « de 20 h à 1 h »
            end += 1440
        return Wanted(
            kind=data["kind"],
            title=data["title"],
            text=data["text"],
            day=data["day"],
            start_minute=start,
            end_minute=end,
            weekly_until=data.get("weekly_until"),
            seats=data["seats"],
            how_to_come=data["how_to_come"],
        )


class CancelForm(forms.Form):
    reason = fields.CharField(label="Motif", max_length=200, help_text="Les personnes le liront.")
    following = fields.BooleanField(label="Annuler aussi les dates suivantes", required=False)

    def __init__(self, *args: Any, event: PlaceEvent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if event.series is None:
            del self.fields["following"]


def _minute(value: time) -> int:
    return value.hour * 60 + value.minute
