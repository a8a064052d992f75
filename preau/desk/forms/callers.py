"""What a clerk types while somebody waits at the counter or on the line."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.accounts.models import Organization
from preau.booking.actions.callers import Caller
from preau.booking.actions.steps import Details
from preau.booking.forms.answers import SlotForm
from preau.booking.models import Booking
from preau.core.french import by_name
from preau.desk.forms.planning import live_spaces
from preau.places.enums import UserCategory
from preau.places.models import Place, Space


class CallerForm(SlotForm):
    """Where and when, who calls, for what."""

    space = fields.ModelChoiceField(
        label="Espace", queryset=Space.objects.none(), empty_label="Choisissez un espace"
    )
    quantity = fields.IntegerField(
        label="Nombre de postes",
        min_value=1,
        max_value=500,
        initial=1,
        required=False,
        help_text="Seulement pour un espace qui se réserve poste par poste.",
    )
    name = fields.CharField(label="Prénom et nom", max_length=120)
    phone = fields.CharField(
        label="Téléphone", max_length=20, widget=fields.TextInput(attrs={"type": "tel"})
    )
    address = fields.CharField(
        label="Adresse postale",
        max_length=250,
        required=False,
        help_text="Pour envoyer la confirmation à qui n’a pas d’adresse électronique.",
    )
    email = fields.EmailField(label="Adresse électronique", required=False)
    category = fields.ChoiceField(
        label="Cette personne réserve comme", choices=UserCategory, initial=UserCategory.RESIDENT
    )
    known = fields.ModelChoiceField(
        label="Structure déjà connue ici",
        queryset=Organization.objects.none(),
        required=False,
        empty_label="Aucune",
    )
    structure = fields.CharField(
        label="Ou nom de la structure",
        max_length=160,
        required=False,
        help_text="Par exemple : Comité des fêtes de Lans.",
    )
    purpose = fields.CharField(label="Objet", max_length=200)
    attendance = fields.IntegerField(
        label="Nombre de personnes attendues", min_value=1, max_value=1_000_000
    )
    is_public_event = fields.BooleanField(label="Événement ouvert au public", required=False)
    remarks = fields.CharField(
        label="À préparer, à savoir",
        max_length=2000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 3}),
    )
    field_order = ["space", "quantity", "day", "start", "end"]

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, place=place, **kwargs)
        self.fields["space"].queryset = live_spaces(place)  # type: ignore[attr-defined]
        came = Booking.objects.filter(place__owner=place.owner_id).values("organization")
        known = Organization.objects.filter(pk__in=came).order_by(*by_name("name"), "pk")
        self.fields["known"].queryset = known  # type: ignore[attr-defined]
        if not place.spaces.filter(is_pool=True).exists():
            del self.fields["quantity"]

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if sum(character.isdigit() for character in phone) < 9:
            raise fields.ValidationError("Écrivez un numéro complet, comme 04 76 00 00 00.")
        return phone

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("known") and data.get("structure"):
            self.add_error("structure", "Choisissez une structure connue ou écrivez un nom.")
        return data

    @property
    def details(self) -> Details:
        data = self.cleaned_data
        return Details(
            purpose=data["purpose"],
            attendance=data["attendance"],
            is_public_event=data["is_public_event"],
            contact_name=data["name"],
            contact_phone=data["phone"],
            remarks=data["remarks"],
        )

    @property
    def caller(self) -> Caller:
        data = self.cleaned_data
        return Caller(
            name=data["name"],
            phone=data["phone"],
            category=data["category"],
            address=data["address"],
            email=data["email"],
            structure=data["structure"],
        )
