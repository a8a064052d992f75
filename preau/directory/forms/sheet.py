"""Keeping a sheet up to date: what it is, where, what is done there."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from preau.core import forms
from preau.directory import enums, themes
from preau.directory.models import ServiceOffer, Sheet
from preau.places.enums import PlaceKind
from preau.places.forms.place import AddressForm

YES_NO = [("", "Non renseigné"), ("oui", "Oui"), ("non", "Non")]


def several(label: str, choices: Any, hint: str = "") -> django_forms.MultipleChoiceField:
    return django_forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        help_text=hint,
        widget=django_forms.CheckboxSelectMultiple,
    )


def link(label: str, hint: str = "") -> django_forms.URLField:
    return django_forms.URLField(label=label, required=False, help_text=hint, assume_scheme="https")


class SheetForm(forms.ModelForm):
    """Identity, contact, profiles. A bookable place gives its own name and nature."""

    secondary_profiles = several("Autres profils", enums.Profile.choices)
    staffing = several("Qui accueille", enums.Staffing.choices)
    colouring = several("À qui le lieu s’adresse", enums.Colouring.choices)
    shared = several("Ce qui se partage", enums.Shared.choices)
    website = link("Site")
    appointment_url = link("Prise de rendez-vous", "La page où prendre rendez-vous en ligne.")
    accessibility_url = link("Fiche d’accessibilité", "Par exemple sur acceslibre.beta.gouv.fr.")
    accessible = django_forms.ChoiceField(
        label="Accessible aux personnes à mobilité réduite",
        choices=YES_NO,
        required=False,
        help_text="Oui si l’entrée, les circulations et l’accueil le sont.",
    )

    class Meta:
        model = Sheet
        fields = [
            "name", "kind", "description", "phone", "email", "website", "appointment_url",
            "accessibility_url", "main_profile", "secondary_profiles", "staffing", "colouring",
            "shared", "opening_mode", "animation", "origin", "is_itinerant", "siret",
        ]  # fmt: skip
        labels = {"name": "Nom du lieu", "kind": "Nature du lieu"}
        help_texts = {
            "description": "Deux ou trois phrases : ce qu’on y trouve, ce qu’on y fait.",
            "email": "Publique : préférez celle d’un service à celle d’une personne.",
            "siret": "14 chiffres. Il aide à reconnaître le lieu dans les listes nationales.",
            "is_itinerant": "Un bus, un camion : l’adresse est celle de son point d’attache.",
        }
        widgets = {"description": django_forms.Textarea(attrs={"rows": 5})}

    IDENTITY = ("name", "kind", "description", "is_itinerant", "siret")
    CONTACT = ("phone", "email", "website", "appointment_url")
    ACCESS = ("accessible", "accessibility_url")
    PROFILE = (
        "main_profile", "secondary_profiles", "staffing", "colouring", "shared", "opening_mode",
        "animation", "origin",
    )  # fmt: skip

    def __init__(self, *args: Any, instance: Sheet, **kwargs: Any) -> None:
        said = {True: "oui", False: "non"}.get(instance.is_accessible, "")  # type: ignore[arg-type]
        kwargs["initial"] = {"accessible": said} | (kwargs.get("initial") or {})
        super().__init__(*args, instance=instance, **kwargs)
        if instance.place_id:
            del self.fields["name"], self.fields["kind"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        main = data.get("main_profile")
        data["secondary_profiles"] = [
            one for one in data.get("secondary_profiles", []) if one != main
        ]
        return data

    def values(self) -> dict[str, Any]:
        """As `edit_sheet` takes them."""
        data = dict(self.cleaned_data)
        data["is_accessible"] = {"oui": True, "non": False}.get(data.pop("accessible"))
        return data

    def group(self, names: tuple[str, ...]) -> list[Any]:
        return [self[name] for name in names if name in self.fields]

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        return [
            ("Le lieu", self.group(self.IDENTITY)),
            ("Contact", self.group(self.CONTACT)),
            ("Accessibilité", self.group(self.ACCESS)),
            ("Profil", self.group(self.PROFILE)),
        ]


class WhereForm(AddressForm):
    """Where a sheet stands; the number and street may be unknown."""

    address = django_forms.CharField(
        label="Adresse",
        max_length=200,
        required=False,
        help_text="Numéro et voie. Par exemple : 3 rue des Tilleuls.",
    )
    address_more = django_forms.CharField(
        label="Complément",
        max_length=200,
        required=False,
        help_text="Bâtiment, étage, entrée : ce qu’il faut savoir une fois devant.",
    )
    field_order = ["address", "address_more", "postcode", "commune", "position"]

    @staticmethod
    def of(sheet: Sheet) -> dict[str, Any]:
        exact = f"{sheet.latitude:.6f}, {sheet.longitude:.6f}"
        return {
            "address": sheet.address,
            "address_more": sheet.address_more,
            "postcode": sheet.postcode,
            "commune": sheet.commune.name,
            "position": exact if sheet.is_located else "",
        }

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        position = data.pop("position")
        latitude, longitude = position or (None, None)
        return data | {
            "latitude": latitude,
            "longitude": longitude,
            "is_located": position is not None,
        }


class NewSheetForm(WhereForm):
    """What it takes to begin a sheet: the rest comes after, page by page."""

    name = django_forms.CharField(
        label="Nom du lieu",
        max_length=160,
        help_text="Celui que l’on connaît. Par exemple : France services de Saint-Égrève.",
    )
    kind = django_forms.ChoiceField(
        label="Nature du lieu", choices=[("", "Choisissez"), *PlaceKind.choices]
    )
    field_order = ["name", "kind", "address", "address_more", "postcode", "commune", "position"]


class OfferForm(forms.ModelForm):
    """A service rendered there."""

    theme = django_forms.ChoiceField(
        label="Thème",
        required=False,
        help_text="Celui des listes nationales : il permet de filtrer et d’exporter.",
    )
    publics = several("Pour qui", [], "Rien de coché : pour tout le monde.")
    since = forms.DateField(label="Depuis le", required=False)
    until = forms.DateField(label="Jusqu’au (inclus)", required=False)

    class Meta:
        model = ServiceOffer
        fields = [
            "name", "family", "theme", "level", "description", "provider_name", "publics",
            "by_appointment", "when", "fee", "since", "until",
        ]  # fmt: skip
        labels = {"name": "Service", "family": "Famille"}
        help_texts = {
            "name": "Par exemple : aide aux démarches de la CAF.",
            "when": "S’il n’est pas rendu toute la semaine : « le mardi matin ».",
            "fee": "Vide : gratuit ou non renseigné.",
            "provider_name": "L’organisme qui vient, s’il n’est pas celui du lieu.",
        }
        widgets = {"description": django_forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["theme"]
        choices.choices = [("", "Aucun"), *themes.grouped()]
        people: Any = self.fields["publics"]
        people.choices = list(themes.publics().items())
