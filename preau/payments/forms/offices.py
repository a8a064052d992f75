"""How an office collects."""

from __future__ import annotations

import re
from typing import Any

from django import forms as inputs
from django.conf import settings
from django.core.exceptions import ValidationError

from preau.accounts.models import Organization
from preau.core import forms
from preau.core.vat import choices_in, rates_in, why_not
from preau.payments.enums import COUNTER, OfficeMode, PayWhen, VatRegime
from preau.payments.models import CollectingOffice, OfficePlace
from preau.payments.models.offices import at_the_counter
from preau.places.models import Place
from preau.places.queries import departements_of


class OfficeForm(forms.ModelForm):
    counter_means = inputs.MultipleChoiceField(
        label="Ce que l’on peut vous remettre",
        choices=[(one.value, one.label) for one in COUNTER],
        required=False,
        initial=at_the_counter,
        widget=inputs.CheckboxSelectMultiple,
    )
    places = inputs.ModelMultipleChoiceField(
        label="Lieux servis par cette régie",
        queryset=Place.objects.none(),
        required=False,
        widget=inputs.CheckboxSelectMultiple,
        help_text="Rien à cocher si elle sert tous les lieux.",
    )

    vat_number = inputs.CharField(
        label="Numéro de TVA",
        help_text="Pour un assujetti, sur ses factures : FR, deux caractères, le SIREN.",
        max_length=30,
        required=False,
    )

    class Meta:
        model = CollectingOffice
        fields = (
            "name",
            "mode",
            "is_default",
            "pay_when",
            "numcli",
            "saisie",
            "counter_means",
            "counter_text",
            "cheque_payee",
            "vat_regime",
            "vat_number",
            "vat_rate",
            "contact_name",
            "contact_email",
            "contact_phone",
        )
        widgets = {
            "mode": inputs.RadioSelect,
            "pay_when": inputs.RadioSelect,
            "vat_regime": inputs.RadioSelect,
            "counter_text": inputs.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "numcli": "Six chiffres, donnés par votre correspondant de la DGFiP.",
            "saisie": "« Test » n’encaisse rien : personne ne peut alors payer en ligne sur un site"
            " réel. Passez en « Production » une fois la régie activée.",
            "vat_rate": "Pour un assujetti : celui d’un prix fixé à la main, d’un tarif sans taux.",
            "counter_text": "Adresse et horaires du guichet ; l’occupant les lit.",
        }

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Place.objects.filter(owner=organization).order_by("name")
        self.fields["places"].queryset = places  # type: ignore[attr-defined]
        for name, kind in (("mode", OfficeMode), ("pay_when", PayWhen), ("vat_regime", VatRegime)):
            modes = [one for one in kind if one not in self._withheld()]
            self.fields[name].choices = [(one.value, one.label) for one in modes]  # type: ignore[attr-defined]
        self._offer_vat(departements_of(organization))
        if self.instance.pk:
            own = OfficePlace.objects.filter(office=self.instance)
            self.initial["places"] = list(own.values_list("place_id", flat=True))

    def _withheld(self) -> set[str]:
        """No trial on a real site; no regime that only places decide."""
        trial = {str(OfficeMode.TEST)} if settings.IS_PRODUCTION else set()
        return trial | {VatRegime.NO_VAT_THERE}

    def _offer_vat(self, departements: set[str]) -> None:
        """The rates of where it may collect; no VAT where there is none."""
        regime: Any = self.fields["vat_regime"]
        rate: Any = self.fields["vat_rate"]
        rate.choices = [("", "Aucun"), *choices_in(departements)]
        if not rates_in(departements):
            regime.choices = [(VatRegime.NOT_LIABLE.value, VatRegime.NOT_LIABLE.label)]
            sentence = why_not(0, departements)
            regime.help_text = sentence
            regime.error_messages["invalid_choice"] = sentence
            del self.fields["vat_number"], self.fields["vat_rate"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("mode") == OfficeMode.REGIE and not (
            data.get("numcli") or data.get("counter_means")
        ):
            self.add_error(
                "numcli",
                "Une régie encaisse par PayFiP (son numéro) ou au guichet : l’un des deux.",
            )
        if data.get("vat_regime") == VatRegime.LIABLE:
            self._require_vat(data)
        return data

    def _require_vat(self, data: dict[str, Any]) -> None:
        if not data.get("vat_number") and "vat_number" not in self.errors:
            self.add_error("vat_number", "Un assujetti porte son numéro de TVA sur ses factures.")
        if data.get("vat_rate") is None:
            self.add_error("vat_rate", "Choisissez le taux des sommes qui n’en ont pas.")

    def clean_vat_number(self) -> str:
        number = "".join(str(self.cleaned_data["vat_number"]).split()).upper()
        if number and not re.fullmatch(r"FR[0-9A-Z]{2}[0-9]{9}", number):
            raise ValidationError(
                "Un numéro de TVA français : FR, deux caractères, puis les neuf chiffres du SIREN."
            )
        return number
