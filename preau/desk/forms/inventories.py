"""What is typed on the spot: the state of each element, a picture, a signature."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.core import forms
from preau.desk.enums import ItemState, Signer
from preau.desk.models import Inventory

_REQUIRED = {"required": "Écrivez vos prénom et nom."}


class InventoryForm(forms.Form):
    """One choice and a few words for each element, then remarks."""

    mark_optional = False

    def __init__(self, *args: Any, inventory: Inventory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inventory = inventory
        for number, item in enumerate(inventory.items):
            self.fields[f"etat{number}"] = fields.ChoiceField(
                label="État", choices=ItemState.choices, initial=item["state"]
            )
            self.fields[f"note{number}"] = fields.CharField(
                label="Précision", max_length=200, required=False, initial=item["remark"]
            )
        self.fields["remarks"] = fields.CharField(
            label="Remarques",
            max_length=2000,
            required=False,
            initial=inventory.remarks,
            widget=fields.Textarea(attrs={"rows": 3}),
        )

    def rows(self) -> list[tuple[str, Any, Any]]:
        """Label, choice and words of each element, in order."""
        return [
            (_named(item), self[f"etat{number}"], self[f"note{number}"])
            for number, item in enumerate(self.inventory.items)
        ]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for number in range(len(self.inventory.items)):
            bad = data.get(f"etat{number}") in {ItemState.DAMAGED, ItemState.MISSING}
            if bad and not data.get(f"note{number}"):
                self.add_error(f"note{number}", "Dites en quelques mots ce qui ne va pas.")
        return data

    def items(self) -> list[dict[str, Any]]:
        data = self.cleaned_data
        return [
            item | {"state": data[f"etat{number}"], "remark": data[f"note{number}"]}
            for number, item in enumerate(self.inventory.items)
        ]


def _named(item: dict[str, Any]) -> str:
    return f"{item['label']} ({item['quantity']})" if item["quantity"] else item["label"]


class PhotoForm(forms.Form):
    """A picture, and what it shows."""

    file = fields.FileField(
        label="Photo",
        help_text="JPEG, PNG ou WebP, 10 Mo au plus.",
        widget=fields.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    caption = fields.CharField(label="Ce qu’elle montre", max_length=200)


class SignatureForm(forms.Form):
    """A name, a consent, and the fingerprint of what was read."""

    name = fields.CharField(label="Prénom et nom", max_length=120, error_messages=_REQUIRED)
    agrees = fields.BooleanField(
        label="J’ai lu cet état des lieux et je reconnais qu’il est exact."
    )
    seen = fields.CharField(widget=fields.HiddenInput, max_length=64)
    side = fields.ChoiceField(widget=fields.HiddenInput, choices=Signer.choices)

    def __init__(self, *args: Any, side: Signer, seen: str, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", side.value)
        super().__init__(*args, **kwargs)
        self.initial.update({"seen": seen, "side": side.value})
