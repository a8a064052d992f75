"""A field where a territory of any size is typed, or chosen among those suggested."""

from __future__ import annotations

from typing import Any

from django import forms

from preau.core.errors import Refusal
from preau.territories.areas import Area, area, meant_area


class AreaField(forms.CharField):
    """Cleaned to an `Area`; its initial value is an area's key, or an `Area`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Territoire")
        kwargs.setdefault(
            "help_text",
            "Commune, intercommunalité, CRTE, département, région, ou « France entière ».",
        )
        kwargs.setdefault("max_length", 160)
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"data-suggest": "find:areas", "autocomplete": "off"}),
        )
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Area):
            return value.label
        if isinstance(value, str) and ":" in value:
            try:
                return area(value).label
            except Refusal:
                return value
        return value

    def clean(self, value: Any) -> Area | None:
        typed = super().clean(value)
        if not typed:
            return None
        found, others = meant_area(typed)
        if found is not None:
            return found
        if others:
            names = " ; ".join(one.label for one in others[:6])
            raise forms.ValidationError(
                f"Plusieurs territoires portent ce nom : {names}. Précisez."
            )
        raise forms.ValidationError(
            "Ce territoire n’est pas connu. Écrivez le nom d’une commune, d’une intercommunalité,"
            " d’un département ou d’une région."
        )
