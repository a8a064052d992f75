"""Adding, taking and replacing a file of a project."""

from __future__ import annotations

from typing import Any

from django import forms as fields
from django.db.models import QuerySet

from preau.core import forms
from preau.documents.forms import FILE_HINT
from preau.documents.models import Document
from preau.documents.uploads import MOST_BYTES
from preau.projects.enums import Visibility

TOO_HEAVY = (
    "Ce fichier pèse plus de 10\u00a0Mo. Réduisez-le (numérisez en 150 ou 200 points par pouce, par"
    " exemple), puis choisissez-le de nouveau : le reste de votre saisie est gardé."
)


class _Choosing(forms.Form):
    """Asks who reads it where the person has the choice."""

    def __init__(self, *args: Any, state_side: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not state_side:
            self.fields.pop("visibility", None)


class _Upload(fields.FileField):
    """Says at once that a file is too heavy, before anything reads it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Fichier",
            help_text=FILE_HINT,
            widget=fields.FileInput(
                attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}
            ),
            error_messages={
                "required": "Choisissez un fichier.",
                "empty": "Ce fichier est vide. Choisissez-en un autre.",
            },
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if found and found.size > MOST_BYTES:
            raise fields.ValidationError(TOO_HEAVY)
        return found


def _who_reads() -> fields.ChoiceField:
    return fields.ChoiceField(
        label="Qui peut le lire",
        choices=Visibility.choices,
        initial=Visibility.MEMBERS,
        widget=fields.RadioSelect,
    )


class FileForm(_Choosing):
    file = _Upload()
    title = fields.CharField(
        label="Nom du fichier",
        max_length=160,
        required=False,
        help_text="Pour le retrouver. Sans nom, celui du fichier.",
    )
    visibility = _who_reads()


class VaultForm(_Choosing):
    document = fields.ModelChoiceField(
        label="Document de votre coffre",
        queryset=Document.objects.none(),
        empty_label="Choisissez",
        error_messages={
            "required": "Choisissez un document.",
            "invalid_choice": "Ce document n’est plus dans votre coffre.",
        },
    )
    visibility = _who_reads()

    def __init__(self, *args: Any, vault: QuerySet[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = vault  # type: ignore[attr-defined]


class ReplaceForm(forms.Form):
    file = _Upload()


class RemoveFileForm(forms.Form):
    reason = fields.CharField(
        label="Pourquoi",
        max_length=500,
        required=False,
        widget=fields.Textarea(attrs={"rows": 3}),
    )
