"""What the operator says of a démarche."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.connectors.actions.procedures import Terms
from preau.connectors.models import Procedure
from preau.connectors.procedures.readymade import proposed
from preau.connectors.procedures.schema import every, loaded
from preau.connectors.procedures.sources import SOURCES
from preau.connectors.procedures.states import Family
from preau.core import forms
from preau.projects.models import Programme
from preau.territories.area_field import AreaField


class AddForm(forms.Form):
    path = fields.CharField(
        label="Adresse de la démarche",
        max_length=400,
        help_text="L’adresse publique où on la remplit (elle contient « /commencer/ »), ou sa"
        " dernière partie, ou son numéro.",
    )
    family = fields.ChoiceField(
        label="Correspondances proposées",
        choices=Family.choices,
        help_text="D’après les intitulés des questions ; vous les vérifiez ensuite.",
    )


class TermsForm(forms.Form):
    label = fields.CharField(label="Nom donné aux porteurs", max_length=200)
    funder = fields.CharField(
        label="Financeur",
        max_length=160,
        required=False,
        help_text="Par exemple : préfecture de l’Isère.",
    )
    family = fields.ChoiceField(label="Correspondances proposées", choices=Family.choices)
    area = AreaField(label="Territoire des projets")
    programme = fields.ModelChoiceField(
        label="Seulement pour les projets d’un programme",
        queryset=Programme.objects.filter(active=True),
        required=False,
        empty_label="Tous les projets",
    )
    closes_on = forms.DateField(label="Dernier jour pour déposer", required=False)

    def __init__(self, data: Any, *, procedure: Procedure) -> None:
        names = ("label", "funder", "family", "area", "programme", "closes_on")
        super().__init__(data, initial={name: getattr(procedure, name) for name in names})

    def terms(self) -> Terms:
        values = dict(self.cleaned_data)
        values["area"] = values["area"].key
        values["family"] = Family(values["family"])
        return Terms(**values)


class TokenForm(forms.Form):
    token = fields.CharField(
        label="Jeton de la démarche",
        max_length=400,
        required=False,
        widget=fields.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Créé par l’administrateur de la démarche, en lecture seule. Vide : le jeton"
        " gardé est effacé.",
    )


class MappingForm(forms.Form):
    """One choice a champ that can be filled: what goes there, among what it can take."""

    revision = fields.CharField(widget=fields.HiddenInput)
    mark_optional = False

    def __init__(self, data: Any, *, procedure: Procedure) -> None:
        super().__init__(data, initial={"revision": procedure.revision})
        champs = loaded(procedure.champs)
        self.proposals = proposed(Family(procedure.family), champs)
        #: champ's key → champ's id
        self.champs: dict[str, str] = {}
        for champ, repetition in every(champs):
            fit = [one for one in SOURCES.values() if one.fits(champ, repetition)]
            if not fit:
                continue
            known = procedure.mapping.get(champ.id, {}).get("source", "")
            guess = "" if procedure.mapping else self.proposals.get(champ.id, "")
            self.champs[champ.key] = champ.id
            self.fields[champ.key] = fields.ChoiceField(
                label=f"{repetition.label} : {champ.label}" if repetition else champ.label,
                choices=[("", "Ne pas remplir"), *((one.key, one.label) for one in fit)],
                required=False,
                initial=known or guess,
                help_text=_hint(champ.required, guess),
            )

    def chosen(self) -> dict[str, str]:
        return {
            champ: self.cleaned_data[key]
            for key, champ in self.champs.items()
            if self.cleaned_data[key]
        }


def _hint(required: bool, guess: str) -> str:
    said = ["Obligatoire sur la démarche."] if required else []
    if guess:
        said.append("Proposé d’après l’intitulé : vérifiez.")
    return " ".join(said)
