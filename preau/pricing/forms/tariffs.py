"""A tariff's own words, its lines of every sort, where it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Any, ClassVar

from django import forms as fields
from django.db.models import Model

from preau.core import forms
from preau.core.french import by_name
from preau.core.vat import choices_in, percent, rates_in
from preau.places.enums import Publication
from preau.places.models import Place, Space
from preau.places.queries import departements_of
from preau.pricing.enums import OptionUnit, QuotaKind, QuotaPer
from preau.pricing.forms.fields import (
    ROW_BY_KEY,
    ROW_CHOICES,
    EurosField,
    YearDayField,
    row_key,
)
from preau.pricing.models import CancellationTier, Deposit, Option, Quota, Season, Tariff

EVERYONE = row_key("", "")


class NameForm(forms.Form):
    name = fields.CharField(
        label="Nom du tarif", help_text="Par exemple « Salles des fêtes »", max_length=120
    )


class SettingsForm(forms.Form):
    name = fields.CharField(label="Nom du tarif", max_length=120)
    description = fields.CharField(
        label="Présentation",
        help_text="Lue par le public au-dessus de la grille",
        max_length=2000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 3}),
    )
    vat_rate = fields.TypedChoiceField(
        label="TVA comprise dans les prix",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Les prix de la grille sont toutes taxes comprises. Un changement vaut pour les "
        "prochaines réservations.",
    )
    vat_note = fields.CharField(
        label="Mention de TVA",
        help_text="Lue sous les prix quand aucune TVA n’y est comprise",
        max_length=120,
        required=False,
    )
    minimum_cents = EurosField(
        label="Minimum de facturation, en euros",
        help_text="Par réservation payante ; 0 pour ne pas en avoir",
        required=False,
    )
    morning_start = forms.TimeField(label="Début de la matinée")
    afternoon_start = forms.TimeField(label="Début de l’après-midi")
    evening_start = forms.TimeField(label="Début de la soirée")
    evening_end = forms.TimeField(
        label="Fin de la soirée", help_text="Au plus tard 4 h du lendemain"
    )
    HOURS: ClassVar = ("morning_start", "afternoon_start", "evening_start", "evening_end")

    def __init__(self, *args: Any, tariff: Tariff, **kwargs: Any) -> None:
        names = ("name", "description", "vat_rate", "vat_note", "minimum_cents")
        kwargs["initial"] = {name: getattr(tariff, name) for name in names} | {
            name: time(getattr(tariff, name) // 60 % 24, getattr(tariff, name) % 60)
            for name in self.HOURS
        }
        super().__init__(*args, **kwargs)
        rate: Any = self.fields["vat_rate"]
        there = departements_of(tariff.organization)
        rate.choices = [("", "Aucune : TVA non applicable"), *choices_in(there)]
        now = tariff.vat_rate
        if now is not None and now not in rates_in(there):  # kept until another is chosen
            rate.choices = [*rate.choices, (now, percent(now))]

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["minimum_cents"] = data["minimum_cents"] or 0
        for name in self.HOURS:
            data[name] = data[name].hour * 60 + data[name].minute
        if data["evening_end"] <= data["evening_start"]:
            data["evening_end"] += 1440
        return data


class LineForm(forms.Form):
    """A line of a list: kept, changed, taken away, or new."""

    id = fields.IntegerField(required=False, widget=fields.HiddenInput)
    remove = fields.BooleanField(label="Retirer cette ligne", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "remove"] + ["remove"])
        if not self.initial.get("id"):
            del self.fields["remove"]

    @staticmethod
    def initial_of(line: Any) -> dict[str, Any]:
        """What the form shows of a line that is there."""
        return {}

    def row(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        if "who" in data:
            data["audience"], data["residence"] = ROW_BY_KEY[data.pop("who")]
        return data


def who_field() -> fields.ChoiceField:
    return fields.ChoiceField(label="Pour qui", choices=ROW_CHOICES, initial=EVERYONE)


def _who(line: Any) -> dict[str, Any]:
    return {"who": row_key(line.audience, line.residence)}


class SeasonForm(LineForm):
    name = fields.CharField(label="Nom de la saison", max_length=60)
    first_day = YearDayField(label="Du", help_text="Par exemple 15/06")
    last_day = YearDayField(label="Au (inclus)")

    @staticmethod
    def initial_of(line: Season) -> dict[str, Any]:
        return {"name": line.name, "first_day": line.first_day, "last_day": line.last_day}


class QuotaForm(LineForm):
    who = who_field()
    number = fields.IntegerField(label="Combien", min_value=1, max_value=9999)
    kind = fields.ChoiceField(label="De quoi", choices=QuotaKind.choices, initial=QuotaKind.COUNT)
    per = fields.ChoiceField(label="Par", choices=QuotaPer.choices, initial=QuotaPer.YEAR)
    term_only = fields.BooleanField(label="En période scolaire seulement", required=False)

    @staticmethod
    def initial_of(line: Quota) -> dict[str, Any]:
        number = line.limit // 60 if line.kind == QuotaKind.MINUTES else line.limit
        return {"number": number, "kind": line.kind, "per": line.per} | {
            "term_only": line.term_only,
            **_who(line),
        }

    def row(self) -> dict[str, Any]:
        data = super().row()
        data["limit"] = data.pop("number") * (60 if data["kind"] == QuotaKind.MINUTES else 1)
        return data


class DepositForm(LineForm):
    who = who_field()
    amount_cents = EurosField(label="Caution, en euros")

    @staticmethod
    def initial_of(line: Deposit) -> dict[str, Any]:
        return {"amount_cents": line.amount_cents, **_who(line)}


class TierForm(LineForm):
    hours_before = fields.IntegerField(
        label="À moins de… heures du début", help_text="48 h pour deux jours", min_value=1
    )
    fee_percent = fields.IntegerField(label="Part due, en %", min_value=1, max_value=100)

    @staticmethod
    def initial_of(line: CancellationTier) -> dict[str, Any]:
        return {"hours_before": line.hours_before, "fee_percent": line.fee_percent}


class OptionForm(LineForm):
    name = fields.CharField(label="Nom de l’option", max_length=120)
    description = fields.CharField(label="Précision", max_length=250, required=False)
    amount_cents = EurosField(label="Prix, en euros", help_text="0 si elle est gratuite")
    unit = fields.ChoiceField(
        label="Compté", choices=OptionUnit.choices, initial=OptionUnit.BOOKING
    )
    stock = fields.IntegerField(
        label="Nombre disponible", help_text="Vide : sans limite", min_value=0, required=False
    )

    @staticmethod
    def initial_of(line: Option) -> dict[str, Any]:
        names = ("name", "description", "amount_cents", "unit", "stock")
        return {name: getattr(line, name) for name in names}


class PlaceOptionForm(OptionForm):
    spaces = fields.ModelMultipleChoiceField(
        label="Pour quels espaces",
        help_text="Aucun coché : tous les espaces du lieu",
        queryset=Space.objects.none(),
        required=False,
        widget=fields.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["spaces"]
        chosen.queryset = place.spaces.exclude(publication=Publication.ARCHIVED).order_by(
            *by_name("name")
        )

    @staticmethod
    def initial_of(line: Option) -> dict[str, Any]:
        return OptionForm.initial_of(line) | {"spaces": [one.pk for one in line.spaces.all()]}


@dataclass(frozen=True)
class Kind:
    """One sort of lines: its address, its words, its form."""

    key: str
    title: str
    lead: str
    model: Any
    form: type[LineForm]
    saved: str

    def lines(self, owner: Model) -> Iterable[Any]:
        link: dict[str, Any] = {"tariff": owner} if isinstance(owner, Tariff) else {"place": owner}
        if hasattr(self.model, "is_archived"):
            link["is_archived"] = False
        return list(self.model.objects.filter(**link))


KINDS = {
    kind.key: kind
    for kind in [
        Kind(
            "saisons",
            "Saisons",
            "Une saison a ses propres prix dans la grille ; les autres jours suivent les prix de "
            "toute l’année. Elle peut passer le 1er janvier.",
            Season,
            SeasonForm,
            "Les saisons sont enregistrées. Donnez-leur des prix dans la grille.",
        ),
        Kind(
            "gratuites",
            "Gratuités",
            "Par exemple : deux réservations gratuites par an pour les associations de la commune, "
            "ou dix heures par semaine en période scolaire.",
            Quota,
            QuotaForm,
            "Les gratuités sont enregistrées.",
        ),
        Kind(
            "cautions",
            "Cautions",
            "La caution est rendue après l’utilisation. La ligne la plus précise l’emporte.",
            Deposit,
            DepositForm,
            "Les cautions sont enregistrées.",
        ),
        Kind(
            "annulation",
            "Frais d’annulation",
            "Ce que l’occupant doit s’il annule tard. Sans ligne, l’annulation est gratuite.",
            CancellationTier,
            TierForm,
            "Les frais d’annulation sont enregistrés.",
        ),
        Kind(
            "options",
            "Options",
            "Ce que l’on peut ajouter partout où ce tarif s’applique. Le nombre disponible est "
            "partagé entre tous ces lieux.",
            Option,
            OptionForm,
            "Les options sont enregistrées.",
        ),
    ]
}


class AssignForm(forms.Form):
    places = fields.ModelMultipleChoiceField(
        label="Lieux entiers",
        help_text="Le tarif vaut pour chaque espace qui n’en a pas un à lui",
        queryset=Place.objects.none(),
        required=False,
        widget=fields.CheckboxSelectMultiple,
    )
    spaces = fields.ModelMultipleChoiceField(
        label="Espaces",
        help_text="Le tarif d’un espace passe avant celui de son lieu",
        queryset=Space.objects.none(),
        required=False,
        widget=fields.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, tariff: Tariff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["places"]
        spaces: Any = self.fields["spaces"]
        owned = Place.objects.filter(owner=tariff.organization_id)
        places.queryset = owned.exclude(publication=Publication.ARCHIVED).order_by(*by_name("name"))
        spaces.queryset = (
            Space.objects.filter(place__in=places.queryset)
            .exclude(publication=Publication.ARCHIVED)
            .select_related("place")
            .order_by(*by_name("place__name", "name"))
        )
        spaces.label_from_instance = lambda one: f"{one.place.name} – {one.name}"
