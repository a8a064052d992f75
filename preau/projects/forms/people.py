"""Inviting somebody, giving another role, removing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms as fields

from preau.core import forms
from preau.projects.enums import ProjectRole
from preau.projects.words import MAY


def _choices(roles: Iterable[ProjectRole]) -> list[tuple[str, str]]:
    return [(role.value, f"{role.label} : {MAY[role]}") for role in roles]


class InviteForm(forms.Form):
    email = fields.EmailField(label="Adresse électronique")
    role = fields.ChoiceField(
        label="Rôle",
        widget=fields.RadioSelect,
        error_messages={"required": "Choisissez le rôle de cette personne."},
    )
    message = fields.CharField(
        label="Mot d’accompagnement",
        max_length=500,
        required=False,
        widget=fields.Textarea(attrs={"rows": 3}),
        help_text="Il figure dans le courriel d’invitation.",
    )

    def __init__(self, *args: Any, roles: Iterable[ProjectRole], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _choices(roles)  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    role = fields.ChoiceField(label="Rôle", widget=fields.RadioSelect)

    def __init__(self, *args: Any, roles: Iterable[ProjectRole], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _choices(roles)  # type: ignore[attr-defined]


class RemoveForm(forms.Form):
    reason = fields.CharField(
        label="Pourquoi",
        max_length=500,
        widget=fields.Textarea(attrs={"rows": 3}),
        help_text="La personne le lira, et l’historique le garde.",
        error_messages={"required": "Dites pourquoi : la personne le lira."},
    )
