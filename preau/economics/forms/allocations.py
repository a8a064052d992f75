"""An allocation: its place and period, its charges, its providers, its proposal."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.accounts import queries as accounts
from preau.core import forms
from preau.economics.actions.allocations import Wanted, WantedProvider
from preau.economics.enums import CostPart, Origin, RuleChoice
from preau.economics.forms.amounts import cents_of, euros, quantity
from preau.economics.half_days import WEEK
from preau.economics.models import ProviderLine
from preau.places.models import Place

OTHER_PLACE = "autre"


class AllocationForm(forms.Form):
    place = fields.ChoiceField(label="Lieu")
    place_name = fields.CharField(
        label="Nom du lieu, s’il n’est pas dans la liste", max_length=160, required=False
    )
    first_day = forms.DateField(label="Période, du")
    last_day = forms.DateField(label="au (inclus)")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): one for one in places}
        field: Any = self.fields["place"]
        field.choices = [
            *((pk, f"{one.name}, {one.commune.name}") for pk, one in self.places.items()),
            (OTHER_PLACE, "Un autre lieu"),
        ]

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(
            place=self.places.get(data["place"]),
            place_name=data["place_name"],
            first_day=data["first_day"],
            last_day=data["last_day"],
        )


class CostForm(forms.Form):
    part = fields.ChoiceField(
        label="Comment cette charge se compte", choices=CostPart.choices, widget=fields.RadioSelect
    )
    label = fields.CharField(
        label="Intitulé", max_length=120, help_text="Loyer, énergie, agent d’accueil…"
    )
    amount = euros("Montant en euros", help_text="Tout compris, pour ce qui est coché plus haut.")
    square_metres = fields.IntegerField(
        label="Surface de la salle en m²",
        min_value=1,
        max_value=100_000,
        required=False,
        help_text="Pour une salle seulement.",
    )

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "part": data["part"],
            "label": data["label"],
            "cents": cents_of(data["amount"]),
            "square_metres": data["square_metres"],
        }


class ProviderForm(forms.Form):
    name = fields.CharField(label="Occupant", max_length=160)
    number = fields.CharField(
        label="SIREN ou SIRET",
        max_length=20,
        required=False,
        help_text="S’il a un compte : il lira sa part et pourra répondre.",
    )
    hours = quantity("Heures sur toute la période", min_value=0, max_value=20_000)
    square_metres = fields.IntegerField(
        label="Plus grande salle utilisée, en m²", min_value=1, max_value=100_000
    )
    weekly = fields.MultipleChoiceField(
        label="Demi-journées d’une semaine habituelle",
        choices=WEEK,
        required=False,
        widget=fields.CheckboxSelectMultiple,
    )
    correction = fields.CharField(
        label="Pourquoi ces chiffres diffèrent du planning", max_length=300, required=False
    )

    def __init__(self, *args: Any, line: ProviderLine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        if line is None or line.origin != Origin.OCCUPANCIES:
            del self.fields["correction"]
        if line is not None:
            self.fields["weekly"].help_text = (
                f"{len(line.half_days)} demi-journées sont comptées. Cochez seulement pour les"
                " remplacer, sur toute la période."
            )
            if line.organization_id:
                del self.fields["number"]

    @staticmethod
    def values_of(line: ProviderLine) -> dict[str, Any]:
        return {
            "name": line.name,
            "hours": line.minutes / 60 if line.minutes % 60 else line.minutes // 60,
            "square_metres": line.square_metres,
            "correction": line.correction,
        }

    def clean_number(self) -> Any:
        typed = self.cleaned_data["number"]
        if not typed:
            return None
        found = accounts.find_by_number(typed)
        if len(found) != 1:
            raise fields.ValidationError(
                "Aucune structure vérifiée n’a ce numéro ici. Laissez vide pour continuer sans."
            )
        return found[0]

    def wanted(self) -> WantedProvider:
        data = self.cleaned_data
        weekly = tuple(data["weekly"])
        return WantedProvider(
            name=data["name"],
            minutes=int(data["hours"] * 60),
            square_metres=data["square_metres"],
            weekly=None if self.line is not None and not weekly else weekly,
            correction=data.get("correction", ""),
            organization=data.get("number"),
        )


class ProposeForm(forms.Form):
    rule = fields.ChoiceField(label="Règle", choices=RuleChoice.choices, widget=fields.RadioSelect)
    answer_by = forms.DateField(label="Réponse attendue avant le")


class AnswerForm(forms.Form):
    agrees = fields.ChoiceField(
        label="Cette part convient-elle à votre structure ?",
        choices=[("oui", "Oui, nous sommes d’accord"), ("non", "Non, nous faisons une objection")],
        widget=fields.RadioSelect,
    )
    reason = fields.CharField(
        label="Ce qui ne convient pas, ou un mot",
        max_length=1000,
        required=False,
        help_text="Nécessaire pour une objection. La structure qui propose le lira.",
        widget=fields.Textarea(attrs={"rows": 4}),
    )
