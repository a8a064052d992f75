"""Forms of deposits: received, announced as kept, answered."""

from __future__ import annotations

from django import forms as fields

from preau.core import forms
from preau.payments.enums import DepositMeans
from preau.payments.forms.money import EurosField


class ReceiveForm(forms.Form):
    mark_optional = False  # the number is needed with a cheque: the hint says so
    means = fields.ChoiceField(
        label="Remise par", choices=DepositMeans, widget=fields.RadioSelect, initial="cheque"
    )
    cheque_number = fields.CharField(
        label="Numéro du chèque",
        help_text="Seulement pour un chèque : il permet de le retrouver.",
        max_length=20,
        required=False,
    )


class AnnounceForm(forms.Form):
    amount = EurosField(label="Somme à retenir, en euros")
    reason = fields.CharField(
        label="Ce qui est abîmé ou manque",
        help_text="L’occupant le lira, avec les photos.",
        max_length=1000,
        widget=fields.Textarea(attrs={"rows": 4}),
    )


class DepositPhotoForm(forms.Form):
    file = fields.FileField(label="Photo", help_text="JPEG, PNG, WebP ou HEIC, 10 Mo au plus")
    caption = fields.CharField(label="Ce que montre la photo", max_length=200)


class AnswerForm(forms.Form):
    agrees = fields.TypedChoiceField(
        label="Êtes-vous d’accord avec cette retenue ?",
        choices=[("oui", "Oui, je suis d’accord"), ("non", "Non, je la conteste")],
        coerce=lambda said: said == "oui",
        widget=fields.RadioSelect,
        help_text="Vous ne pourrez répondre qu’une fois.",
    )
    answer = fields.CharField(
        label="Votre réponse",
        help_text="Si vous contestez, dites pourquoi : le lieu vous répondra.",
        max_length=2000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 5}),
    )


class KeepForm(forms.Form):
    decision = fields.CharField(
        label="Votre réponse à l’occupant",
        max_length=1000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 3}),
    )
