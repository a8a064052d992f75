"""Which spaces, and what changes: a field counts only when its box is ticked."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from django import forms as fields
from django.db import models

from preau.accounts.actors import Actor
from preau.availability.models import OpeningCalendar
from preau.booking.models import BookingRules
from preau.core import forms
from preau.core.french import by_name
from preau.desk.bulk.plan import FOLLOWED, LABELS
from preau.desk.bulk.reading import owners_of, places_of
from preau.places.enums import SpaceKind
from preau.places.forms.space import RulesForm
from preau.places.models import Place, Space
from preau.pricing.models import Tariff

OWN = [name for name in LABELS if name not in FOLLOWED]


class FilterForm(forms.Form):
    mark_optional = False

    lieu = fields.ChoiceField(label="Lieu", required=False)
    nature = fields.ChoiceField(
        label="Nature des espaces",
        required=False,
        choices=[("", "Toutes"), *SpaceKind.choices],
    )

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        choices = [("", "Tous mes lieux"), *((str(one.pk), one.name) for one in places)]
        self.fields["lieu"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> tuple[list[Place], str]:
        """The places and the kind asked for; what is unknown asks for nothing."""
        self.is_valid()
        place = self.cleaned_data.get("lieu", "")
        found = [one for one in self.places if not place or str(one.pk) == place]
        return found, self.cleaned_data.get("nature", "")


class BulkForm(forms.Form):
    """Spaces to change, and the values, each with its box."""

    mark_optional = False
    use_required_attribute = False

    spaces = fields.ModelMultipleChoiceField(
        Space.objects.none(),
        label="Espaces à modifier",
        widget=fields.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un espace."},
    )

    def __init__(self, *args: Any, offered: Sequence[Space], actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = list({one.place_id: one.place for one in offered}.values())
        # Whatever is hidden in the page sent back, only what the person may edit is read.
        mine = places_of(actor) if self.is_bound else self.places
        chosen: Any = self.fields["spaces"]
        everything = Space.objects.filter(place__in=mine).exclude(publication="archive")
        chosen.queryset = everything.select_related("place__owner", "place__commune")
        chosen.choices = [(one.pk, f"{one.place.name} – {one.name}") for one in offered]
        for name in OWN:
            field = copy.deepcopy(RulesForm.base_fields[name])
            field.required = False
            self._add(name, field)
        self._add("rules", _one_of(_rules(mine, actor)))
        self._add("tariff", _one_of(_tariffs(mine, actor)))
        self._add("calendar", _one_of(_calendars(mine, actor), place=True))

    def _add(self, name: str, field: fields.Field) -> None:
        label = LABELS[name]
        self.fields[f"tick_{name}"] = fields.BooleanField(
            label=f"Changer : {label[0].lower()}{label[1:]}", required=False
        )
        field.label = label
        self.fields[name] = field

    def pairs(self) -> list[tuple[Any, Any]]:
        """(box, field) of each thing that can change here."""
        return [(self[f"tick_{name}"], self[name]) for name in LABELS]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        ticked = [name for name in LABELS if data.get(f"tick_{name}")]
        if not ticked and "spaces" in data:
            self.add_error(None, "Cochez au moins une chose à changer.")
        for name in LABELS:
            if name not in ticked:
                self.errors.pop(name, None)  # what is not asked for cannot be wrong
            elif name not in self.errors and data.get(name) in (None, "", []):
                self.add_error(name, "Choisissez la nouvelle valeur, ou décochez la case.")
        return data

    @property
    def values(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name]
            for name in LABELS
            if self.cleaned_data.get(f"tick_{name}")
        }

    def sent(self) -> list[tuple[str, str]]:
        """Everything that was sent, for the page that asks to confirm it."""
        names = {"spaces", *LABELS, *(f"tick_{name}" for name in LABELS)}
        data: Any = self.data
        return [(name, one) for name in sorted(names) for one in data.getlist(name)]


def _one_of(rows: models.QuerySet[Any], *, place: bool = False) -> fields.ModelChoiceField:  # type: ignore[type-arg]
    field = fields.ModelChoiceField(rows, required=False, empty_label="Choisissez")
    if place:
        field.label_from_instance = lambda one: f"{one.place.name} – {one.name}"  # type: ignore[method-assign,assignment]
    return field


def _rules(places: Sequence[Place], actor: Actor) -> models.QuerySet[BookingRules]:
    owners = owners_of(places, actor, "booking.rules")
    return BookingRules.objects.filter(organization__in=owners, is_archived=False).order_by(
        *by_name("name")
    )


def _tariffs(places: Sequence[Place], actor: Actor) -> models.QuerySet[Tariff]:
    owners = owners_of(places, actor, "tariff.edit")
    return Tariff.objects.filter(organization__in=owners, is_archived=False)


def _calendars(places: Sequence[Place], actor: Actor) -> models.QuerySet[OpeningCalendar]:
    found = OpeningCalendar.objects.filter(place__in=places).select_related("place")
    return found.order_by(*by_name("place__name", "name"))
