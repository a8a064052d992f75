"""Where a mirror goes, with which key, what it holds, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.core import forms
from preau.core.errors import Refusal
from preau.mirrors.actions.mirrors import Choice
from preau.mirrors.enums import Leaving
from preau.mirrors.models import Mirror
from preau.mirrors.servers import Address, read_address
from preau.mirrors.sources import SOURCES, Source


class DocumentForm(forms.Form):
    name = fields.CharField(
        label="Nom du miroir",
        max_length=120,
        help_text="Pour vous y retrouver : « Suivi financier 2027 ».",
    )
    address = fields.CharField(
        label="Adresse du document Grist",
        max_length=300,
        widget=fields.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text="Ouvrez le document dans Grist et copiez l’adresse de la page.",
    )
    api_key = fields.CharField(
        label="Clé d’API Grist",
        max_length=200,
        widget=fields.PasswordInput(attrs={"autocomplete": "off"}, render_value=False),
        help_text="Dans Grist : menu de votre compte, « Paramètres du profil », « Clé d’API »."
        " Préau la garde chiffrée et ne la montre plus.",
    )

    def __init__(self, data: Any, *, mirror: Mirror | None = None) -> None:
        initial = {}
        if mirror is not None:
            initial = {"name": mirror.name, "address": f"{mirror.server}/doc/{mirror.document}"}
        super().__init__(data, initial=initial)
        self.place: Address | None = None
        if mirror is not None:
            self.fields["api_key"].required = False
            self.fields["api_key"].label = "Nouvelle clé d’API Grist"

    def clean_address(self) -> str:
        text: str = self.cleaned_data["address"]
        try:
            self.place = read_address(text)
        except Refusal as refusal:
            raise fields.ValidationError(refusal.sentence) from None
        return text

    def clean_api_key(self) -> str:
        key: str = self.cleaned_data["api_key"].strip()
        if not key.isascii() or any(letter.isspace() for letter in key):
            raise fields.ValidationError(
                "Une clé est faite de lettres et de chiffres, sans espace : copiez-la de nouveau."
            )
        return key


class ColumnsForm(forms.Form):
    """For each source: whether it is mirrored, its columns, its opened groups."""

    mark_optional = False

    def __init__(self, data: Any, *, mirror: Mirror) -> None:
        super().__init__(data)
        chosen = {one.source: one for one in mirror.tables.all()}
        for key, source in SOURCES.items():
            table = chosen.get(key)
            self.fields[key] = fields.BooleanField(
                label=f"Envoyer les {source.label.lower()}",
                required=False,
                initial=table is not None or (not chosen and key == "projets"),
            )
            usual = [one.id for one in source.fields if one.usual]
            self.fields[f"{key}_colonnes"] = fields.MultipleChoiceField(
                label="Colonnes",
                required=False,
                choices=[(one.id, _label(one)) for one in source.fields],
                widget=fields.CheckboxSelectMultiple,
                initial=table.columns if table else usual,
            )
            if source.groups:
                self.fields[f"{key}_ouvertes"] = fields.MultipleChoiceField(
                    label="Colonnes que l’on peut modifier dans Grist",
                    required=False,
                    choices=[(one.key, _group_label(one)) for one in source.groups],
                    widget=fields.CheckboxSelectMultiple,
                    initial=table.opened if table else [],
                    help_text="Ce qui y est changé est repris dans Préau en votre nom, si vous en"
                    " avez le droit. Les autres colonnes sont rétablies.",
                )

    @property
    def parts(self) -> list[tuple[Source, Any, Any, Any]]:
        """(source, its box, its columns, its groups) as bound fields."""
        return [
            (
                source,
                self[key],
                self[f"{key}_colonnes"],
                self[f"{key}_ouvertes"] if source.groups else None,
            )
            for key, source in SOURCES.items()
        ]

    def choices(self) -> dict[str, Choice]:
        data = self.cleaned_data
        return {
            key: Choice(data[f"{key}_colonnes"], data.get(f"{key}_ouvertes") or [])
            for key in SOURCES
            if data[key]
        }


def _label(one: Any) -> str:
    return f"{one.label} (donnée personnelle)" if one.is_personal else one.label


def _group_label(one: Any) -> str:
    return f"{one.label}. {one.hint}" if one.hint else one.label


class StartForm(forms.Form):
    leaving = fields.ChoiceField(
        label="Quand quelque chose sort de ce que votre structure peut lire",
        choices=Leaving.choices,
        initial=Leaving.REMOVE,
        widget=fields.RadioSelect,
        help_text="Un projet passé à un autre département, par exemple. Vidée, la ligne garde"
        " les colonnes que vous avez ajoutées dans Grist.",
    )


class CloseForm(forms.Form):
    removes = fields.ChoiceField(
        label="Que deviennent les lignes déjà envoyées ?",
        choices=[
            ("oui", "Les retirer de Grist"),
            ("non", "Les y laisser, telles qu’elles sont aujourd’hui"),
        ],
        widget=fields.RadioSelect,
        help_text="Laissées, elles ne seront plus tenues à jour : c’est à vous de les supprimer"
        " quand elles ne servent plus.",
    )
