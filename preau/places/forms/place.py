"""Forms on a place, its photos and its people. Each one is a short page."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from preau.core import forms
from preau.places.enums import ErpType, PlaceKind, PlaceRoleKind
from preau.places.models import Place
from preau.territories.models import Commune
from preau.territories.queries import suggest


def text_area(rows: int = 4) -> django_forms.Textarea:
    return django_forms.Textarea(attrs={"rows": rows})


class IdentityForm(forms.ModelForm):
    """What the place is."""

    class Meta:
        model = Place
        fields = ["name", "kind", "description", "contact_email", "contact_phone"]
        labels = {"name": "Nom du lieu", "kind": "Nature du lieu"}
        help_texts = {
            "name": "Celui que l’on connaît. Par exemple : Salle des fêtes Aimé-Césaire.",
            "description": "Deux ou trois phrases : ce qu’on y trouve, ce qu’on y fait.",
            "contact_email": "Publique : préférez celle d’un service à celle d’une personne.",
            "contact_phone": "Public, pour les questions et les imprévus.",
        }
        widgets = {"description": text_area(5)}


class AddressForm(forms.Form):
    """Where it is. The commune gives the département, the time zone and a first position."""

    address = django_forms.CharField(
        label="Adresse",
        max_length=200,
        help_text="Numéro et voie. Par exemple : 3 rue des Tilleuls.",
    )
    postcode = django_forms.RegexField(
        r"^\d{5}$",
        label="Code postal",
        max_length=5,
        error_messages={"invalid": "Écrivez les cinq chiffres du code postal."},
        widget=django_forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    commune = django_forms.CharField(
        label="Commune",
        max_length=100,
        widget=django_forms.TextInput(
            attrs={"autocomplete": "address-level2", "data-suggest": "find:communes"}
        ),
    )
    position = django_forms.CharField(
        label="Position sur la carte",
        required=False,
        max_length=60,
        help_text="Latitude et longitude, par exemple 45.1885, 5.7245. Sans elles, "
        "le lieu est montré au centre de la commune.",
    )

    @staticmethod
    def values_of(place: Place) -> dict[str, Any]:
        exact = f"{place.latitude:.6f}, {place.longitude:.6f}"
        return {
            "address": place.address,
            "postcode": place.postcode,
            "commune": place.commune.name,
            "position": "" if place.stands_at_centre else exact,
        }

    def clean_position(self) -> tuple[float, float] | None:
        text = self.cleaned_data["position"].strip()
        if not text:
            return None
        try:
            latitude, longitude = (float(part) for part in text.replace(";", ",").split(","))
        except ValueError:
            raise django_forms.ValidationError(
                "Écrivez la latitude, une virgule, puis la longitude : 45.1885, 5.7245."
            ) from None
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise django_forms.ValidationError(
                "La latitude va de -90 à 90, la longitude de -180 à 180. Sont-elles inversées ?"
            )
        return latitude, longitude

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("postcode") and data.get("commune"):
            data["commune"] = self._commune(data["postcode"], data["commune"])
        return data

    def _commune(self, postcode: str, name: str) -> Commune | None:
        name = name.partition("(")[0]  # a suggestion says a postcode too; a commune has several
        found = suggest(f"{postcode} {name}", 1)
        if found:
            return found[0]
        near = [commune.name for commune in suggest(postcode, 5)]
        advice = (
            f"Avec ce code postal : {', '.join(near)}."
            if near
            else "Vérifiez aussi le code postal."
        )
        self.add_error("commune", f"Aucune commune de ce nom n’a ce code postal. {advice}")
        return None


class PlaceForm(AddressForm):
    """What it takes to begin a place: the rest comes after, page by page."""

    name = IdentityForm.base_fields["name"]
    kind = django_forms.ChoiceField(
        label="Nature du lieu", choices=[("", "Choisissez"), *PlaceKind.choices]
    )
    field_order = ["name", "kind", "address", "postcode", "commune", "position"]


class AccessForm(forms.ModelForm):
    """How to come, and for whom."""

    class Meta:
        model = Place
        fields = ["access", "is_accessible", "accessibility"]
        labels = {"access": "Comment venir et entrer"}
        help_texts = {
            "access": "Transports, stationnement, entrée à utiliser, où prendre les clés.",
            "is_accessible": "Cochez si l’entrée, les circulations et des toilettes le sont.",
            "accessibility": "Par exemple : rampe à l’arrière, porte de 90 cm, boucle magnétique.",
        }
        widgets = {"access": text_area(5), "accessibility": text_area(3)}


class SafetyForm(forms.ModelForm):
    """What the rules on establishments open to the public ask, and the rules of the house."""

    erp_type = django_forms.ChoiceField(
        label="Type d’établissement recevant du public",
        required=False,
        choices=[("", "Non renseigné"), *ErpType.choices],
    )
    erp_category = django_forms.TypedChoiceField(
        label="Catégorie",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", "Non renseignée"),
            ("1", "1re catégorie : plus de 1\u00a0500 personnes"),
            ("2", "2e catégorie : de 701 à 1\u00a0500 personnes"),
            ("3", "3e catégorie : de 301 à 700 personnes"),
            ("4", "4e catégorie : jusqu’à 300 personnes"),
            ("5", "5e catégorie : sous le seuil du type"),
        ],
    )

    class Meta:
        model = Place
        fields = ["erp_type", "erp_category", "max_attendance", "safety", "house_rules"]
        labels = {"max_attendance": "Effectif maximal du lieu"}
        help_texts = {
            "erp_type": "Il figure sur l’avis de la commission de sécurité.",
            "max_attendance": "Nombre de personnes, personnel compris, pour le lieu entier.",
            "safety": "Issues, extincteurs, numéro d’astreinte, point de rassemblement.",
            "house_rules": "Ce que chacun accepte en réservant : bruit, ménage, tri, horaires.",
        }
        widgets = {"safety": text_area(4), "house_rules": text_area(6)}


class PhotoForm(forms.Form):
    """One picture and what it shows."""

    file = django_forms.FileField(
        label="Photo",
        help_text="JPEG, PNG ou WebP, 10\u00a0Mo au plus. Sa date et son lieu de prise de vue "
        "sont effacés.",
        widget=django_forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": "Choisissez une photo.",
            "empty": "Ce fichier est vide. Choisissez une autre image.",
        },
    )
    alternative_text = django_forms.CharField(
        label="Description de la photo",
        max_length=250,
        error_messages={"required": "Décrivez la photo en quelques mots."},
        help_text="Pour les personnes qui ne voient pas l’image. Par exemple : la grande salle, "
        "tables en U, baies vitrées sur le parc.",
    )


class DescribePhotoForm(forms.Form):
    alternative_text = PhotoForm.base_fields["alternative_text"]


class RoleForm(forms.Form):
    """Someone, by their address, and what they do here."""

    email = django_forms.EmailField(
        label="Adresse électronique de la personne",
        help_text="Elle reçoit un message, et se connecte avec cette adresse.",
        widget=django_forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = django_forms.ChoiceField(
        label="Rôle", choices=PlaceRoleKind.choices, widget=django_forms.RadioSelect
    )


class PublishPlaceForm(forms.Form):
    with_spaces = django_forms.BooleanField(
        label="Publier aussi les espaces en brouillon", required=False, initial=True
    )


class ConfirmForm(forms.Form):
    """Nothing to type: the page says what will happen, the button does it."""
