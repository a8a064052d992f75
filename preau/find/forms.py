"""What a visitor asks: where, when, for how many, with what. All of it stands in the address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms as django_forms
from django.http import QueryDict
from django.utils.text import slugify

from preau.availability.opening_index import HORIZON
from preau.availability.queries.search import Evenings, Filters, Where
from preau.core import clock, forms
from preau.core.errors import Refusal
from preau.core.timeranges import Period, local_instant
from preau.find.addresses import commune_of, find_address, unknown
from preau.find.criteria import Criteria
from preau.find.prices import PriceWanted
from preau.integrations.geocoder import Address
from preau.integrations.http import Unavailable
from preau.places.enums import Equipment, SpaceKind
from preau.territories.models import Commune
from preau.territories.queries import meant, nearest_commune

RADII = (5, 10, 15, 30, 50)
DEFAULT_RADIUS = 15
DURATIONS = (60, 90, 120, 180, 240, 480)
DEFAULT_DURATION = 120
EVENING = (18 * 60, 22 * 60)
WEEKS_AHEAD = 4
#: A party that ends in the small hours ends the next day.
SMALL_HOURS = 6 * 60
LONGEST_VALUE = 200
MOST_VALUES = 40
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
EQUIPMENT = {slugify(one.label.replace("’", " ")): one for one in Equipment}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def readable(query: QueryDict, names: Iterable[str]) -> QueryDict:
    """The address's values without what no keyboard types, and none that is endless."""
    clean = QueryDict(mutable=True)
    for name in names:
        values = [_CONTROLS.sub(" ", one[:LONGEST_VALUE]) for one in query.getlist(name)]
        values = [one.strip() for one in values[:MOST_VALUES] if one.strip()]
        if values:
            clean.setlist(name, values)
    return clean


def _hours(value: int) -> str:
    return f"{value // 60} h" + (f" {value % 60:02d}" if value % 60 else "")


def _minutes(value: time) -> int:
    return value.hour * 60 + value.minute


