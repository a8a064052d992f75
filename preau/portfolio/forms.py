"""The filters as a form and as an address. What the address says wrongly is left out, and told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms
from django.http import QueryDict
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.core import forms
from preau.portfolio.choices import Choices
from preau.portfolio.filters import Filters
from preau.projects.enums import Priority, ProjectState
from preau.resources.enums import Phase, Theme
from preau.territories.models import Commune
from preau.territories.queries import resolve

LONGEST_VALUE, MOST_VALUES = 120, 20
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
#: Drafts are their holder's own: found under « Mes projets », and here when asked for.
STATES = [(one.value, one.label) for one in ProjectState]
ANY = [("", "Peu importe")]


def readable(query: QueryDict, names: Iterable[str]) -> QueryDict:
    """The address's values without what no keyboard types, and none that is endless."""
    clean = QueryDict(mutable=True)
    for name in names:
        values = [_CONTROLS.sub(" ", one[:LONGEST_VALUE]) for one in query.getlist(name)]
        if kept := [one.strip() for one in values[:MOST_VALUES] if one.strip()]:
            clean.setlist(name, kept)
    return clean


class FilterForm(forms.Form):
    mark_optional = False
    texte = django_forms.CharField(
        label="Nom, mots, référence ou SIRET", required=False, max_length=LONGEST_VALUE
    )
    etat = django_forms.MultipleChoiceField(
        label="État",
        required=False,
        choices=STATES,
        widget=django_forms.CheckboxSelectMultiple,
    )
    phase = django_forms.ChoiceField(
        label="Phase", required=False, choices=ANY + list(Phase.choices)
    )
    theme = django_forms.ChoiceField(
        label="Thème", required=False, choices=ANY + list(Theme.choices)
    )
    programme = django_forms.ChoiceField(label="Programme", required=False)
    commune = django_forms.CharField(
        label="Commune",
        required=False,
        max_length=100,
        widget=django_forms.TextInput(
            attrs={"autocomplete": "off", "data-suggest": "find:communes"}
        ),
    )
    departement = django_forms.ChoiceField(label="Département", required=False)
    region = django_forms.ChoiceField(label="Région", required=False)
    crte = django_forms.ChoiceField(label="CRTE", required=False)
    epci = django_forms.ChoiceField(label="Intercommunalité", required=False)
    charge = django_forms.ChoiceField(label="En charge", required=False)
    priorite = django_forms.ChoiceField(
        label="Priorité",
        required=False,
        choices=ANY + [(one.value, one.label) for one in Priority if one.value],
    )
    bloque = django_forms.BooleanField(label="Bloqués", required=False)
    retard = django_forms.BooleanField(label="En retard", required=False)
    dormant = django_forms.BooleanField(label="Sans activité depuis deux mois", required=False)

    def __init__(self, query: QueryDict, actor: Actor) -> None:
        super().__init__(readable(query, self.base_fields))
        self.choices = Choices(actor)
        for name in ("programme", "departement", "region", "crte", "epci", "charge"):
            field = self.fields[name]
            assert isinstance(field, django_forms.ChoiceField)
            field.choices = ANY + self.choices.of(name, self.data.get(name, ""))
            if len(field.choices) <= 2 and name in {"departement", "region"}:  # nothing to choose
                del self.fields[name]
        if not self.choices.is_state:
            del self.fields["priorite"]
        self.found_commune: Commune | None = None

    def clean_commune(self) -> str:
        text: str = self.cleaned_data["commune"]
        if text:
            self.found_commune = resolve(text)
            if self.found_commune is None:
                raise django_forms.ValidationError(
                    "Aucune commune ne porte ce nom : vérifiez son orthographe ou son code postal."
                )
        return text

    def filters(self) -> Filters:
        """What was understood; a field with an error filters nothing."""
        self.is_valid()
        data: dict[str, Any] = self.cleaned_data
        programme, person = data.get("programme", ""), data.get("charge", "")
        return Filters(
            words=data.get("texte", ""),
            states=tuple(data.get("etat", ())),
            phase=data.get("phase", ""),
            theme=data.get("theme", ""),
            programme=int(programme) if programme else None,
            crte=self.choices.crte(data.get("crte", "")),
            epci=self.choices.epci(data.get("epci", "")),
            commune=self.found_commune,
            departement=self.choices.departement(data.get("departement", "")),
            region=data.get("region", ""),
            person=self.choices.person(person),
            priority=data.get("priorite", ""),
            blocked=data.get("bloque", False),
            dormant=data.get("dormant", False),
            late=data.get("retard", False),
        )

    # --- The address

    def params(self) -> dict[str, list[str]]:
        """What the address must say, in a fixed order."""
        data = self.data
        assert isinstance(data, QueryDict)
        return {name: data.getlist(name) for name in self.fields if data.get(name)}

    def query(self, **more: str) -> str:
        """`?etat=depose&…`, or ""."""
        return written(self.params(), **more)

    def address(self, view: str, params: dict[str, list[str]], **more: str) -> str:
        """Another view of the portfolio, with these filters."""
        return reverse(f"portfolio:{view}") + written(params, **more)

    def tags(self) -> list[Tag]:
        """One for each thing asked, with the address without it."""
        params, found = self.params(), []
        for name, values in params.items():
            for value in values:
                left = [one for one in values if one != value]
                others = {key: one for key, one in params.items() if key != name}
                href = written(others | ({name: left} if left else {})) or "?"
                found.append(Tag(self._words(name, value), href))
        return found

    def _words(self, name: str, value: str) -> str:
        field = self.fields[name]
        if isinstance(field, django_forms.BooleanField):
            return str(field.label)
        if isinstance(field, django_forms.ChoiceField | django_forms.MultipleChoiceField):
            value = str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        if name == "commune" and self.found_commune is not None:
            value = str(self.found_commune)
        return f"{field.label} : {value}" if name not in {"etat", "texte"} else value


@dataclass(frozen=True)
class Tag:
    label: str
    href: str


def written(params: dict[str, list[str]], **more: str) -> str:
    pairs = [(name, one) for name, values in params.items() for one in values]
    query = urlencode(pairs + [(name, one) for name, one in more.items() if one])
    return f"?{query}" if query else ""
