"""Short forms of the guide: one question each, answered already where a usual answer exists."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.accounts.enums import OrganizationKind
from preau.accounts.forms import OrganizationForm
from preau.agreements.drafting.facts import Person
from preau.agreements.enums import AuthorityRole
from preau.availability.presets import PRESETS
from preau.core import forms
from preau.places.enums import PlaceKind, SpaceKind, UserCategory
from preau.places.forms.place import PlaceForm
from preau.places.forms.space import EssentialsForm
from preau.places.models import Place
from preau.pricing.enums import RateUnit, Residence
from preau.pricing.forms.fields import EurosField

#: What a place of this kind usually holds, and when it is usually open.
USUAL_SPACE = {
    PlaceKind.SALLE_DES_FETES: SpaceKind.SALLE_DES_FETES,
    PlaceKind.SALLE_POLYVALENTE: SpaceKind.SALLE_DES_FETES,
    PlaceKind.GYMNASE: SpaceKind.SALLE_SPORT,
    PlaceKind.AUDITORIUM: SpaceKind.AUDITORIUM,
    PlaceKind.ETABLISSEMENT_SCOLAIRE: SpaceKind.SALLE_CLASSE,
    PlaceKind.PLACE_PUBLIQUE: SpaceKind.PLACE_PUBLIQUE,
}
USUAL_HOURS = {
    PlaceKind.GYMNASE: "gymnase",
    PlaceKind.ETABLISSEMENT_SCOLAIRE: "classe",
    PlaceKind.PLACE_PUBLIQUE: "toujours",
}
UNITS = (RateUnit.HOUR, RateUnit.HALF_DAY, RateUnit.DAY, RateUnit.EVENING, RateUnit.WEEKEND)
WHERE = {Residence.LOCAL: "De la commune", Residence.OUTSIDE: "Hors commune"}


class StructureForm(OrganizationForm):
    """Who opens places: its number, and what it takes to recognise it."""

    rna = address = postcode = phone = None  # type: ignore[assignment]
    field_order = ("siret", "name", "kind", "commune")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"kind": OrganizationKind.COMMUNE})
        super().__init__(*args, **kwargs)
        self.fields["siret"].required = True
        self.fields["name"].help_text = "Par exemple : Mairie de Voreppe."


class FirstPlaceForm(PlaceForm):
    """Name, kind, address: the rest is for later."""

    position = None  # type: ignore[assignment]

    @staticmethod
    def begun(place: Place | None, commune: Any) -> dict[str, Any]:
        if place is None:
            return {"commune": commune.name, "postcode": commune.main_postcode}
        names = ("name", "kind", "address", "postcode")
        return {name: getattr(place, name) for name in names} | {"commune": place.commune.name}


class FirstSpaceForm(EssentialsForm):
    """What is booked, and for how many people."""

    class Meta(EssentialsForm.Meta):
        fields = ["name", "kind", "capacity"]

    @staticmethod
    def begun(place: Place) -> dict[str, Any]:
        kind = USUAL_SPACE.get(PlaceKind(place.kind), SpaceKind.SALLE_REUNION)
        return {"name": place.name, "kind": kind}


class HoursChoice(forms.Form):
    preset = fields.ChoiceField(
        label="Quels horaires s’en rapprochent le plus ?",
        choices=[(one.key, f"{one.name} : {one.summary}") for one in PRESETS],
        widget=fields.RadioSelect,
        help_text="Vous les ajusterez ensuite, jour par jour si vous voulez.",
    )

    @staticmethod
    def begun(place: Place) -> dict[str, Any]:
        return {"preset": USUAL_HOURS.get(PlaceKind(place.kind), "salle-des-fetes")}


class PriceForm(forms.Form):
    """Who books, and a simple price: two rows of five amounts."""

    mark_optional = False

    categories = fields.MultipleChoiceField(
        label="Qui peut réserver ?",
        choices=UserCategory.choices,
        widget=fields.CheckboxSelectMultiple,
        initial=list(UserCategory.values),
        error_messages={"required": "Cochez au moins une catégorie."},
    )
    kind = fields.ChoiceField(
        label="À quel prix ?",
        choices=[
            ("gratuit", "C’est gratuit"),
            ("payant", "C’est payant, aux prix écrits ci-dessous"),
            ("demande", "Le prix se fixe à chaque demande"),
        ],
        widget=fields.RadioSelect,
        initial="gratuit",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for where in WHERE:
            for unit in UNITS:
                self.fields[f"{where}_{unit}"] = EurosField(label=str(unit.label), required=False)

    def rows(self) -> list[tuple[str, list[Any]]]:
        """(legend, fields) of those of the commune, then of others."""
        return [(words, [self[f"{one}_{unit}"] for unit in UNITS]) for one, words in WHERE.items()]

    @property
    def opens_prices(self) -> bool:
        """Whether the amounts are shown at once: there is something to mend, or to read again."""
        return self.is_bound and self.data.get("kind") == "payant"

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("kind") == "payant" and not self.errors:
            if not self.prices():
                first = f"{Residence.LOCAL}_{UNITS[0]}"
                self.add_error(first, "Écrivez au moins un prix, ou choisissez « C’est gratuit ».")
            for unit in UNITS:
                here = data.get(f"{Residence.LOCAL}_{unit}")
                if data.get(f"{Residence.OUTSIDE}_{unit}") is not None and here is None:
                    self.add_error(
                        f"{Residence.LOCAL}_{unit}",
                        "Écrivez aussi le prix pour la commune : 0 si c’est gratuit.",
                    )
        return data

    def prices(self) -> dict[tuple[str, str], int]:
        """(residence, unit) → cents; one price alone is everyone's."""
        found: dict[tuple[str, str], int] = {}
        for unit in UNITS:
            here = self.cleaned_data.get(f"{Residence.LOCAL}_{unit}")
            away = self.cleaned_data.get(f"{Residence.OUTSIDE}_{unit}")
            if here is not None and away is not None:
                found[Residence.LOCAL, unit], found[Residence.OUTSIDE, unit] = here, away
            elif here is not None:
                found["", unit] = here
        return found


