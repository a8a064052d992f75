"""Forms of the library and of those who sign for an owner."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.accounts.models import Organization
from preau.agreements.actions.library import ClauseText
from preau.agreements.drafting.facts import Person
from preau.agreements.enums import AuthorityRole, ClauseKind, ClauseTable, Condition
from preau.agreements.models import Clause
from preau.core import forms
from preau.core.french import by_name
from preau.places.models import Place


class NameForm(forms.Form):
    name = fields.CharField(
        label="Nom de votre modèle",
        help_text="Par exemple : Associations, salles municipales",
        max_length=120,
    )


class TitleForm(NameForm):
    title = fields.CharField(label="Titre écrit en tête de la convention", max_length=160)


class PublishForm(forms.Form):
    note = fields.CharField(
        label="Ce qui change dans cette version",
        help_text="Une phrase, pour l’historique : délai d’annulation porté à 15 jours",
        max_length=250,
        required=False,
    )


class ReasonForm(forms.Form):
    reason = fields.CharField(
        label="Motif",
        max_length=250,
        required=False,
        widget=fields.Textarea(attrs={"rows": 3}),
    )


class ClauseForm(forms.Form):
    """The text of a clause. `given` reads it; `of` fills it in from a clause."""

    title = fields.CharField(label="Titre", max_length=120)
    text = fields.CharField(
        label="Texte",
        help_text="Une ligne vide sépare deux paragraphes ; une ligne qui commence par un tiret "
        "et une espace fait une liste.",
        required=False,
        max_length=12000,
        widget=fields.Textarea(attrs={"rows": 14}),
    )
    legal_basis = fields.CharField(
        label="Fondement juridique",
        help_text="Par exemple : CGCT, L. 2144-3",
        max_length=250,
        required=False,
    )
    condition = fields.ChoiceField(
        label="Quand cette clause est-elle écrite ?", choices=Condition.choices, required=False
    )
    table = fields.ChoiceField(
        label="Tableau placé après le texte", choices=ClauseTable.choices, required=False
    )

    @classmethod
    def of(cls, clause: Clause) -> dict[str, str]:
        return {name: getattr(clause, name) for name in cls.base_fields}

    def given(self, kind: str = ClauseKind.ARTICLE) -> ClauseText:
        return ClauseText(**{**self.cleaned_data, "kind": self.cleaned_data.get("kind", kind)})


class NewClauseForm(ClauseForm):
    kind = fields.ChoiceField(label="Article ou annexe ?", choices=ClauseKind.choices)
    field_order = ("kind", "title", "text")


class AuthorityForm(forms.Form):
    """Who signs from now on."""

    role = fields.ChoiceField(label="Cette personne signe en tant que", choices=AuthorityRole)
    place = fields.ModelChoiceField(
        label="Pour quel lieu ?",
        help_text="Un chef d’établissement signe pour un lieu précis.",
        queryset=Place.objects.none(),
        required=False,
        empty_label="Tous les lieux de la structure",
    )
    name = fields.CharField(
        label="Prénom et nom",
        max_length=120,
        widget=fields.TextInput(attrs={"autocomplete": "off"}),
    )
    email = fields.EmailField(
        label="Adresse électronique",
        help_text="Le lien et le code de signature y sont envoyés.",
        widget=fields.EmailInput(attrs={"autocomplete": "off"}),
    )
    capacity = fields.CharField(
        label="Qualité, comme elle sera écrite",
        help_text="Par exemple : maire ; adjointe au maire, par délégation du 3 juin 2026",
        max_length=120,
    )
    is_delegate = fields.BooleanField(label="Cette personne signe par délégation", required=False)
    delegation = fields.FileField(
        label="Acte de délégation", help_text="Un fichier PDF ou une image.", required=False
    )
    valid_until = forms.DateField(label="Jusqu’au", required=False)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["place"]
        chosen.queryset = organization.places.exclude(publication="archive").order_by(
            *by_name("name")
        )

    def person(self) -> Person:
        given = self.cleaned_data
        return Person(
            name=given["name"],
            email=given["email"],
            capacity=given["capacity"],
            valid_until=given["valid_until"],
        )


class OpinionForm(forms.Form):
    """What a school's council or board said."""

    board = fields.ChoiceField(
        label="Qui a donné son avis ?",
        choices=[
            ("Le conseil d’école", "Le conseil d’école"),
            ("Le conseil d’administration", "Le conseil d’administration"),
        ],
    )
    given_on = forms.DateField(label="Avis rendu le")
    is_favorable = fields.TypedChoiceField(
        label="Sens de l’avis",
        choices=[("oui", "Favorable"), ("non", "Défavorable")],
        coerce=lambda value: value == "oui",
    )
    covers_until = forms.DateField(
        label="Pour les occupations jusqu’au",
        help_text="Laissez vide si l’avis vaut jusqu’au suivant.",
        required=False,
    )
    note = fields.CharField(label="Réserves", max_length=250, required=False)
    report = fields.FileField(label="Extrait du procès-verbal", required=False)
