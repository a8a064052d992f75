"""Forms of signing."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.agreements.models.rounds import Signatory
from preau.agreements.signing_enums import ProviderName
from preau.core import forms


class CodeForm(forms.Form):
    code = fields.CharField(
        label="Code reçu par courriel",
        help_text="Six chiffres, par exemple 482 190",
        max_length=20,
        widget=fields.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}
        ),
    )


class ConsentForm(forms.Form):
    """Who signs and in what capacity, and the box that nobody ticks for them."""

    name = fields.CharField(
        label="Prénom et nom",
        max_length=120,
        widget=fields.TextInput(attrs={"autocomplete": "name"}),
    )
    capacity = fields.CharField(
        label="Votre qualité", help_text="Par exemple : présidente, maire, gérant", max_length=120
    )
    empowered = fields.BooleanField(
        error_messages={
            "required": "Cochez cette case si vous êtes habilité(e). Sinon, faites changer le "
            "signataire par le gestionnaire, ou refusez de signer."
        }
    )
    consent = fields.BooleanField(
        error_messages={"required": "Cochez cette case pour signer, ou refusez de signer."}
    )
    version = fields.CharField(widget=fields.HiddenInput)
    fingerprint = fields.CharField(widget=fields.HiddenInput)

    def __init__(self, *args: Any, signatory: Signatory, sentence: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = sentence
        if signatory.party:
            self.fields[
                "empowered"
            ].label = f"Je suis habilité(e) à signer pour «\u00a0{signatory.party}\u00a0»."
        else:
            del self.fields["empowered"]
            self.fields["capacity"].required = False
            self.fields["capacity"].help_text = "Par exemple : habitante, organisateur"


class RefusalForm(forms.Form):
    reason = fields.CharField(
        label="Pourquoi refusez-vous de signer ?",
        help_text="Ce motif sera transmis aux autres parties. N’y mettez rien de confidentiel.",
        max_length=1000,
        widget=fields.Textarea(attrs={"rows": 4}),
    )


class AddressForm(forms.Form):
    """Somebody else, or another address, for the same party."""

    name = fields.CharField(label="Prénom et nom", max_length=120)
    email = fields.EmailField(label="Adresse électronique")


class PaperForm(forms.Form):
    signed_on = forms.DateField(
        label="Date de la dernière signature", help_text="Telle qu’écrite sur le papier"
    )
    scan = fields.FileField(
        label="Copie numérisée",
        help_text="Un seul fichier PDF, avec toutes les pages et toutes les signatures",
        widget=fields.FileInput(attrs={"accept": "application/pdf"}),
    )


class ProviderForm(forms.Form):
    """With which service the organisation signs. What is kept secret is never shown again."""

    provider = fields.ChoiceField(
        label="Service de signature", choices=ProviderName.choices, widget=fields.RadioSelect
    )
    api_key = fields.CharField(
        label="Clé de l’interface (API)",
        help_text="Elle n’est plus jamais affichée. Laissez vide pour garder l’actuelle.",
        required=False,
        max_length=200,
        widget=fields.PasswordInput(attrs={"autocomplete": "off"}),
    )
    webhook_secret = fields.CharField(
        label="Secret des notifications",
        help_text="Donné par le service quand vous y déclarez notre adresse de notification.",
        required=False,
        max_length=200,
        widget=fields.PasswordInput(attrs={"autocomplete": "off"}),
    )
