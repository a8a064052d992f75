"""Sending a file of places."""

from __future__ import annotations

from django import forms as fields

from preau.core import forms


class PlacesFileForm(forms.Form):
    file = fields.FileField(
        label="Fichier CSV",
        help_text="Enregistré depuis votre tableur, sur le modèle ci-dessus. 2 000 lignes au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=fields.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    publish = fields.TypedChoiceField(
        label="Une fois importés, les lieux sont",
        choices=[
            ("non", "des brouillons : je les publierai moi-même"),
            ("oui", "publiés aussitôt"),
        ],
        initial="non",
        widget=fields.RadioSelect,
        coerce=lambda value: value == "oui",
    )
