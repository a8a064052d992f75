"""What administrators type about tokens and webhooks."""

from __future__ import annotations

from django import forms as django_forms

from preau.api.actions.tokens import LIVES
from preau.api.enums import EventType, Scope
from preau.core import forms


class TokenForm(forms.Form):
    name = django_forms.CharField(
        label="À quoi il sert",
        max_length=80,
        help_text="Par exemple : « Agenda du site de la ville ».",
        error_messages={"required": "Nommez-le : vous saurez lequel révoquer."},
    )
    scopes = django_forms.MultipleChoiceField(
        label="Ce qu’il permet",
        choices=[(one.value, f"{one.label} ({one.value})") for one in Scope],
        widget=django_forms.CheckboxSelectMultiple,
        help_text="Le moins possible : un jeton qui ne fait que lire ne réservera jamais.",
        error_messages={"required": "Cochez au moins un droit."},
    )
    days = django_forms.TypedChoiceField(
        label="Valable pendant",
        choices=[(days, "1 an" if days == 365 else f"{days} jours") for days in LIVES],
        coerce=int,
        initial=180,
    )


class WebhookForm(forms.Form):
    url = django_forms.CharField(
        label="Adresse qui reçoit",
        max_length=500,
        help_text="En https, par exemple https://votre-site.fr/preau.",
        widget=django_forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        error_messages={"required": "Indiquez l’adresse de votre programme."},
    )
    events = django_forms.MultipleChoiceField(
        label="Ce qui lui est dit",
        choices=[(one.value, one.label) for one in EventType if one != EventType.PING],
        widget=django_forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un évènement."},
    )
