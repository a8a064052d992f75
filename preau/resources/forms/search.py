"""What a reader looks for. All of it stands in the address."""

from __future__ import annotations

import re
from typing import Any

from django import forms as django_forms

from preau.core import forms
from preau.resources import enums
from preau.resources.listing import Asked
from preau.territories.models import Commune
from preau.territories.queries import resolve

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]+")


def _choices(empty: str, choices: type[Any]) -> list[tuple[str, str]]:
    return [("", empty), *choices.choices]


class SearchForm(forms.Form):
    mark_optional = False
    q = django_forms.CharField(
        label="Que cherchez-vous ?",
        required=False,
        max_length=100,
        widget=django_forms.TextInput(
            attrs={"type": "search", "placeholder": "Par exemple : rénover une école"}
        ),
        error_messages={"max_length": "Quelques mots suffisent : écrivez moins."},
    )
    commune = django_forms.CharField(
        label="Pour quelle commune ?",
        required=False,
        max_length=100,
        widget=django_forms.TextInput(
            attrs={
                "placeholder": "Nom ou code postal",
                "autocomplete": "off",
                "data-suggest": "find:communes",
            }
        ),
        error_messages={"max_length": "Une commune ou un code postal suffit : écrivez moins."},
    )
    theme = django_forms.ChoiceField(
        label="Thème", required=False, choices=_choices("Tous les thèmes", enums.Theme)
    )
    nature = django_forms.ChoiceField(
        label="Nature", required=False, choices=_choices("Toutes", enums.ResourceKind)
    )
    blocage = django_forms.ChoiceField(
        label="Ce qui bloque", required=False, choices=_choices("Tout", enums.BlockageKind)
    )
    pour = django_forms.ChoiceField(
        label="Vous êtes", required=False, choices=_choices("Peu importe", enums.Audience)
    )

    #: The field of the form → the words of its tag.
    SELECTS = ("theme", "nature", "blocage", "pour")

    def clean_q(self) -> str:
        return _CONTROLS.sub(" ", self.cleaned_data["q"]).strip()

    def clean_commune(self) -> Commune | None:
        text = _CONTROLS.sub(" ", self.cleaned_data["commune"]).strip()
        if not text:
            return None
        found = resolve(text)
        if found is None:
            raise django_forms.ValidationError(
                "Nous ne trouvons pas cette commune. Vérifiez son nom, ou écrivez son code postal."
            )
        return found

    def asked(self) -> Asked:
        """What was understood; a field in error asks for nothing."""
        given = self.cleaned_data
        return Asked(
            words=given.get("q") or "",
            theme=given.get("theme") or "",
            kind=given.get("nature") or "",
            blockage_kind=given.get("blocage") or "",
            audience=given.get("pour") or "",
            commune=given.get("commune"),
        )

    def tags(self) -> list[tuple[str, str]]:
        """`(field, words)` of what narrows the list, to be removed one by one."""
        given, found = self.cleaned_data, []
        if given.get("q"):
            found.append(("q", f"« {given['q']} »"))
        if given.get("commune"):
            found.append(("commune", str(given["commune"])))
        for name in self.SELECTS:
            if given.get(name):
                choices: Any = self.fields[name]
                found.append((name, dict(choices.choices)[given[name]]))
        return found


class SignalForm(forms.Form):
    """What is wrong with a record, in a reader's words."""

    reason = django_forms.ChoiceField(
        label="Que se passe-t-il ?",
        choices=enums.Signal.choices,
        widget=django_forms.RadioSelect,
    )
    message = django_forms.CharField(
        label="Précisez, si vous le pouvez",
        required=False,
        max_length=1000,
        help_text="N’écrivez rien de personnel. Pour une question, utilisez le contact de la "
        "fiche.",
        widget=django_forms.Textarea(attrs={"rows": 4}),
    )