class SearchForm(forms.Form):
    mark_optional = False
    ou = django_forms.CharField(
        label="Où ?",
        required=False,
        max_length=100,
        widget=django_forms.TextInput(
            attrs={
                "placeholder": "Commune ou code postal",
                "autocomplete": "off",
                "data-suggest": "find:communes",
            }
        ),
        error_messages={"max_length": "Une commune ou un code postal suffit : écrivez moins."},
    )
    lat = django_forms.FloatField(
        required=False, min_value=-90, max_value=90, widget=django_forms.HiddenInput
    )
    lon = django_forms.FloatField(
        required=False, min_value=-180, max_value=180, widget=django_forms.HiddenInput
    )
    rayon = django_forms.TypedChoiceField(
        label="Jusqu’à",
        required=False,
        choices=[(km, f"{km} km") for km in RADII],
        coerce=int,
        error_messages={"invalid_choice": "Choisissez une distance de la liste."},
    )
    personnes = django_forms.IntegerField(
        label="Combien de personnes ?",
        required=False,
        min_value=1,
        max_value=100_000,
        error_messages={
            "min_value": "Indiquez au moins une personne.",
            "max_value": "Aucun lieu ne contient autant de personnes.",
        },
    )
    jour = forms.DateField(label="Quel jour ?", required=False)
    debut = forms.TimeField(label="De", required=False)
    fin = forms.TimeField(label="À", required=False)
    jours = django_forms.MultipleChoiceField(
        label="L’un de ces jours",
        required=False,
        choices=[(day, day.capitalize()) for day in WEEKDAYS],
        widget=django_forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choisissez des jours de la semaine."},
    )
    duree = django_forms.TypedChoiceField(
        label="Pendant",
        required=False,
        choices=[(minutes, _hours(minutes)) for minutes in DURATIONS],
        coerce=int,
        error_messages={"invalid_choice": "Choisissez une durée de la liste."},
    )
    type = django_forms.MultipleChoiceField(
        label="Nature de l’espace",
        required=False,
        choices=SpaceKind.choices,
        widget=django_forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choisissez une nature d’espace de la liste."},
    )
    equipement = django_forms.MultipleChoiceField(
        label="Équipement",
        required=False,
        choices=[(slug, one.label) for slug, one in EQUIPMENT.items()],
        widget=django_forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choisissez un équipement de la liste."},
    )
    pmr = django_forms.BooleanField(
        label="Accessible aux personnes à mobilité réduite", required=False
    )
    tarif = django_forms.ChoiceField(
        label="Tarif",
        required=False,
        choices=[("", "Tous"), ("gratuit", "Gratuit"), ("payant", "Payant ou sur demande")],
        error_messages={"invalid_choice": "Choisissez un tarif de la liste."},
    )

    prix = django_forms.IntegerField(
        label="Prix maximum pour vous, en euros",
        required=False,
        min_value=0,
        max_value=100_000,
        error_messages={
            "min_value": "Indiquez un prix maximum en euros, 0 pour la gratuité.",
            "max_value": "Aucun espace n’est aussi cher : laissez vide.",
        },
    )

    def __init__(self, query: QueryDict) -> None:
        data = readable(query, self.base_fields)
        #: Nothing asked yet: the page invites, and blames for nothing.
        self.is_fresh = not data
        usual = {"rayon": str(DEFAULT_RADIUS), "duree": str(DEFAULT_DURATION)}
        for name, value in usual.items():
            data.setdefault(name, value)
        super().__init__(None if self.is_fresh else data, initial=usual)
        self.query = data
        self.commune: Commune | None = None
        self.address: Address | None = None
        #: Other communes that the name typed may mean, most populated first.
        self.namesakes: list[Commune] = []

    @property
    def is_around_me(self) -> bool:
        return "lat" in self.query and "ou" not in self.query

    @property
    def wants_days(self) -> bool:
        return "jours" in self.query

    @property
    def has_trouble_inside(self) -> bool:
        """Whether a field that is folded away has something to say."""
        return bool(self.errors.keys() & {"rayon", "tarif", "prix", "type", "equipement", "duree"})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            if not self.errors.keys() & {"ou", "lat", "lon"}:
                self.commune = self._locate(data)
            if not self.errors:
                self._check_days(data)
                self._check_hours(data)
                self._check_price(data)
        except Refusal as refusal:
            self.refuse(refusal)
        return data

    def _locate(self, data: dict[str, Any]) -> Commune:
        if data["ou"]:
            is_away = False
            try:
                self.address = find_address(data["ou"])
            except Unavailable:
                is_away = True
            if self.address:
                commune = commune_of(self.address)
            else:
                commune, self.namesakes = meant(data["ou"])
            if commune is None:
                raise unknown(data["ou"], is_away=is_away)
            return commune
        if data["lat"] is None or data["lon"] is None:
            raise Refusal("Indiquez une commune ou un code postal.", field="ou")
        commune = nearest_commune(data["lat"], data["lon"])
        if commune is None:
            raise Refusal("Cette position est hors de France. Indiquez une commune.", field="ou")
        return commune

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.commune.time_zone if self.commune else "Europe/Paris")

    def _check_days(self, data: dict[str, Any]) -> None:
        day: date | None = data["jour"]
        if day is None:
            return
        if data["jours"]:
            raise Refusal(
                "Choisissez soit un jour précis, soit des jours de la semaine : effacez l’un des"
                " deux.",
                field="jour",
            )
        today = clock.today(self.zone)
        if day < today:
            raise Refusal("Ce jour est passé. Choisissez une date à venir.", field="jour")
        if day > today + HORIZON - timedelta(days=2):
            raise Refusal(
                "Aucun lieu ne se réserve si longtemps à l’avance. Choisissez une date plus"
                " proche.",
                field="jour",
            )

    def _check_hours(self, data: dict[str, Any]) -> None:
        start, end = data["debut"], data["fin"]
        if start is None and end is None:
            return
        if not (data["jour"] or data["jours"]):
            raise Refusal("Indiquez aussi le jour.", field="jour")
        for name, value in (("debut", start), ("fin", end)):
            if value is not None and (value.minute % 15 or value.second):
                raise Refusal(
                    "Les horaires vont de quart d’heure en quart d’heure, par exemple 18 h 15.",
                    field=name,
                )
        if start is None:
            raise Refusal("Indiquez aussi l’heure de début.", field="debut")
        first, last = _hours_asked(start, end, data)
        if last <= first or (data["jours"] and last > 1440):
            raise Refusal("L’heure de fin est après l’heure de début.", field="fin")
        if data["jours"] and last - first < data["duree"]:
            raise Refusal("Entre ces deux heures, la durée demandée ne tient pas.", field="duree")
        if data["jour"]:
            self._check_period(data["jour"], first, last)

    def _check_period(self, day: date, first: int, last: int) -> None:
        start = self._instant(day, first)
        if start < clock.now():
            raise Refusal("Cette heure est passée. Choisissez une heure à venir.", field="debut")
        if start >= self._instant(day, last):
            raise Refusal(
                "Ces heures n’existent pas ce jour-là : on y passe à l’heure d’été.", field="debut"
            )

    def _instant(self, day: date, minute: int) -> datetime:
        return local_instant(day, minute, self.zone)

    def criteria(self) -> Criteria:
        """What is asked, ready for the engine. The form is valid."""
        data, commune = self.cleaned_data, self.commune
        if commune is None:
            raise ValueError("Only a valid form says where.")
        latitude, longitude = self._centre(data, commune)
        period, evenings = self._when(data)
        return Criteria(
            where=Where(latitude, longitude, float(data["rayon"])),
            commune=commune,
            around_me=not data["ou"],
            address=self.address.label if self.address else "",
            filters=Filters(
                people=data["personnes"] or 1,
                kinds=tuple(data["type"]),
                equipment=sum(1 << EQUIPMENT[slug] for slug in data["equipement"]),
                accessible=data["pmr"],
            ),
            price=self._price(data),
            period=period,
            evenings=evenings,
            day=data["jour"],
        )

    def _price(self, data: dict[str, Any]) -> PriceWanted | None:
        if data["tarif"] == "gratuit":
            return PriceWanted(most_cents=0)
        if data["prix"] is not None:
            return PriceWanted(most_cents=data["prix"] * 100)
        return PriceWanted(not_free=True) if data["tarif"] == "payant" else None

    def _check_price(self, data: dict[str, Any]) -> None:
        if data["prix"] is None:
            return
        if not (data["jour"] or data["jours"]):
            raise Refusal("Indiquez aussi le jour et la durée : le prix en dépend.", field="prix")
        if data["tarif"] == "payant":
            raise Refusal(
                "Choisissez soit un prix maximum, soit « Payant ou sur demande ».", field="prix"
            )

    def _centre(self, data: dict[str, Any], commune: Commune) -> tuple[float, float]:
        if self.address is not None:
            return self.address.latitude, self.address.longitude
        return commune.centre if data["ou"] else (data["lat"], data["lon"])

    def _when(self, data: dict[str, Any]) -> tuple[Period | None, Evenings | None]:
        day, start, end = data["jour"], data["debut"], data["fin"]
        if data["jours"]:
            hours = _hours_asked(start, end, data) if start else EVENING
            return None, Evenings(self._coming(data["jours"]), *hours, data["duree"])
        if day is None:
            return None, None
        if start is None:
            return None, Evenings((day,), 0, 1440, data["duree"])
        first, last = _hours_asked(start, end, data)
        return Period(self._instant(day, first), self._instant(day, last)), None

    def _coming(self, names: list[str]) -> tuple[date, ...]:
        today = clock.today(self.zone)
        wanted = {WEEKDAYS.index(name) for name in names}
        days = (today + timedelta(days=n) for n in range(7 * WEEKS_AHEAD))
        return tuple(day for day in days if day.weekday() in wanted)


def _hours_asked(start: time, end: time | None, data: dict[str, Any]) -> tuple[int, int]:
    """Minutes since the midnight that begins the day; midnight and the small hours are the next."""
    first = _minutes(start)
    if end is None:
        if data["jour"]:
            return first, first + data["duree"]
        return first, EVENING[1] if first < EVENING[1] else 1440
    last = _minutes(end)
    return first, last + 1440 if last <= min(first, SMALL_HOURS) else last