class AccordForm(forms.Form):
    """Whose accord, and whether an insurance certificate is asked."""

    accord = fields.ChoiceField(
        label="Qui donne son accord à une demande ?",
        widget=fields.RadioSelect,
        initial="gestionnaire",
    )
    insurance = fields.ChoiceField(
        label="Demandez-vous une attestation d’assurance aux structures ?",
        choices=[
            ("suivre", "Oui, elle peut suivre la demande"),
            ("demande", "Oui, dès la demande"),
            ("non", "Non"),
        ],
        widget=fields.RadioSelect,
        initial="suivre",
        help_text="Celle qui couvre leur responsabilité pendant l’occupation.",
    )

    def __init__(self, *args: Any, is_school: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("gestionnaire", "Une personne chargée de la gestion : chez vous, sous 5 jours"),
            ("personne", "Personne : la réservation est confirmée aussitôt"),
        ]
        if is_school:
            words = "La direction de l’établissement, puis votre structure"
            choices.insert(0, ("etablissement", words))
            self.initial.setdefault("accord", "etablissement")
        self.fields["accord"].choices = choices  # type: ignore[attr-defined]


class AgreementChoice(forms.Form):
    answer = fields.ChoiceField(
        label="Faites-vous signer une convention ?",
        choices=[
            ("national", "Oui, avec le modèle national, tel quel"),
            ("copie", "Oui, avec une copie de ce modèle que nous adapterons"),
            ("aucune", "Non, pas de convention"),
        ],
        widget=fields.RadioSelect,
        initial="national",
    )


class SignatoryForm(forms.Form):
    """Who signs for the structure, and for a school its head."""

    NAMES = (
        (AuthorityRole.OWNER, "owner", "pour votre structure"),
        (AuthorityRole.HEAD_OF_SCHOOL, "head", "pour l’établissement"),
    )

    def __init__(self, *args: Any, roles: list[AuthorityRole], kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [one for one in self.NAMES if one[0] in roles]
        off = {"autocomplete": "off"}
        for role, key, _ in self.asked:
            is_town = role == AuthorityRole.OWNER and kind == OrganizationKind.COMMUNE
            self.fields[f"{key}_name"] = fields.CharField(
                label="Prénom et nom", max_length=120, widget=fields.TextInput(attrs=off)
            )
            self.fields[f"{key}_capacity"] = fields.CharField(
                label="Qualité, comme elle sera écrite",
                max_length=120,
                initial="maire" if is_town else "",
                help_text="Par exemple : maire ; présidente ; directeur du collège.",
            )
            self.fields[f"{key}_email"] = fields.EmailField(
                label="Adresse électronique",
                help_text="Le lien et le code de signature y sont envoyés.",
                widget=fields.EmailInput(attrs=off),
            )

    def rows(self) -> list[tuple[str, list[Any]]]:
        parts = ("name", "capacity", "email")
        return [
            (f"Qui signe {words} ?", [self[f"{key}_{part}"] for part in parts])
            for _, key, words in self.asked
        ]

    def people(self) -> dict[AuthorityRole, Person]:
        data = self.cleaned_data
        return {
            role: Person(
                name=data[f"{key}_name"],
                email=data[f"{key}_email"],
                capacity=data[f"{key}_capacity"],
            )
            for role, key, _ in self.asked
        }
