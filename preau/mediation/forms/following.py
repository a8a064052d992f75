"""A person's file, its steps, its mandates."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.accounts.models import User
from preau.core import forms
from preau.core.french import by_name
from preau.directory.models import Sheet
from preau.mediation.enums import Consent, Theme
from preau.mediation.models import FollowUpFile
from preau.mediation.people import mediators_of
from preau.mediation.queries import colleagues_of


class OpenFileForm(forms.Form):
    sheet = fields.ChoiceField(label="Lieu")
    name = fields.CharField(
        label="Comment la personne veut être nommée",
        max_length=120,
        help_text="Un prénom suffit. C’est gardé chiffré, et lu de vous seul.",
    )
    contact = fields.CharField(
        label="Comment la joindre",
        max_length=120,
        required=False,
        help_text="Un téléphone ou un courriel, seulement si c’est utile.",
    )
    theme = fields.ChoiceField(label="Thème principal", choices=Theme.choices)
    consent = fields.ChoiceField(
        label="Comment la personne a donné son accord",
        choices=Consent.choices,
        widget=fields.RadioSelect,
    )
    consented_on = forms.DateField(label="Date de son accord")
    told = fields.BooleanField(
        label="Je lui ai dit ce qui est noté, qui le lit, et qu’elle peut tout faire effacer",
        error_messages={"required": "Sans cet accord éclairé, aucun dossier ne s’ouvre."},
    )

    def __init__(self, *args: Any, sheets: list[Sheet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheets = {str(one.pk): one for one in sheets}
        field: Any = self.fields["sheet"]
        field.choices = [(pk, f"{one.name}, {one.commune.name}") for pk, one in self.sheets.items()]


class StepForm(forms.Form):
    day = forms.DateField(label="Date")
    theme = fields.ChoiceField(label="Thème", choices=Theme.choices)
    text = fields.CharField(
        label="Ce qui a été fait",
        max_length=300,
        help_text="L’essentiel : « Dossier d’allocation logement envoyé ». Jamais un mot de passe,"
        " un numéro de sécurité sociale ni un avis sur la personne.",
    )
    next_on = forms.DateField(label="À revoir le", required=False)


class MandateForm(forms.Form):
    scope = fields.CharField(
        label="Démarches confiées", max_length=300, help_text="« Demande de carte grise en ligne »"
    )
    signed_on = forms.DateField(label="Signé le")
    until = forms.DateField(label="Jusqu’au", help_text="Un an au plus.")


class HandOverForm(forms.Form):
    to = fields.ModelChoiceField(label="À qui ?", queryset=User.objects.none())

    def __init__(self, *args: Any, file: FollowUpFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = colleagues_of(file)
        field.label_from_instance = lambda user: user.full_name or user.email


class ReassignForm(forms.Form):
    to = fields.ModelChoiceField(
        label="À qui ?",
        queryset=User.objects.none(),
        help_text="Vous-même, ou un collègue. Le gardiennage n’y est pas.",
    )

    def __init__(self, *args: Any, file: FollowUpFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        there = User.objects.filter(pk__in=mediators_of(file.home_id).values("user"))
        field.queryset = there.order_by(*by_name("last_name", "first_name"))
        field.label_from_instance = lambda user: user.full_name or user.email
