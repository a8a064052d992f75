"""Writing a record, its contacts, its end; answering its author."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms as django_forms

from preau.core import forms
from preau.core.errors import Refusal
from preau.resources import enums
from preau.resources.actions.writing import MOST_CONTACTS
from preau.resources.forms import territories
from preau.resources.models import Resource


def _several(label: str, choices: type[Any], **more: Any) -> django_forms.MultipleChoiceField:
    return django_forms.MultipleChoiceField(
        label=label,
        choices=choices.choices,
        required=False,
        widget=django_forms.CheckboxSelectMultiple,
        **more,
    )


def _euros(label: str) -> django_forms.IntegerField:
    return django_forms.IntegerField(
        label=label, required=False, min_value=1, max_value=10_000_000_000, help_text="En euros."
    )


class StartForm(forms.Form):
    """The two answers that begin a record."""

    kind = django_forms.ChoiceField(
        label="Que voulez-vous faire connaître ?",
        choices=enums.ResourceKind.choices,
        widget=django_forms.RadioSelect,
    )
    title = django_forms.CharField(
        label="Titre",
        max_length=180,
        help_text="Ce que l’on y gagne. Par exemple : Aide à la rénovation des écoles.",
    )


class RecordForm(forms.Form):
    """What a record says. A draft may lack anything; submitting it says what is missing."""

    mark_optional = False
    kind = django_forms.ChoiceField(label="Nature", choices=enums.ResourceKind.choices)
    title = django_forms.CharField(label="Titre", max_length=180)
    summary = django_forms.CharField(
        label="En une phrase",
        required=False,
        max_length=400,
        help_text="Ce que cela apporte, à qui. C’est ce qu’on lit dans les listes.",
        widget=django_forms.Textarea(attrs={"rows": 2}),
    )
    body = django_forms.CharField(
        label="Présentation",
        required=False,
        max_length=40_000,
        help_text="Du texte simple ; une ligne vide entre deux paragraphes.",
        widget=django_forms.Textarea(attrs={"rows": 8}),
    )
    eligibility = django_forms.CharField(
        label="Conditions",
        required=False,
        max_length=40_000,
        widget=django_forms.Textarea(attrs={"rows": 4}),
    )
    provider_name = django_forms.CharField(
        label="Organisme qui la propose", required=False, max_length=160
    )
    url = django_forms.URLField(
        label="Page de référence", required=False, max_length=700, assume_scheme="https"
    )
    application_url = django_forms.URLField(
        label="Page pour demander", required=False, max_length=700, assume_scheme="https"
    )
    blockage_kinds = _several("Elle aide à lever un blocage de…", enums.BlockageKind)
    themes = _several("Thèmes", enums.Theme)
    every_theme = django_forms.BooleanField(label="Tous les thèmes", required=False)
    phases = _several(
        "Phases du projet", enums.Phase, help_text="Rien de coché : à toutes les phases."
    )
    audiences = _several(
        "Pour qui ?", enums.Audience, help_text="Rien de coché : pour tout le monde."
    )
    areas = django_forms.CharField(
        label="Territoires",
        required=False,
        max_length=6000,
        help_text="Un par ligne : une commune, une intercommunalité, un département, une région, "
        "ou « France entière ».",
        widget=django_forms.Textarea(attrs={"rows": 3}),
    )
    aid_types = _several("Forme de l’aide", enums.AidType)
    rate_min = django_forms.IntegerField(
        label="Taux minimal, en %", required=False, min_value=0, max_value=100
    )
    rate_max = django_forms.IntegerField(
        label="Taux maximal, en %", required=False, min_value=0, max_value=100
    )
    rate_note = django_forms.CharField(
        label="Précision sur le montant", required=False, max_length=300
    )
    floor = _euros("Montant minimal")
    ceiling = _euros("Montant maximal")
    recurrence = django_forms.ChoiceField(
        label="Périodicité",
        required=False,
        choices=[("", "Sans objet"), *enums.Recurrence.choices],
    )
    is_call = django_forms.BooleanField(
        label="C’est un appel à projets ou à manifestation d’intérêt", required=False
    )
    is_charged = django_forms.BooleanField(label="Elle est payante", required=False)
    opens_on = forms.DateField(label="Ouverture", required=False)
    closes_on = forms.DateField(label="Date limite de dépôt", required=False)
    expires_on = forms.DateField(
        label="La fiche est à jour jusqu’au",
        required=False,
        help_text="Trente jours avant, nous vous demanderons si elle est toujours juste. "
        "Passé ce jour, elle n’est plus proposée.",
    )

    @staticmethod
    def values_of(resource: Resource) -> dict[str, Any]:
        same = (
            "kind", "title", "summary", "body", "eligibility", "provider_name", "url",
            "application_url", "blockage_kinds", "phases", "audiences", "aid_types", "rate_min",
            "rate_max", "rate_note", "recurrence", "is_call", "is_charged", "opens_on",
            "closes_on", "expires_on",
        )  # fmt: skip
        every = len(resource.themes) == len(enums.Theme.values)
        return {name: getattr(resource, name) for name in same} | {
            "themes": [] if every else resource.themes,
            "every_theme": every,
            "areas": territories.written(resource.areas),
            "floor": _whole(resource.floor_cents),
            "ceiling": _whole(resource.ceiling_cents),
        }

    def clean_areas(self) -> list[str]:
        try:
            return territories.read(self.cleaned_data["areas"])
        except Refusal as refusal:
            raise django_forms.ValidationError(refusal.sentence) from refusal

    def values(self) -> dict[str, Any]:
        """As the action wants them."""
        given = dict(self.cleaned_data)
        if given.pop("every_theme"):
            given["themes"] = list(enums.Theme.values)
        given["floor_cents"] = _cents(given.pop("floor"))
        given["ceiling_cents"] = _cents(given.pop("ceiling"))
        return given


def _cents(euros: int | None) -> int | None:
    return None if euros is None else euros * 100


def _whole(cents: int | None) -> int | None:
    return None if cents is None else cents // 100


class ContactsForm(forms.Form):
    """Up to three people or services; an empty row is none."""

    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_CONTACTS + 1):
            self.fields |= {
                f"name_{number}": django_forms.CharField(
                    label="Nom", required=False, max_length=120
                ),
                f"function_{number}": django_forms.CharField(
                    label="Fonction ou service", required=False, max_length=160
                ),
                f"email_{number}": django_forms.EmailField(
                    label="Adresse électronique",
                    required=False,
                    error_messages={
                        "invalid": "Écrivez une adresse complète, comme nom@exemple.fr."
                    },
                ),
                f"phone_{number}": django_forms.CharField(
                    label="Téléphone", required=False, max_length=20
                ),
            }

    @staticmethod
    def values_of(resource: Resource) -> dict[str, str]:
        return {
            f"{name}_{number}": getattr(row, name)
            for number, row in enumerate(resource.contacts.all(), start=1)
            for name in ("name", "function", "email", "phone")
        }

    def rows(self) -> list[list[django_forms.BoundField]]:
        """The fields of each contact, for the page."""
        names = ("name", "function", "email", "phone")
        numbers = range(1, MOST_CONTACTS + 1)
        return [[self[f"{name}_{number}"] for name in names] for number in numbers]

    def contacts(self) -> list[dict[str, str]]:
        names = ("name", "function", "email", "phone")
        rows = [
            {name: self.cleaned_data[f"{name}_{number}"] for name in names}
            for number in range(1, MOST_CONTACTS + 1)
        ]
        return [row for row in rows if any(row.values())]


class RenewForm(forms.Form):
    expires_on = forms.DateField(label="Elle est toujours juste, jusqu’au")


class ReasonForm(forms.Form):
    reason = django_forms.CharField(
        label="Pourquoi ?",
        max_length=1000,
        widget=django_forms.Textarea(attrs={"rows": 4}),
    )


def a_year_from(day: date) -> date:
    """The end offered first."""
    return day.replace(year=day.year + 1, day=min(day.day, 28))
