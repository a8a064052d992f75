"""Opening a conversation and writing in it, with people to call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms as fields

from preau.accounts.models import User
from preau.conversations.forms import MessageForm
from preau.core import forms
from preau.projects.enums import Visibility


class CallingForm(MessageForm):
    """A message, and the people it is for."""

    mentions = fields.TypedMultipleChoiceField(
        label="Prévenir tout de suite",
        coerce=int,
        required=False,
        widget=fields.CheckboxSelectMultiple,
        help_text="Les autres l’apprennent comme ils l’ont choisi. Écrire « @Prénom Nom » dans le"
        " message revient au même.",
    )

    def __init__(self, *args: Any, people: Iterable[User], me: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(one.pk, one.full_name) for one in people if one.pk != me]
        self.fields["mentions"].choices = names  # type: ignore[attr-defined]
        if not names:
            del self.fields["mentions"]

    @property
    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        key: UUID = data["token"] or uuid4()
        return {
            "body": data["body"],
            "mentions": data.get("mentions", []),
            "idempotency_key": key,
        }


class OpenForm(forms.Form):
    """A title, who reads it, the first message."""

    title = fields.CharField(
        label="De quoi s’agit-il",
        max_length=200,
        error_messages={"required": "Donnez un titre à la conversation."},
    )
    visibility = fields.ChoiceField(
        label="Qui peut la lire",
        choices=Visibility.choices,
        initial=Visibility.MEMBERS,
        widget=fields.RadioSelect,
        help_text="Ce choix ne change plus ensuite.",
    )
    body = fields.CharField(
        label="Votre message",
        max_length=5000,
        widget=fields.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Écrivez votre message avant de l’envoyer."},
    )
    token = fields.UUIDField(widget=fields.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, state_side: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not state_side:
            del self.fields["visibility"]

    @property
    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "title": data["title"],
            "body": data["body"],
            "visibility": data.get("visibility", Visibility.MEMBERS),
            "idempotency_key": data["token"] or uuid4(),
        }
