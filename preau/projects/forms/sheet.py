"""Forms of the sheet: its identity, a pause."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django import forms as fields
from django.core import signing
from django.http import QueryDict

from preau.core import forms
from preau.projects.actions import identity
from preau.projects.enums import PhaseStatus
from preau.projects.models import Project
from preau.resources.enums import Phase, Theme

_SALT = "projects.sheet.seen"


class IdentityForm(forms.Form):
    """The identity of a project, and what it was on the page that the person wrote from."""

    name = fields.CharField(label="Nom du projet", max_length=160)
    purpose = fields.CharField(
        label="Pourquoi ce projet",
        max_length=5000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 5}),
        help_text="Le besoin, le constat de départ.",
    )
    description = fields.CharField(
        label="En quoi il consiste",
        max_length=10000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 8}),
    )
    themes = fields.MultipleChoiceField(
        label="Thèmes",
        choices=Theme.choices,
        required=False,
        widget=fields.CheckboxSelectMultiple,
    )
    phase = fields.ChoiceField(label="Phase", choices=Phase.choices)
    phase_status = fields.ChoiceField(
        label="Avancement",
        choices=PhaseStatus.choices,
        help_text="Un projet bloqué se dit en déclarant le blocage, plus bas sur la fiche.",
    )
    budget = fields.DecimalField(
        label="Budget prévisionnel, en euros",
        required=False,
        min_value=0,
        max_digits=13,
        decimal_places=2,
        localize=True,
        widget=fields.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"min_value": "Un budget ne peut pas être négatif."},
    )
    starts_on = forms.DateField(label="Début prévu", required=False)
    ends_on = forms.DateField(label="Fin prévue", required=False)
    contact_name = fields.CharField(label="Personne à joindre", max_length=120, required=False)
    contact_function = fields.CharField(label="Sa fonction", max_length=120, required=False)
    contact_email = fields.EmailField(label="Son adresse électronique", required=False)
    contact_phone = fields.CharField(label="Son téléphone", max_length=20, required=False)
    seen = fields.CharField(widget=fields.HiddenInput, required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        self.project = project
        self.now = identity.values_of(project)
        cents = self.now["budget_cents"]
        budget = None if cents is None else Decimal(cents) / 100
        initial = self.now | {"budget": budget, "seen": _signed(self.now)}
        super().__init__(*args, initial=initial, **kwargs)

    def clean_budget(self) -> int | None:
        euros = self.cleaned_data["budget"]
        return None if euros is None else int(euros * 100)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "La fin prévue ne peut pas précéder le début.")
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What `identity.edit` takes."""
        data = dict(self.cleaned_data)
        for name in ("purpose", "description"):  # browsers send the line breaks of another age
            data[name] = data[name].replace("\r\n", "\n")
        return data | {"budget_cents": data.pop("budget")}

    @property
    def was(self) -> dict[str, Any]:
        """What the person saw when they began."""
        try:
            found: dict[str, Any] = signing.loads(self.cleaned_data["seen"], salt=_SALT)
        except signing.BadSignature:
            return self.now
        for name in ("starts_on", "ends_on"):
            found[name] = datetime.date.fromisoformat(found[name]) if found[name] else None
        return self.now | found

    def after(self, conflict: identity.Conflict) -> None:
        """Keep what was typed; take as seen what the other person wrote, now shown beside it.

        Fields that only the other changed are shown as they left them.
        """
        fresh = Project.objects.get(pk=self.project.pk)
        now, was, mine = identity.values_of(fresh), self.was, self.values
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["seen"] = _signed(now)
        for name in identity.EDITED:
            if mine[name] == was[name] != now[name]:
                _show(data, name, now[name])
        self.data = data
        self.add_error(None, conflict.sentence)


def _show(data: QueryDict, name: str, value: Any) -> None:
    if name == "budget_cents":
        data["budget"] = "" if value is None else f"{value / 100:.2f}"
    elif name == "themes":
        data.setlist(name, value)
    else:
        data[name] = "" if value is None else str(value)


def _signed(values: dict[str, Any]) -> str:
    plain = {
        name: value.isoformat() if isinstance(value, datetime.date) else value
        for name, value in values.items()
    }
    return signing.dumps(plain, salt=_SALT, compress=True)


class PauseForm(forms.Form):
    """Until when nobody is reminded of it, and why."""

    until = forms.DateField(
        label="Reprise prévue le",
        required=False,
        help_text="Sans date, le projet reste en pause jusqu’à ce que quelqu’un le reprenne.",
    )
    reason = fields.CharField(
        label="Pourquoi",
        max_length=500,
        widget=fields.Textarea(attrs={"rows": 3}),
        help_text="Tous les membres du projet le liront.",
        error_messages={"required": "Dites en quelques mots pourquoi le projet s’arrête."},
    )
