"""Forms of refunds, deposits and exports."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms as fields

from preau.core import forms
from preau.payments.closing_enums import DepositMeans, RefundCause
from preau.payments.enums import Means
from preau.payments.forms.money import EurosField
from preau.payments.ledger import TITLES

LONGEST = timedelta(days=3 * 366)


def in_euros(cents: int) -> str:
    """What the field shows at first."""
    return f"{cents // 100},{cents % 100:02d}"


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


class ReceiveForm(forms.Form):
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


class PeriodForm(forms.Form):
    """Sent by GET: the address says what is looked at."""

    mark_optional = False

    du = forms.DateField(label="Du")
    au = forms.DateField(label="Au (inclus)")

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("du"), self.cleaned_data.get("au")
        if isinstance(first, date) and isinstance(last, date):
            if last < first:
                self.add_error("au", "Cette date vient avant la première.")
            elif first.year < 2000 or last.year > 2100:
                self.add_error("au", "Choisissez des dates plus proches.")
            elif last - first > LONGEST:
                self.add_error("au", "Une période couvre trois ans au plus.")
        return self.cleaned_data


#: What can be taken away, and the words of its link.
FILES = {
    "journal": "Journal : chaque écriture, chaque incident",
    **TITLES,
    "taux": "Par taux de TVA",
}
