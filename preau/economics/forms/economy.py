"""A model, a hypothesis, a computation."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.core import forms
from preau.economics.enums import CostKind, RevenueKind
from preau.economics.figuring import MONTHLY, Kept, Sort
from preau.economics.forms.amounts import amount_of, cents_of, euros, quantity
from preau.economics.model.hypotheses import MONTHS


class ModelForm(forms.Form):
    name = fields.CharField(
        label="Nom", max_length=120, help_text="« Atelier partagé, hypothèse prudente »"
    )
    start = euros("Trésorerie de départ, en euros", required=False)

    def given(self) -> dict[str, Any]:
        return {
            "name": self.cleaned_data["name"],
            "start_cents": cents_of(self.cleaned_data["start"]),
        }


class LineForm(forms.Form):
    """One hypothesis; which fields there are depends on its sort."""

    kind = fields.ChoiceField(label="Nature")
    label = fields.CharField(label="Intitulé", max_length=120)
    low = euros("Montant, au plus bas")
    likely = euros("Montant le plus probable")
    high = euros("Montant, au plus haut")
    volume_low = quantity("Quantité par mois, au plus bas", required=False)
    volume_likely = quantity("Quantité la plus probable", required=False)
    volume_high = quantity("Quantité, au plus haut", required=False)
    start = fields.IntegerField(label="Premier mois", min_value=1, max_value=MONTHS, initial=1)
    ramp = fields.IntegerField(
        label="Montée en charge, en mois",
        min_value=1,
        max_value=MONTHS,
        initial=1,
        help_text="1 : entière tout de suite.",
    )

    def __init__(self, *args: Any, sort: Sort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sort = sort
        if sort not in MONTHLY:
            for name in ("kind", "volume_low", "volume_likely", "volume_high", "ramp"):
                del self.fields[name]
            self.fields["start"].label = "Quel mois"
            return
        kinds = RevenueKind.choices if sort == Sort.REVENUE else CostKind.choices
        field: Any = self.fields["kind"]
        field.choices = [("", "Choisissez"), *kinds]

    @staticmethod
    def values_of(line: Kept) -> dict[str, Any]:
        values = {name: line[name] for name in ("kind", "label", "start", "ramp")}
        values |= dict(zip(("low", "likely", "high"), map(amount_of, line["cents"]), strict=True))
        names = ("volume_low", "volume_likely", "volume_high")
        return values | dict(zip(names, line.get("volume") or (None,) * 3, strict=True))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        volumes = [data.get(f"volume_{one}") for one in ("low", "likely", "high")]
        if any(one is not None for one in volumes) and None in volumes:
            self.add_error("volume_likely", "Remplissez les trois quantités, ou aucune.")
        return data

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        volumes = [data.get(f"volume_{one}") for one in ("low", "likely", "high")]
        return {
            "sort": self.sort.value,
            "kind": data.get("kind", ""),
            "label": data["label"],
            "cents": [cents_of(data[one]) for one in ("low", "likely", "high")],
            "volume": None
            if None in volumes
            else [float(one) for one in volumes if one is not None],
            "start": data["start"],
            "ramp": data.get("ramp", 1),
        }


class ComputeForm(forms.Form):
    note = fields.CharField(
        label="Ce qui change dans cette version", max_length=200, required=False
    )
    seed = fields.IntegerField(
        label="Graine du tirage",
        min_value=1,
        max_value=999_999,
        initial=1,
        help_text="La même graine et les mêmes hypothèses redonnent les mêmes chiffres.",
    )
