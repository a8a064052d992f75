"""What a clerk writes down at the counter, and what is said of an incident."""

from __future__ import annotations

import re
from typing import Any

from django import forms as fields

from preau.core import forms
from preau.core.formats import euros
from preau.payments.actions.money import counter_means
from preau.payments.actions.seen import Seen, last_in
from preau.payments.enums import Means
from preau.payments.models import Due


class EurosField(fields.CharField):
    """« 12,50 » → 1250 cents."""

    def __init__(self, **kwargs: Any) -> None:
        widget = fields.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(max_length=12, widget=widget, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = re.sub(r"[\s€]", "", str(super().clean(value) or "")).replace(",", ".")
        if not text:
            return None
        if not re.fullmatch(r"\d{1,6}(\.\d{1,2})?", text):
            raise fields.ValidationError("Écrivez une somme en euros, comme 12 ou 12,50.")
        whole, _, part = text.partition(".")
        return int(whole) * 100 + int(part.ljust(2, "0") or 0)


class CounterForm(forms.Form):
    mark_optional = False  # the number is needed with a cheque: the hint says so
    amount = EurosField(label="Somme reçue, en euros")
    means = fields.ChoiceField(label="Reçue en", widget=fields.RadioSelect)
    cheque_number = fields.CharField(
        label="Numéro du chèque",
        required=False,
        max_length=20,
        help_text="Seulement pour un chèque.",
    )
    #: What the page said was left, and the last entry that a refusal told of.
    left = fields.IntegerField(required=False, widget=fields.HiddenInput)
    told = fields.IntegerField(required=False, widget=fields.HiddenInput)

    def __init__(self, *args: Any, due: Due, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["left"].initial = due.left_cents
        choices = [(one.value, one.label) for one in counter_means(due)]
        self.fields["means"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["means"].initial = choices[0][0]
        self.fields["amount"].initial = euros(due.left_cents).replace("€", "").strip()

    @property
    def chosen(self) -> Means:
        return Means(self.cleaned_data["means"])

    @property
    def seen(self) -> Seen:
        return Seen(self.cleaned_data["left"], self.cleaned_data["told"])

    def tell(self, due: Due) -> None:
        """Its page says what stands now; what was typed stays."""
        last = last_in(due)
        told = last.pk if last else ""
        self.data = {**dict(self.data.items()), "left": due.left_cents, "told": told}


class ReasonForm(forms.Form):
    reason = fields.CharField(label="Pourquoi ?", max_length=300)


class NoteForm(forms.Form):
    note = fields.CharField(
        label="Suite donnée",
        max_length=1000,
        widget=fields.Textarea(attrs={"rows": 3}),
        help_text="Elle reste au dossier : qui a été joint, ce qui a été convenu.",
    )


def in_euros(cents: int) -> str:
    """What the field shows at first."""
    return f"{cents // 100},{cents % 100:02d}"
