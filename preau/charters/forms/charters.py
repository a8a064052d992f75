"""A charter's presentation; a place's word; a reason."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.charters.actions.charters import Wanted
from preau.charters.models import Charter
from preau.core import forms
from preau.places.models import Place
from preau.territories.area_field import AreaField


class CharterForm(forms.Form):
    name = fields.CharField(
        label="Nom de la charte", max_length=120, help_text="« Lieux partagés du Voironnais »"
    )
    purpose = fields.CharField(
        label="À quoi elle sert",
        max_length=2000,
        help_text="Deux ou trois phrases, pour les lieux qui hésitent et pour le public.",
        widget=fields.Textarea(attrs={"rows": 4}),
    )
    label = fields.CharField(
        label="Label affiché",
        max_length=80,
        help_text="Ce qu’on lit sur la carte et sur la page de chaque lieu : « Lieu partagé ».",
    )
    area = AreaField(label="Territoire de la charte")
    confirm_months = fields.IntegerField(
        label="À confirmer tous les combien de mois ?", min_value=1, max_value=36, initial=12
    )

    @staticmethod
    def values_of(charter: Charter) -> dict[str, Any]:
        return {
            "name": charter.name,
            "purpose": charter.purpose,
            "label": charter.label,
            "area": charter.area_key,
            "confirm_months": charter.confirm_months,
        }

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(
            name=data["name"],
            purpose=data["purpose"],
            label=data["label"],
            area_key=data["area"].key,
            confirm_months=data["confirm_months"],
        )


class JoinForm(forms.Form):
    """Which of one's places joins."""

    place = fields.ChoiceField(label="Quel lieu adhère ?")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): one for one in places}
        field: Any = self.fields["place"]
        field.choices = [(pk, f"{one.name}, {one.commune.name}") for pk, one in self.places.items()]

    @property
    def chosen(self) -> Place:
        return self.places[self.cleaned_data["place"]]


class ConfirmForm(forms.Form):
    kept = fields.BooleanField(
        label="Les engagements de la charte sont tenus dans ce lieu",
        error_messages={"required": "Cochez la case pour confirmer, ou quittez la charte."},
    )
    note = fields.CharField(
        label="Ce qui a changé depuis un an, s’il y a lieu",
        max_length=2000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 4}),
    )


class ReasonForm(forms.Form):
    reason = fields.CharField(
        label="Motif",
        max_length=500,
        help_text="L’autre partie le lira.",
        widget=fields.Textarea(attrs={"rows": 3}),
    )
