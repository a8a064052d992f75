"""The form under a thread, for the pages of the rooms that own the matter."""

from __future__ import annotations

from uuid import uuid4

from django import forms as django_forms

from preau.accounts.actors import Actor
from preau.conversations.actions import post_message
from preau.conversations.models import Message, Thread
from preau.core import forms
from preau.core.errors import Forbidden, Refusal


class MessageForm(forms.Form):
    """`MessageForm()` to show, `MessageForm(request.POST).send(…)` to write."""

    body = django_forms.CharField(
        label="Votre message",
        widget=django_forms.Textarea(attrs={"rows": 5}),
        strip=True,
        error_messages={"required": "Écrivez votre message avant de l’envoyer."},
    )
    token = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False, initial=uuid4)

    def send(self, *, thread: Thread, actor: Actor) -> Message | None:
        """Write the message; None when the form has something to say.

        Raises:
            Forbidden: the thread is not open to the actor.
        """
        if not self.is_valid():
            return None
        try:
            return post_message(
                thread=thread,
                body=self.cleaned_data["body"],
                idempotency_key=self.cleaned_data["token"] or uuid4(),
                actor=actor,
            )
        except Forbidden:
            raise
        except Refusal as refusal:
            self.refuse(refusal)
            return None
