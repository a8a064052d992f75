"""What anybody says of a place, and what whoever decides answers."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from preau.core import forms
from preau.directory.enums import SignalKind
from preau.directory.forms.search import COMMUNE_ATTRS, commune_meant
from preau.directory.forms.sheet import NewSheetForm
from preau.directory.models import Sheet
from preau.places.enums import PlaceKind
from preau.territories.models import Commune

NOTE = (
    "N’écrivez rien de personnel : ni nom, ni situation de quelqu’un. La personne qui vérifie lira"
    " ce texte."
)


def email_field() -> django_forms.EmailField:
    return django_forms.EmailField(
        label="Votre adresse électronique",
        required=False,
        help_text="Pour vous dire ce qu’il en est, puis elle est effacée.",
        widget=django_forms.EmailInput(attrs={"autocomplete": "email"}),
    )


def hours_field(label: str) -> django_forms.CharField:
    return django_forms.CharField(
        label=label,
        max_length=400,
        required=False,
        help_text="Par exemple : du lundi au jeudi, de 9 h à 12 h et de 14 h à 17 h.",
    )


def text_field(label: str = "Précisions") -> django_forms.CharField:
    return django_forms.CharField(
        label=label,
        max_length=1000,
        required=False,
        help_text=NOTE,
        widget=django_forms.Textarea(attrs={"rows": 4}),
    )


class MissingForm(forms.Form):
    """A place that the directory does not know."""

    name = django_forms.CharField(
        label="Nom du lieu", max_length=160, help_text="Celui que l’on connaît."
    )
    kind = django_forms.ChoiceField(
        label="Nature du lieu", choices=[("", "Choisissez"), *PlaceKind.choices]
    )
    commune = django_forms.CharField(
        label="Commune", max_length=100, widget=django_forms.TextInput(attrs=COMMUNE_ATTRS)
    )
    address = django_forms.CharField(
        label="Adresse", max_length=200, required=False, help_text="Numéro et voie."
    )
    hours = hours_field("Horaires, si vous les connaissez")
    phone = django_forms.CharField(label="Téléphone du lieu", max_length=20, required=False)
    website = django_forms.URLField(label="Site du lieu", required=False, assume_scheme="https")
    text = text_field("Ce qu’on y fait")
    email = email_field()

    FIELDS = ("name", "kind", "address", "hours", "phone", "website")

    def __init__(self, *args: Any, anonymous: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not anonymous:
            del self.fields["email"]

    def clean_commune(self) -> Commune | None:
        return commune_meant(self.cleaned_data["commune"])

    def proposed(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {name: given[name] for name in self.FIELDS if given.get(name)}


class WrongForm(forms.Form):
    """A sheet that is wrong, closed or double: what stands there is to be corrected."""

    what = django_forms.ChoiceField(
        label="Que se passe-t-il ?",
        choices=[one for one in SignalKind.choices if one[0] != SignalKind.MISSING],
        widget=django_forms.RadioSelect,
    )
    name = django_forms.CharField(label="Nom du lieu", max_length=160, required=False)
    address = django_forms.CharField(label="Adresse", max_length=200, required=False)
    phone = django_forms.CharField(label="Téléphone", max_length=20, required=False)
    website = django_forms.URLField(label="Site", required=False, assume_scheme="https")
    hours = hours_field("Horaires justes")
    other = django_forms.ChoiceField(
        label="L’autre fiche du même lieu",
        required=False,
        help_text="Si le lieu figure deux fois.",
    )
    text = text_field()
    email = email_field()

    FIELDS = ("name", "address", "phone", "website")

    def __init__(
        self, *args: Any, sheet: Sheet, others: list[Sheet], anonymous: bool, **kwargs: Any
    ) -> None:
        self.sheet = sheet
        kwargs["initial"] = {name: getattr(sheet, name) for name in self.FIELDS}
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["other"]
        choices.choices = [
            ("", "Aucune, ou je ne sais pas"),
            *((one.slug, f"{one.name}, {one.address or one.commune.name}") for one in others),
        ]
        if not anonymous:
            del self.fields["email"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("what")
        if kind == SignalKind.WRONG and not self.proposed() and not data.get("text"):
            self.add_error("text", "Corrigez ce qui est faux ci-dessus, ou dites-le ici.")
        if kind == SignalKind.DUPLICATE and not data.get("other"):
            self.add_error("other", "Choisissez l’autre fiche du même lieu.")
        return data

    def proposed(self) -> dict[str, Any]:
        """What differs from the sheet."""
        given, kind = self.cleaned_data, self.cleaned_data.get("what")
        if kind == SignalKind.DUPLICATE:
            return {"other": given.get("other", "")}
        if kind != SignalKind.WRONG:
            return {}
        found = {
            name: given[name]
            for name in self.FIELDS
            if name in given and given[name] != getattr(self.sheet, name)
        }
        return found | ({"hours": given["hours"]} if given.get("hours") else {})


class AcceptMissingForm(NewSheetForm):
    """The proposal, corrected by whoever accepts it."""

    phone = django_forms.CharField(label="Téléphone", max_length=20, required=False)
    website = django_forms.URLField(label="Site", required=False, assume_scheme="https")
    hours_text = hours_field("Horaires, en toutes lettres")


class AcceptWrongForm(forms.Form):
    """The same for what is proposed on a sheet: one field each."""

    def __init__(self, *args: Any, proposed: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in WrongForm.FIELDS:
            if name in proposed:
                field = WrongForm.base_fields[name]
                field.required = False
                self.add_field(name, type(field)(label=field.label, required=name == "name"))

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ReasonForm(forms.Form):
    reason = django_forms.CharField(
        label="Motif",
        max_length=300,
        help_text="La personne le lira. Par exemple : ce lieu est privé.",
        widget=django_forms.Textarea(attrs={"rows": 2}),
    )


class ClaimForm(forms.Form):
    text = django_forms.CharField(
        label="Ce qui montre que votre structure tient ce lieu",
        max_length=1000,
        help_text="Par exemple : convention avec la commune depuis 2024, délibération, site.",
        widget=django_forms.Textarea(attrs={"rows": 4}),
    )
