"""Forms on a space: each one is a short page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms as django_forms

from preau.core import formats, forms
from preau.places.actions import Combination, Part
from preau.places.actions.units import MOST_PARTS, MOST_STATIONS
from preau.places.enums import STEPS, ApprovalMode, Equipment, Layout, UserCategory
from preau.places.forms.place import text_area
from preau.places.models import Space
from preau.places.rules import HORIZONS, minutes

HOUR, DAY = 60, 1440


class EssentialsForm(forms.ModelForm):
    """What the space is and how many people it holds."""

    capacity = django_forms.IntegerField(
        label="Nombre de personnes",
        min_value=1,
        max_value=100_000,
        help_text="Dans la disposition qui en accueille le plus.",
    )

    class Meta:
        model = Space
        fields = [
            "name",
            "kind",
            "capacity",
            "surface",
            "description",
            "is_accessible",
            "house_rules",
        ]
        labels = {
            "name": "Nom de l’espace",
            "kind": "Nature de l’espace",
            "house_rules": "Règles propres à cet espace",
        }
        help_texts = {
            "name": "Par exemple : Salle Olympe-de-Gouges.",
            "description": "Deux ou trois phrases : à quoi il sert, ce qui le distingue.",
            "is_accessible": "Depuis l’entrée du lieu jusqu’à l’espace.",
            "house_rules": "Elles s’ajoutent à celles du lieu.",
        }
        widgets = {"description": text_area(4), "house_rules": text_area(4)}


class SpaceForm(EssentialsForm):
    """A new space: the same, and whether it is one room or several identical stations."""

    pool_size = django_forms.IntegerField(
        label="Nombre de postes identiques",
        required=False,
        min_value=2,
        max_value=MOST_STATIONS,
        help_text="Seulement si l’on réserve un poste parmi d’autres : bureaux, machines à coudre. "
        "Laissez vide pour une salle. Une salle se divise en parties une fois créée.",
    )
    field_order = ["name", "kind", "capacity", "pool_size"]

    class Meta(EssentialsForm.Meta):
        fields = ["name", "kind", "capacity", "surface", "description", "is_accessible"]


class EquipmentForm(forms.Form):
    """How many of each thing, and how many people by arrangement."""

    use_required_attribute = False

    def __init__(self, *args: Any, space: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quantities = dict(space.equipment.values_list("kind", "quantity"))
        people = dict(space.layouts.values_list("layout", "capacity"))
        for kind in Equipment:
            field = _count(kind.label, quantities.get(kind.value))
            self.fields[f"equipment_{kind.value}"] = field
        for layout in Layout:
            field = _count(layout.label, people.get(layout.value))
            self.fields[f"layout_{layout.value}"] = field

    @property
    def equipment_fields(self) -> list[django_forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("equipment_")]

    @property
    def layout_fields(self) -> list[django_forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("layout_")]

    @property
    def quantities(self) -> dict[int, int]:
        return {kind.value: self.cleaned_data[f"equipment_{kind.value}"] for kind in Equipment}

    @property
    def people(self) -> dict[str, int]:
        return {one.value: self.cleaned_data[f"layout_{one.value}"] for one in Layout}


class CountField(django_forms.IntegerField):
    """How many of something: nothing typed is none, which the page says once for all."""

    def clean(self, value: Any) -> Any:
        return 0 if value in self.empty_values else super().clean(value)


def _count(label: str, initial: int | None) -> CountField:
    return CountField(label=label, min_value=0, max_value=10_000, initial=initial)


class MinutesField(django_forms.TypedChoiceField):
    """A length of time among usual ones, in words; what the space has now is always among them."""

    def __init__(self, usual: Iterable[int], *, none: str = "Aucun", **kwargs: Any) -> None:
        self.usual = sorted(usual)
        self.none = none
        super().__init__(coerce=int, choices=self.in_words(self.usual), **kwargs)

    def in_words(self, values: Iterable[int]) -> list[tuple[int, str]]:
        return [(value, minutes(value) if value else self.none) for value in values]

    def include(self, value: int) -> None:
        self.choices = self.in_words(sorted({*self.usual, value}))


class RulesForm(forms.Form):
    """When and by whom it may be booked, and who says yes."""

    categories = django_forms.MultipleChoiceField(
        label="Qui peut réserver",
        choices=UserCategory.choices,
        widget=django_forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une catégorie."},
    )
    approval = django_forms.ChoiceField(
        label="Qui accepte la demande",
        choices=[
            (ApprovalMode.IMMEDIATE, "Personne : la réservation est confirmée aussitôt"),
            (
                ApprovalMode.MANAGER,
                "Un gestionnaire : le créneau est gardé en attendant sa réponse",
            ),
        ],
        widget=django_forms.RadioSelect,
    )
    response_hours = django_forms.TypedChoiceField(
        label="Délai pour répondre",
        coerce=int,
        choices=[
            (24, "1 jour"),
            (48, "2 jours"),
            (72, "3 jours"),
            (120, "5 jours"),
            (168, "7 jours"),
            (240, "10 jours"),
            (336, "14 jours"),
        ],
        help_text="Sans réponse dans ce délai, le créneau est de nouveau libre.",
    )
    min_minutes = MinutesField(
        (15, 30, 60, 90, 120, 180, 240, 480), label="Durée minimale d’une réservation"
    )
    max_minutes = MinutesField(
        (60, 120, 180, 240, 360, 480, 720, 1440, 2880, 4320, 10080), label="Durée maximale"
    )
    step_minutes = MinutesField(
        STEPS, label="Début possible toutes les", help_text="30 min : à 18 h, 18 h 30, 19 h…"
    )
    buffer_before = MinutesField((0, 15, 30, 45, 60, 90, 120), label="Préparation avant")
    buffer_after = MinutesField((0, 15, 30, 45, 60, 90, 120), label="Remise en état après")
    lead_minutes = MinutesField(
        (0, HOUR, 4 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 7 * DAY, 14 * DAY, 30 * DAY),
        label="Réserver au plus tard",
        none="Jusqu’au dernier moment",
        help_text="Avant le début du créneau.",
    )
    horizon_days = django_forms.TypedChoiceField(
        label="Réserver au plus tôt",
        coerce=int,
        choices=[(days, f"{words} à l’avance") for days, words in HORIZONS.items()],
    )
    price = django_forms.ChoiceField(
        label="Prix annoncé",
        choices=[("free", "Gratuit"), ("from", "À partir d’un prix"), ("ask", "Sur demande")],
        widget=django_forms.RadioSelect,
    )
    price_euros = django_forms.DecimalField(
        label="À partir de, en euros",
        required=False,
        localize=True,
        min_value=0,
        max_value=100_000,
        decimal_places=2,
        help_text="Par exemple 25 ou 12,50.",
    )
    and_parts = django_forms.BooleanField(
        label="Donner ces règles à toutes les parties de l’espace", required=False, initial=True
    )

    def __init__(self, *args: Any, space: Space, **kwargs: Any) -> None:
        kwargs["initial"] = self.values_of(space) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        if not space.parts.exists():
            del self.fields["and_parts"]
        for name, field in self.fields.items():
            if isinstance(field, MinutesField):
                field.include(getattr(space, name))
        _include(self.fields["response_hours"], space.response_hours, "heure")
        _include(self.fields["horizon_days"], space.horizon_days, "jour")

    @staticmethod
    def values_of(space: Space) -> dict[str, Any]:
        cents = space.price_from_cents
        values = {
            name: getattr(space, name) for name in RulesForm.base_fields if hasattr(space, name)
        }
        values["price"] = "ask" if cents is None else "from" if cents else "free"
        values["price_euros"] = cents / 100 if cents else None
        return values

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("price") == "from" and not data.get("price_euros"):
            self.add_error(
                "price_euros", "Indiquez le prix le plus bas, ou choisissez « Gratuit »."
            )
        if data.get("max_minutes", 0) < data.get("min_minutes", 0):
            self.add_error("max_minutes", "La durée maximale est au moins égale à la minimale.")
        return data

    @property
    def rules(self) -> dict[str, Any]:
        """What `edit_space` takes."""
        data = dict(self.cleaned_data)
        euros, price = data.pop("price_euros"), data.pop("price")
        data["price_from_cents"] = {"free": 0, "ask": None}.get(price, int((euros or 0) * 100))
        return data


def _include(field: django_forms.Field, value: int, unit: str) -> None:
    """Keep a present value that is not among the usual ones."""
    assert isinstance(field, django_forms.ChoiceField)
    choices: list[Any] = list(field.choices)  # type: ignore[arg-type]
    if value not in {one for one, _ in choices}:
        field.choices = [*choices, (value, formats.count(value, unit))]


class DivideForm(forms.Form):
    """The parts of a hall, one a line."""

    parts = django_forms.CharField(
        label="Parties, une par ligne",
        widget=text_area(6),
        help_text="Le nom, puis le nombre de personnes. Par exemple : Tiers nord, 100.",
    )

    def clean_parts(self) -> list[Part]:
        lines = [line.strip() for line in self.cleaned_data["parts"].splitlines() if line.strip()]
        if not 2 <= len(lines) <= MOST_PARTS:
            raise django_forms.ValidationError(f"Écrivez de 2 à {MOST_PARTS} lignes.")
        return [self._part(line) for line in lines]

    @staticmethod
    def _part(line: str) -> Part:
        found = re.fullmatch(r"(.{1,80}?)[\s,;:]+(\d{1,5})", line)
        if not found or int(found[2]) < 1:
            raise django_forms.ValidationError(
                f"La ligne « {line[:60]} » ne finit pas par un nombre de personnes."
            )
        return Part(name=found[1].strip(), capacity=int(found[2]))


class CombinationForm(forms.Form):
    """Parts that may be booked together."""

    units = django_forms.TypedMultipleChoiceField(
        label="Parties réunies",
        coerce=int,
        widget=django_forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins deux parties."},
    )
    name = django_forms.CharField(
        label="Nom de la combinaison",
        max_length=120,
        help_text="Par exemple : Deux tiers nord.",
        widget=django_forms.TextInput(attrs={"autocomplete": "off"}),
    )
    capacity = django_forms.IntegerField(
        label="Nombre de personnes", min_value=1, max_value=100_000
    )

    def __init__(self, *args: Any, hall: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(unit.position, unit.name) for unit in hall.own_units.all()]
        self.fields["units"].choices = choices  # type: ignore[attr-defined]

    @property
    def combination(self) -> Combination:
        data = self.cleaned_data
        return Combination(data["name"], data["capacity"], tuple(data["units"]))


class ResizeForm(forms.Form):
    """How many identical stations there are."""

    size = django_forms.IntegerField(label="Nombre de postes", min_value=1, max_value=MOST_STATIONS)
