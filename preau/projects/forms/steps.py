"""Writing a step, dropping one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms as fields

from preau.accounts.models import User
from preau.core import forms
from preau.projects.actions.steps import Wanted
from preau.projects.models import Step


class StepForm(forms.Form):
    title = fields.CharField(
        label="Ce qu’il y a à faire",
        max_length=200,
        help_text="Commencez par un verbe : « Demander trois devis ».",
        error_messages={"required": "Dites en quelques mots ce qu’il y a à faire."},
    )
    owner = fields.ChoiceField(label="Qui s’en charge", required=False)
    owner_name = fields.CharField(
        label="Ou quelqu’un d’autre",
        max_length=120,
        required=False,
        help_text="Si la personne n’est pas dans la liste : « le bureau d’études ».",
    )
    due_on = forms.DateField(label="Pour le", required=False)
    detail = fields.CharField(
        label="Précisions",
        max_length=2000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self, *args: Any, owners: Iterable[User], step: Step | None = None, **kwargs: Any
    ) -> None:
        people = {str(one.pk): one for one in owners}
        if step is not None and step.owner is not None:  # may have left since
            people.setdefault(str(step.owner_id), step.owner)
        self.people = people
        if step is not None:
            kwargs["initial"] = {
                "title": step.title,
                "owner": str(step.owner_id or ""),
                "owner_name": step.owner_name,
                "due_on": step.due_on,
                "detail": step.detail,
            }
        super().__init__(*args, **kwargs)
        names = [(key, one.full_name) for key, one in people.items()]
        self.fields["owner"].choices = [("", "Personne pour l’instant"), *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("owner") and data.get("owner_name"):
            self.add_error(
                "owner_name",
                "Choisissez une personne dans la liste, ou écrivez un nom, pas les deux.",
            )
        return data

    @property
    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(
            title=data["title"],
            detail=data["detail"].replace("\r\n", "\n"),
            owner=self.people.get(data["owner"]),
            owner_name=data["owner_name"],
            due_on=data["due_on"],
        )


class DropForm(forms.Form):
    reason = fields.CharField(
        label="Pourquoi",
        max_length=500,
        widget=fields.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi cette action est abandonnée."},
    )
