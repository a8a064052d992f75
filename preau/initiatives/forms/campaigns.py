"""Preparing a campaign, its targets, saying what came; promising a part."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.core import forms
from preau.initiatives.enums.campaigns import TargetKind
from preau.initiatives.forms.listings import commune_field, commune_of, named
from preau.initiatives.models import Campaign, Target
from preau.territories.models import Commune

_MOST_EUROS = 100_000_000


#: What people put between thousands; the no-break ones come from a copied page.
_SPACES = str.maketrans("", "", " \u00a0\u202f€")


class _Figure(fields.DecimalField):
    """« 1 500,50 » as it is written in French, whichever the space."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.translate(_SPACES) if isinstance(value, str) else value)


def _euros(label: str, **more: Any) -> fields.DecimalField:
    return _Figure(
        label=label,
        min_value=0,
        max_value=_MOST_EUROS,
        decimal_places=2,
        localize=True,
        widget=fields.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": "Écrivez un montant en chiffres, par exemple 1 500,50."},
        **more,
    )


class CampaignForm(forms.Form):
    title = fields.CharField(
        label="Titre", max_length=140, help_text="Par exemple : Deux composteurs pour les Prés."
    )
    organizer = fields.CharField(
        label="Qui collecte", max_length=160, help_text="Comme le public le lira."
    )
    commune = commune_field("Commune")
    story = fields.CharField(
        label="Présentation",
        max_length=10_000,
        help_text="Ce que vous voulez faire, pourquoi, et à quoi servira chaque apport. La fiche du"
        " projet, elle, n’est pas montrée.",
        widget=fields.Textarea(attrs={"rows": 9}),
    )
    starts_on = forms.DateField(label="Premier jour")
    ends_on = forms.DateField(label="Dernier jour")
    money_url = fields.URLField(
        label="Page de la collecte en argent",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Sur une plateforme extérieure : aucun argent ne passe par ce site. Laissez vide"
        " si vous ne demandez pas d’argent.",
        error_messages={"invalid": "Écrivez une adresse complète, comme https://exemple.fr/page."},
    )

    def __init__(self, *args: Any, prepared: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not prepared:
            del self.fields["starts_on"], self.fields["ends_on"]

    def clean_commune(self) -> Commune:
        found = commune_of(self.cleaned_data["commune"])
        if found is None:
            raise fields.ValidationError("Écrivez une commune.")
        return found

    @classmethod
    def values_of(cls, campaign: Campaign) -> dict[str, Any]:
        names = ("title", "organizer", "story", "starts_on", "ends_on", "money_url")
        return {
            **{name: getattr(campaign, name) for name in names},
            "commune": named(campaign.commune),
        }


class TargetForm(forms.Form):
    kind = fields.ChoiceField(
        label="Vous demandez", choices=TargetKind.choices, widget=fields.RadioSelect
    )
    label = fields.CharField(
        label="Quoi",
        max_length=120,
        help_text="Par exemple : palettes en bois, maçonnerie. Pour l’argent : à quoi il sert.",
    )
    quantity = _euros("Combien", help_text="En euros, en nombre de choses, ou en heures.")
    unit = fields.CharField(
        label="Unité",
        required=False,
        max_length=30,
        help_text="Pour du matériel : pièces, mètres, sacs…",
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        quantity, kind = given.get("quantity"), given.get("kind")
        if quantity is not None and kind:
            if kind != TargetKind.MONEY and quantity != int(quantity):
                self.add_error("quantity", "Écrivez un nombre entier.")
            elif not quantity:
                self.add_error("quantity", "Écrivez combien, en chiffres.")
            given["quantity"] = int(quantity * 100 if kind == TargetKind.MONEY else quantity)
        return given


class ReportForm(forms.Form):
    amount = _euros("Montant collecté à ce jour, en euros")
    on = forms.DateField(label="Constaté le")
    proof = fields.CharField(
        label="Comment on le sait",
        max_length=300,
        help_text="Par exemple : page de la collecte, relevé de la plateforme du 12 mars.",
    )

    @property
    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "amount_cents": int(data["amount"] * 100),
            "on": data["on"],
            "proof": data["proof"],
        }


class PledgeForm(forms.Form):
    """One target; an address only from whoever has no account."""

    quantity = _euros("Combien")
    name = fields.CharField(
        label="Votre nom",
        max_length=160,
        help_text="Lu par qui collecte, pour vous reconnaître. Effacé un an après la collecte.",
    )
    email = fields.EmailField(
        label="Votre adresse électronique",
        help_text="Vous y recevrez un lien pour confirmer. Elle n’est montrée à personne, et"
        " effacée un an après la collecte.",
    )
    show_name = fields.BooleanField(
        label="Montrer mon nom parmi les remerciements sur la page", required=False
    )
    message = fields.CharField(
        label="Un mot pour qui collecte",
        required=False,
        max_length=500,
        widget=fields.Textarea(attrs={"rows": 3}),
        help_text="Par exemple quand vous êtes disponible.",
    )

    def __init__(self, *args: Any, target: Target, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target = target
        words = {TargetKind.MONEY: "Combien d’euros", TargetKind.HOURS: "Combien d’heures"}
        unit = f"Combien ({target.unit})" if target.unit else "Combien"
        self.fields["quantity"].label = words.get(TargetKind(target.kind), unit)
        if signed_in:
            del self.fields["name"], self.fields["email"]

    def clean_quantity(self) -> int:
        quantity = self.cleaned_data["quantity"]
        is_money = self.target.kind == TargetKind.MONEY
        if not quantity or (not is_money and quantity != int(quantity)):
            raise fields.ValidationError("Écrivez combien, en chiffres.")
        return int(quantity * 100 if is_money else quantity)
