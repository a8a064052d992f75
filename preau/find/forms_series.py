"""A rhythm looked for around a place: which day, which hours, until when, for how many."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from preau.availability.queries.search import Filters, Where
from preau.booking.forms.series import RhythmForm
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.formats import WEEKDAYS
from preau.find.addresses import commune_of, find_address, unknown
from preau.find.forms import DEFAULT_RADIUS, RADII
from preau.integrations.geocoder import Address
from preau.integrations.http import Unavailable
from preau.places.enums import SpaceKind
from preau.territories.models import Commune
from preau.territories.queries import resolve


class SeriesSearchForm(RhythmForm):
    """« Tous les mardis de 18 h à 20 h jusqu’en juin, autour de Voreppe »"""

    ou = django_forms.CharField(
        label="Où ?",
        max_length=100,
        widget=django_forms.TextInput(
            attrs={
                "placeholder": "Commune ou code postal",
                "autocomplete": "off",
                "data-suggest": "find:communes",
            }
        ),
        error_messages={"required": "Indiquez une commune ou un code postal."},
    )
    rayon = django_forms.TypedChoiceField(
        label="À moins de",
        choices=[(km, f"{km} km") for km in RADII],
        coerce=int,
        initial=DEFAULT_RADIUS,
    )
    personnes = django_forms.IntegerField(
        label="Combien de personnes ?", required=False, min_value=1, max_value=100_000
    )
    jour = django_forms.ChoiceField(
        label="Quel jour ?", choices=[(day, day.capitalize()) for day in WEEKDAYS]
    )
    type = django_forms.ChoiceField(
        label="Nature de l’espace", required=False, choices=[("", "Toutes"), *SpaceKind.choices]
    )
    pmr = django_forms.BooleanField(
        label="Accessible aux personnes à mobilité réduite", required=False
    )
    field_order = ("ou", "rayon", "personnes", "jour", "premier", "jusquau", "de", "a")

    def __init__(self, query: QueryDict) -> None:
        data = query.copy()
        data.setdefault("rayon", str(DEFAULT_RADIUS))
        data.setdefault("rythme", "semaine")
        initial = {name: query[name] for name in ("ou", "personnes") if query.get(name)}
        begun = any(name in query for name in ("de", "a", "jusquau"))
        super().__init__(data if begun else None, initial=initial)
        self.fields["premier"].required = False
        self.fields["premier"].label = "À partir du"
        self.fields["premier"].help_text = "Demain, si rien n’est dit."
        self.commune: Commune | None = None
        self.address: Address | None = None

    @property
    def today(self) -> date:
        """There, once it is known where."""
        return clock.today(ZoneInfo(self.commune.time_zone)) if self.commune else clock.today()

    def clean_ou(self) -> str:
        """Before the days, which are those of the commune."""
        text: str = self.cleaned_data["ou"]
        try:
            self.commune = self._locate(text)
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal
        return text

    def clean_premier(self) -> date:
        """The first such weekday from the day typed, or from tomorrow."""
        if self.cleaned_data.get("premier"):
            first = super().clean_premier()
        else:
            first = self.today + timedelta(days=1)
        if name := self.cleaned_data.get("jour"):
            first += timedelta(days=(WEEKDAYS.index(name) - first.weekday()) % 7)
        return first

    def _locate(self, text: str) -> Commune:
        is_away = False
        try:
            self.address = find_address(text)
        except Unavailable:
            is_away = True
        commune = commune_of(self.address) if self.address else resolve(text)
        if commune is None:
            raise unknown(text, is_away=is_away)
        return commune

    @property
    def where(self) -> Where:
        if self.commune is None:
            raise ValueError("Only a valid form says where.")
        latitude, longitude = self.commune.centre
        if self.address is not None:
            latitude, longitude = self.address.latitude, self.address.longitude
        return Where(latitude, longitude, float(self.cleaned_data["rayon"]))

    @property
    def filters(self) -> Filters:
        data = self.cleaned_data
        return Filters(
            people=data["personnes"] or 1,
            kinds=(data["type"],) if data["type"] else (),
            accessible=data["pmr"],
        )
