"""Forms of what is given back."""

from __future__ import annotations

from django import forms as fields

from preau.core import forms
from preau.payments.enums import Means, RefundCause
from preau.payments.forms.money import EurosField


class RefundForm(forms.Form):
    amount = EurosField(label="Somme à rendre, en euros")
    cause = fields.ChoiceField(label="Cause", choices=RefundCause)
    reason = fields.CharField(
        label="Motif",
        help_text="La personne remboursée le lira.",
        max_length=500,
        widget=fields.Textarea(attrs={"rows": 3}),
    )


class RefuseForm(forms.Form):
    reason = fields.CharField(
        label="Pourquoi refusez-vous ?",
        help_text="La personne qui l’a demandé le lira.",
        max_length=500,
        widget=fields.Textarea(attrs={"rows": 3}),
    )


class BankForm(forms.Form):
    holder = fields.CharField(
        label="Titulaire du compte",
        help_text="Le nom écrit sur votre RIB",
        max_length=120,
        widget=fields.TextInput(attrs={"autocomplete": "name"}),
    )
    iban = fields.CharField(
        label="IBAN",
        help_text="Il commence par FR et compte 27 caractères ; les espaces ne gênent pas.",
        max_length=50,
        widget=fields.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class PaidForm(forms.Form):
    """How money went back when it was not by the file of transfers."""

    means = fields.ChoiceField(
        label="Comment l’avez-vous rendue ?",
        choices=[(one.value, one.label) for one in (Means.TRANSFER, Means.CHEQUE, Means.CASH)],
    )
