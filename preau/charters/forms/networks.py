"""A network, a place's rule of welcome, a member."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms as fields

from preau.charters.actions.networks import Welcome
from preau.charters.models import NetworkPlace
from preau.core import clock, forms
from preau.core.formats import WEEKDAYS
from preau.places.models import Place


class NetworkForm(forms.Form):
    name = fields.CharField(label="Nom du réseau", max_length=120)
    purpose = fields.CharField(
        label="À quoi il sert", max_length=2000, widget=fields.Textarea(attrs={"rows": 3})
    )


class InvitePlaceForm(forms.Form):
    place = fields.CharField(
        label="Adresse de la page du lieu",
        max_length=300,
        help_text="Copiez-la depuis sa page : …/lieux/maison-des-associations/",
    )

    def clean_place(self) -> Place:
        slug = self.cleaned_data["place"].strip().rstrip("/").rpartition("/")[2]
        found = Place.objects.filter(slug=slug, publication="publie").first()
        if found is None:
            raise fields.ValidationError("Aucun lieu publié n’a cette adresse.")
        return found


class WelcomeForm(forms.Form):
    weekdays = fields.TypedMultipleChoiceField(
        label="Jours d’accueil",
        choices=[(number, name.capitalize()) for number, name in enumerate(WEEKDAYS)],
        coerce=int,
        widget=fields.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un jour d’accueil."},
    )
    start = forms.TimeField(label="De")
    end = forms.TimeField(label="À")
    price = fields.DecimalField(
        label="Prix d’une visite, en euros",
        min_value=0,
        max_value=1000,
        decimal_places=2,
        required=False,
        help_text="Laissez vide si c’est gratuit.",
    )
    visits_per_month = fields.IntegerField(
        label="Visites par mois et par personne, au plus",
        min_value=1,
        max_value=31,
        required=False,
    )
    note = fields.CharField(label="À savoir", max_length=300, required=False)

    @staticmethod
    def values_of(seat: NetworkPlace) -> dict[str, Any]:
        return {
            "weekdays": seat.weekdays,
            "start": f"{seat.start_minute // 60:02d}:{seat.start_minute % 60:02d}",
            "end": f"{seat.end_minute // 60 % 24:02d}:{seat.end_minute % 60:02d}",
            "price": seat.price_cents / 100 if seat.price_cents else None,
            "visits_per_month": seat.visits_per_month,
            "note": seat.note,
        }

    def rule(self) -> Welcome:
        data = self.cleaned_data
        end = data["end"].hour * 60 + data["end"].minute
        return Welcome(
            weekdays=data["weekdays"],
            start_minute=data["start"].hour * 60 + data["start"].minute,
            end_minute=end or 1440,  # « jusqu’à minuit »
            price_cents=int((data["price"] or 0) * 100),
            visits_per_month=data["visits_per_month"],
            note=data["note"],
        )


class InviteMemberForm(forms.Form):
    email = fields.EmailField(label="Adresse électronique")
    until = forms.DateField(label="Membre jusqu’au")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"until": clock.today() + timedelta(days=365)})
        super().__init__(*args, **kwargs)
