"""What is typed about a rhythm: when it comes back, what to do of each conflict, which dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError

from preau.availability.opening_index import HORIZON
from preau.booking.enums import Frequency
from preau.booking.forms.answers import MoveForm, reason_field
from preau.booking.models import Booking, BookingDate
from preau.booking.patterns import MOST_DATES, Pattern, Why
from preau.booking.series_queries import PlannedDate, SeriesPlan, nearby_spaces
from preau.core import clock, forms
from preau.core.formats import count, day
from preau.core.timeranges import Period
from preau.places.models import Space

ALL, FREE = "tout", "libres"
LONGEST_DAYS = {Frequency.WEEKLY: 6, Frequency.FORTNIGHTLY: 13, Frequency.MONTHLY: 21}


class RhythmForm(forms.Form):
    """A rhythm, in wall time. The names are those of the address."""

    mark_optional = False
    rythme = django_forms.ChoiceField(
        label="Rythme", choices=Frequency.choices, initial=Frequency.WEEKLY
    )
    premier = forms.DateField(
        label="Première date", help_text="Elle donne le jour de la semaine, et son rang du mois."
    )
    jusquau = forms.DateField(label="Jusqu’au")
    de = forms.TimeField(label="De")
    a = forms.TimeField(label="À")
    sauf_vacances = django_forms.BooleanField(label="Sauf vacances scolaires", required=False)
    sauf_feries = django_forms.BooleanField(label="Sauf jours fériés", required=False, initial=True)

    @property
    def today(self) -> date:
        return clock.today()

    @property
    def days_each(self) -> int:
        """How many days each date lasts."""
        return 1

    def clean_premier(self) -> date:
        first: date = self.cleaned_data["premier"]
        if first < self.today:
            raise ValidationError("Ce jour est passé. Choisissez une date à venir.")
        return _not_too_far(first, self.today)

    def clean_jusquau(self) -> date:
        return _not_too_far(self.cleaned_data["jusquau"], self.today)

    def clean_de(self) -> time:
        return _on_quarter(self.cleaned_data["de"])

    def clean_a(self) -> time:
        return _on_quarter(self.cleaned_data["a"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"rythme", "premier", "jusquau", "de", "a"} <= data.keys() and not self.errors:
            self._read(data)
        return data

    def _read(self, data: dict[str, Any]) -> None:
        frequency = Frequency(data["rythme"])
        if data["jusquau"] < data["premier"]:
            self.add_error("jusquau", "La dernière date suit la première.")
            return
        start, minutes = hours_of(data["de"], data["a"], self.days_each)
        if minutes > LONGEST_DAYS[frequency] * 1440:
            self.add_error("a", "À ce rythme, une date finirait après le début de la suivante.")
            return
        pattern = Pattern(
            frequency=frequency,
            first_day=data["premier"],
            last_day=data["jusquau"],
            start_minute=start,
            minutes=minutes,
            skips_school_holidays=data["sauf_vacances"],
            skips_public_holidays=data["sauf_feries"],
        )
        if len(pattern.days()) > MOST_DATES:
            self.add_error(
                "jusquau", f"Cela fait plus de {MOST_DATES} dates : choisissez une fin plus proche."
            )
            return
        data["pattern"] = pattern

    @property
    def pattern(self) -> Pattern | None:
        return self.cleaned_data.get("pattern") if self.is_bound and self.is_valid() else None


class SeriesForm(RhythmForm):
    """The rhythm wanted of one space."""

    jours = django_forms.IntegerField(
        label="Nombre de jours à chaque fois", min_value=1, max_value=21, initial=1, required=False
    )
    postes = django_forms.IntegerField(label="Nombre de postes", min_value=1, initial=1)

    def __init__(self, *args: Any, space: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.space = space
        if space.max_minutes <= 1440:
            del self.fields["jours"]
        if space.is_pool:
            size = space.units.count()
            self.fields["postes"] = django_forms.IntegerField(
                label="Nombre de postes",
                min_value=1,
                max_value=size,
                initial=1,
                help_text=f"Sur {size} au total",
            )
        else:
            del self.fields["postes"]

    @property
    def today(self) -> date:
        return clock.today(self.space.place.zone)

    @property
    def days_each(self) -> int:
        return int(self.cleaned_data.get("jours") or 1)

    @property
    def quantity(self) -> int:
        return int(self.cleaned_data.get("postes") or 1)


class ChoicesForm(forms.Form):
    """What to do of each date of a plan: keep it, leave it, take something else instead."""

    mark_optional = False
    gardees = django_forms.MultipleChoiceField(
        label="Dates libres",
        required=False,
        widget=django_forms.CheckboxSelectMultiple,
        help_text="Décochez celles dont vous n’avez pas besoin.",
    )
    mode = django_forms.ChoiceField(
        label="S’il reste des dates non libres",
        choices=[
            (FREE, "Réserver les dates libres et les remplacements choisis"),
            (ALL, "Toutes les dates ou rien : je ne réserve que si chacune a une solution"),
        ],
        initial=FREE,
        widget=django_forms.RadioSelect,
    )

    def __init__(self, *args: Any, plan: SeriesPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        free = [(one.day.isoformat(), day(one.day)) for one in plan.free]
        field = self.fields["gardees"]
        field.choices = free  # type: ignore[attr-defined]
        field.initial = [value for value, _ in free]
        field.valid_value = lambda value: True  # type: ignore[attr-defined]
        if not plan.conflicts:
            del self.fields["mode"]
        for one in plan.conflicts:
            self.fields[name_of(one)] = _choice_of(one)

    @property
    def conflict_fields(self) -> list[Any]:
        return [self[name_of(one)] for one in self.plan.conflicts]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        free = {one.day.isoformat() for one in self.plan.free}
        lost = [one.day for one in self.plan.conflicts if one.day.isoformat() in self._kept()]
        for one in lost:
            self.add_error(None, f"La date du {day(one)} vient d’être prise : voyez plus bas.")
        data["gardees"] = [value for value in data.get("gardees", []) if value in free]
        left = [one for one in self.plan.conflicts if not data.get(name_of(one))]
        if data.get("mode") == ALL and left and not self.errors:
            many = count(len(left), "date reste", "dates restent")
            self.add_error(
                "mode", f"{many} sans solution. Choisissez un remplacement, ou les dates libres."
            )
        if not self.errors and not self.slots:
            self.add_error(None, "Choisissez au moins une date.")
        return data

    def _kept(self) -> set[str]:
        return set(self.data.getlist("gardees")) if hasattr(self.data, "getlist") else set()

    @property
    def slots(self) -> list[tuple[Space, Period]]:
        """What is asked for, once valid."""
        data, found = self.cleaned_data, []
        for one in self.plan.dates:
            if one.is_free and one.period and one.day.isoformat() in data["gardees"]:
                found.append((self.plan.space, one.period))
            chosen = data.get(name_of(one)) if one.in_conflict else ""
            found += [(o.space, o.period) for o in one.others if o.key == chosen]
        return found

    @property
    def skipped(self) -> list[dict[str, str]]:
        """The days of the rhythm that are not asked for."""
        data, found = self.cleaned_data, []
        for one in self.plan.dates:
            why = one.why
            if one.is_free:
                why = None if one.day.isoformat() in data["gardees"] else Why.CHOICE
            elif one.in_conflict and data.get(name_of(one)):
                why = None
            if why:
                found.append(
                    {"day": one.day.isoformat(), "why": str(why), "name": one.sentence[:120]}
                )
        return found


def name_of(one: PlannedDate) -> str:
    return f"autre_{one.day:%Y%m%d}"


def _choice_of(one: PlannedDate) -> django_forms.ChoiceField:
    choices = [(other.key, other.sentence) for other in one.others]
    return django_forms.ChoiceField(
        label=f"{day(one.day).capitalize()} : {one.sentence[:1].lower()}{one.sentence[1:]}",
        choices=[*choices, ("", "Écarter cette date")],
        required=False,
        initial="",
        widget=django_forms.RadioSelect,
        error_messages={"invalid_choice": "Ce remplacement n’est plus libre. Choisissez-en un."},
    )


# --- Once booked

THIS, FOLLOWING, EVERY = "date", "suivantes", "toutes"


class CancelDatesForm(forms.Form):
    """How many dates to give back, and why."""

    portee = django_forms.ChoiceField(
        label="Que faut-il annuler ?", widget=django_forms.RadioSelect, initial=THIS
    )

    def __init__(
        self,
        *args: Any,
        date_: BookingDate,
        counts: dict[str, int],
        by_manager: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        zone = date_.booking.place.zone
        when = day(date_.period.start.astimezone(zone).date())
        choices = [(THIS, f"Cette date seulement : {when}")]
        if counts[FOLLOWING] > 1:
            many = count(counts[FOLLOWING], "date")
            choices.append((FOLLOWING, f"Cette date et toutes les suivantes ({many})"))
        if counts[EVERY] > counts[FOLLOWING]:
            choices.append((EVERY, f"Toutes les dates à venir ({count(counts[EVERY], 'date')})"))
        self.fields["portee"].choices = choices  # type: ignore[attr-defined]
        self.fields["reason"] = reason_field("Motif")
        if not by_manager:
            self.fields["reason"].required = False


class MoveDateForm(MoveForm):
    """Another day, other hours or another space for one date."""

    space = django_forms.TypedChoiceField(label="Espace", coerce=int)
    field_order = ("day", "start", "end", "space", "reason")

    def __init__(self, *args: Any, date_: BookingDate, **kwargs: Any) -> None:
        super().__init__(*args, place=date_.booking.place, **kwargs)
        self.spaces = {one.pk: one for one in nearby_spaces(date_.booking)}
        self.spaces.setdefault(date_.occupancy.space_id, date_.occupancy.space)
        self.fields["space"].choices = [  # type: ignore[attr-defined]
            (pk, one.name) for pk, one in self.spaces.items()
        ]
        self.initial.setdefault("space", date_.occupancy.space_id)

    @property
    def chosen(self) -> Space:
        return self.spaces[self.cleaned_data["space"]]


class HoursForm(forms.Form):
    """Other hours for some dates."""

    mark_optional = False
    de = forms.TimeField(label="De")
    a = forms.TimeField(
        label="À", help_text="Une heure plus petite que la première est le lendemain."
    )

    def clean_de(self) -> time:
        return _on_quarter(self.cleaned_data["de"])

    def clean_a(self) -> time:
        return _on_quarter(self.cleaned_data["a"])

    @property
    def hours(self) -> tuple[int, int]:
        """The minute of the day it starts, and how many it lasts."""
        return hours_of(self.cleaned_data["de"], self.cleaned_data["a"], 1)


class HoursReasonForm(HoursForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("de", "a"):
            self.fields[name].widget = django_forms.HiddenInput()
        self.fields["reason"] = reason_field("Pourquoi les horaires changent-ils ?")


class UntilForm(forms.Form):
    """Until when to look for further dates."""

    mark_optional = False
    jusquau = forms.DateField(label="Prolonger jusqu’au", required=False)

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.booking = booking

    def clean_jusquau(self) -> date | None:
        until: date | None = self.cleaned_data["jusquau"]
        if until is None:
            return None
        if until <= self.booking.series.last_day:
            raise ValidationError("Choisissez un jour après la dernière date.")
        return _not_too_far(until, clock.today(self.booking.place.zone))

    @property
    def until(self) -> date | None:
        return self.cleaned_data.get("jusquau") if self.is_bound and self.is_valid() else None


class AddDatesForm(forms.Form):
    """The days to add, of those that are free."""

    mark_optional = False
    jours = django_forms.MultipleChoiceField(
        label="Dates à ajouter",
        widget=django_forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins une date.",
            "invalid_choice": "Une de ces dates vient d’être prise : choisissez de nouveau.",
        },
    )

    def __init__(self, *args: Any, dates: Sequence[PlannedDate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_day = {one.day.isoformat(): one for one in dates if one.is_free and one.period}
        self.fields["jours"].choices = [  # type: ignore[attr-defined]
            (value, day(one.day) + (f" ({one.sentence})" if one.sentence else ""))
            for value, one in self.by_day.items()
        ]
        self.initial.setdefault("jours", [v for v, one in self.by_day.items() if not one.sentence])

    @property
    def periods(self) -> list[Period]:
        chosen = (self.by_day[value].period for value in self.cleaned_data["jours"])
        return [period for period in chosen if period]


def hours_of(start: time, end: time, days: int) -> tuple[int, int]:
    """The minute it starts and how many minutes of wall time it lasts; an end that is not later
    is the next day's."""
    first, last = (one.hour * 60 + one.minute for one in (start, end))
    if days > 1:
        return first, (days - 1) * 1440 + last - first
    return first, last - first if last > first else last - first + 1440


def _on_quarter(value: time) -> time:
    if value.minute % 15 or value.second:
        raise ValidationError("Les horaires vont de quart d’heure en quart d’heure.")
    return value


def _not_too_far(value: date, today: date) -> date:
    if value > today + HORIZON - timedelta(days=2):
        raise ValidationError("Cette date est trop éloignée. Vérifiez l’année.")
    return value
