"""The filters of the directory. All of them stand in the address."""

from __future__ import annotations

import re
from typing import Any

from django import forms as django_forms
from django.http import QueryDict

from preau.core import forms
from preau.directory import themes
from preau.directory.enums import Profile, ServiceFamily
from preau.directory.filters import DEFAULT_RADIUS, RADII, Asked
from preau.directory.queries.labels import current_labels
from preau.places.enums import PlaceKind
from preau.territories.models import Commune
from preau.territories.queries import resolve

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]+")
COMMUNE_ATTRS = {
    "placeholder": "Commune ou code postal",
    "autocomplete": "off",
    "data-suggest": "find:communes",
}
UNKNOWN_COMMUNE = (
    "Nous ne trouvons pas cette commune. Vérifiez son nom, ou écrivez son code postal."
)


def commune_meant(text: str) -> Commune | None:
    """The commune of a text typed by hand.

    Raises:
        ValidationError: there is a text and no such commune.
    """
    text = _CONTROLS.sub(" ", text).strip()
    if not text:
        return None
    found = resolve(text)
    if found is None:
        raise django_forms.ValidationError(UNKNOWN_COMMUNE)
    return found


class SearchForm(forms.Form):
    mark_optional = False
    ou = django_forms.CharField(
        label="Où ?",
        required=False,
        max_length=100,
        widget=django_forms.TextInput(attrs=COMMUNE_ATTRS),
        error_messages={"max_length": "Une commune ou un code postal suffit : écrivez moins."},
    )
    rayon = django_forms.TypedChoiceField(
        label="Jusqu’à",
        required=False,
        choices=[(km, f"{km} km") for km in RADII],
        initial=DEFAULT_RADIUS,
        coerce=int,
        empty_value=DEFAULT_RADIUS,  # type: ignore[arg-type]
        error_messages={"invalid_choice": "Choisissez une distance de la liste."},
    )
    texte = django_forms.CharField(
        label="Que cherchez-vous ?",
        required=False,
        max_length=100,
        widget=django_forms.TextInput(
            attrs={"type": "search", "placeholder": "Nom, service, rue…"}
        ),
        error_messages={"max_length": "Quelques mots suffisent : écrivez moins."},
    )
    ouvert = django_forms.BooleanField(label="Ouvert maintenant", required=False)
    pmr = django_forms.BooleanField(
        label="Accessible aux personnes à mobilité réduite", required=False
    )
    profil = django_forms.ChoiceField(
        label="Profil", required=False, choices=[("", "Tous"), *Profile.choices]
    )
    nature = django_forms.ChoiceField(
        label="Nature du lieu", required=False, choices=[("", "Toutes"), *PlaceKind.choices]
    )
    famille = django_forms.ChoiceField(
        label="Famille de services",
        required=False,
        choices=[("", "Toutes"), *ServiceFamily.choices],
    )
    theme = django_forms.ChoiceField(label="Thème", required=False)
    label = django_forms.ChoiceField(label="Label", required=False)

    #: In the order of the tags.
    NAMES = (
        "texte", "ou", "ouvert", "pmr", "profil", "nature", "famille", "theme", "label",
    )  # fmt: skip
    MORE = ("profil", "nature", "famille", "theme", "label")

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        choices: Any = self.fields["theme"]
        choices.choices = [("", "Tous"), *themes.grouped()]
        labels: Any = self.fields["label"]
        known = current_labels()
        labels.choices = [("", "Tous"), *((one, one) for one in known)]
        if not known:
            del self.fields["label"]

    def clean_ou(self) -> Commune | None:
        return commune_meant(self.cleaned_data["ou"])

    def clean_texte(self) -> str:
        return _CONTROLS.sub(" ", self.cleaned_data["texte"]).strip()

    def asked(self) -> Asked:
        """What was understood; a field in error asks for nothing."""
        given = self.cleaned_data
        return Asked(
            commune=given.get("ou"),
            km=given.get("rayon") or DEFAULT_RADIUS,
            profile=given.get("profil") or "",
            kind=given.get("nature") or "",
            family=given.get("famille") or "",
            theme=given.get("theme") or "",
            label=given.get("label") or "",
            words=given.get("texte") or "",
            open_now=bool(given.get("ouvert")),
            accessible=bool(given.get("pmr")),
        )

    def tags(self) -> list[tuple[str, str]]:
        """`(field, words)` of what narrows the list, to be removed one by one."""
        given, found = self.cleaned_data, []
        for name in self.NAMES:
            value = given.get(name)
            if not value:
                continue
            if name == "texte":
                found.append((name, f"« {value} »"))
            elif name == "ou":
                found.append((name, f"{value}, jusqu’à {given.get('rayon')} km"))
            elif name in {"ouvert", "pmr"}:
                found.append((name, str(self.fields[name].label)))
            else:
                found.append((name, _words(self.fields[name], value)))
        return found

    @property
    def wants_more(self) -> bool:
        return any(self.data.get(name) for name in self.MORE)


def _words(field: Any, value: str) -> str:
    for key, words in field.choices:
        if key == value:
            return str(words)
        if isinstance(words, list | tuple):
            inside = dict(words)
            if value in inside:
                return str(inside[value])
    return value
