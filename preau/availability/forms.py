"""The opening screen: one form for the hours, one per line; exceptions and school holidays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from django import forms as fields
from django.http import QueryDict

from preau.availability.enums import Effect, When
from preau.availability.models import OpeningCalendar
from preau.availability.opening import Rule, RuleData
from preau.core import forms
from preau.core.formats import WEEKDAYS
from preau.core.french import by_name
from preau.places.enums import Publication
from preau.places.models import Place, Space

MAX_LINES = 40
COUNT = "lignes"
NOT_A_QUARTER = "Les horaires vont de quart d’heure en quart d’heure : 18:00, 18:15, 18:30…"


def minute_of(value: time) -> int:
    return value.hour * 60 + value.minute


class HoursField(forms.TimeField):
    """A wall-clock time on a quarter-hour; `24:00` is understood as midnight."""

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, str) and value.strip() in {"24:00", "24", "24h", "24 h"}:
            value = "00:00"
        found: time | None = super().to_python(value)
        return found

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and (value.minute % 15 or value.second):
            raise fields.ValidationError(NOT_A_QUARTER)


class RuleForm(forms.Form):
    """One line: open or closed, which days, from when to when, in which part of the year."""

    effect = fields.ChoiceField(
        label="Ouvert ou fermé", choices=Effect.choices, initial=Effect.OPEN
    )
    weekdays = fields.TypedMultipleChoiceField(
        label="Jours",
        choices=[(number, name.capitalize()) for number, name in enumerate(WEEKDAYS)],
        coerce=int,
        widget=fields.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un jour."},
    )
    start = HoursField(label="De", help_text="Par exemple 18:00")
    end = HoursField(
        label="À",
        help_text="Minuit s’écrit 00:00. Une heure de fin plus petite est celle du lendemain.",
    )
    when = fields.ChoiceField(label="Période", choices=When.choices, initial=When.ALWAYS)
    not_on_public_holidays = fields.BooleanField(label="Sauf les jours fériés", required=False)
    valid_from = forms.DateField(label="À partir du", required=False)
    valid_until = forms.DateField(label="Jusqu’au (inclus)", required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", "Cette date vient avant « À partir du ».")
        return data

    def rule(self) -> RuleData:
        data = self.cleaned_data
        start, end = minute_of(data["start"]), minute_of(data["end"])
        return RuleData(
            weekdays=sorted(data["weekdays"]),
            start_minute=start,
            end_minute=end if end > start else end + 1440,
            effect=data["effect"],
            when=data["when"],
            not_on_public_holidays=data["not_on_public_holidays"],
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
        )


def typed(rule: Rule) -> dict[str, Any]:
    """A rule as somebody would have typed it."""
    return {
        "effect": rule.effect,
        "weekdays": [str(day) for day in rule.weekdays],
        "start": _clock(rule.start_minute),
        "end": _clock(rule.end_minute % 1440),
        "when": rule.when,
        "not_on_public_holidays": rule.not_on_public_holidays,
        "valid_from": rule.valid_from,
        "valid_until": rule.valid_until,
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def prefix_of(number: int) -> str:
    return f"ligne{number}"


def typed_lines(data: QueryDict) -> list[dict[str, Any]]:
    """What stands in the lines of a posted screen, readable or not."""
    try:
        count = min(max(int(data.get(COUNT, "0")), 0), MAX_LINES)
    except ValueError:
        count = 0
    return [
        {
            name: data.getlist(f"{prefix_of(number)}-{name}")
            if name == "weekdays"
            else data.get(f"{prefix_of(number)}-{name}", "")
            for name in RuleForm.base_fields
        }
        for number in range(count)
    ]


def unbound_lines(lines: Iterable[Mapping[str, Any]]) -> list[RuleForm]:
    """Lines shown as they were typed, without a judgement on them."""
    return [
        RuleForm(initial=dict(line), prefix=prefix_of(number)) for number, line in enumerate(lines)
    ]


def bound_lines(data: QueryDict) -> list[RuleForm]:
    return [
        RuleForm(data, prefix=prefix_of(number), use_required_attribute=False)
        for number in range(len(typed_lines(data)))
    ]


class HoursForm(forms.Form):
    """The name of the hours and the spaces that follow them."""

    name = fields.CharField(
        label="Nom de ces horaires",
        max_length=120,
        help_text="Pour vous y retrouver : « Salles de classe », « Gymnase »…",
        widget=fields.TextInput(attrs={"autocomplete": "off"}),
    )
    spaces = fields.ModelMultipleChoiceField(
        label="Espaces qui suivent ces horaires",
        queryset=Space.objects.none(),
        required=False,
        widget=fields.CheckboxSelectMultiple,
        help_text="Un espace sans horaires n’est jamais ouvert.",
    )

    def __init__(
        self, *args: Any, place: Place, calendar: OpeningCalendar | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["spaces"]
        assert isinstance(field, fields.ModelMultipleChoiceField)
        field.queryset = (
            place.spaces.exclude(publication=Publication.ARCHIVED)
            .select_related("opening__calendar")
            .order_by(*by_name("name"), "pk")
        )
        own = calendar.pk if calendar else None
        field.label_from_instance = lambda space: _label(space, own)  # type: ignore[method-assign,assignment]


def _label(space: Space, own: int | None) -> str:
    opening = getattr(space, "opening", None)
    if opening is None or opening.calendar_id == own:
        return space.name
    return f"{space.name} (suit aujourd’hui « {opening.calendar.name} »)"


class ExceptionForm(forms.Form):
    """Open or closed on given days, whatever the rules say."""

    effect = fields.ChoiceField(
        label="Que se passe-t-il ces jours-là ?",
        choices=[(Effect.CLOSED, "C’est fermé"), (Effect.OPEN, "C’est ouvert en plus")],
        widget=fields.RadioSelect,
        initial=Effect.CLOSED,
    )
    first_day = forms.DateField(label="Du")
    last_day = forms.DateField(label="Au (inclus)", help_text="Le même jour s’il n’y en a qu’un.")
    start = HoursField(label="De", required=False, help_text="Vide : toute la journée.")
    end = HoursField(label="À", required=False, help_text="Minuit s’écrit 00:00.")
    reason = fields.CharField(
        label="Motif", max_length=160, required=False, help_text="Par exemple : travaux, élections."
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        _check_days(self, data)
        start, end = data.get("start"), data.get("end")
        data["start_minute"] = minute_of(start) if start else 0
        data["end_minute"] = minute_of(end) or 1440 if end is not None else 1440
        if data["end_minute"] <= data["start_minute"]:
            self.add_error("end", "L’heure de fin vient après l’heure de début, le même jour.")
        return data

    def values(self) -> dict[str, Any]:
        names = ("effect", "first_day", "last_day", "start_minute", "end_minute", "reason")
        return {name: self.cleaned_data[name] for name in names}


class SchoolHolidayForm(forms.Form):
    """School holidays where no official calendar is known."""

    name = fields.CharField(
        label="Nom", max_length=80, help_text="Par exemple : vacances de la Toussaint."
    )
    first_day = forms.DateField(label="Premier jour sans classe")
    last_day = forms.DateField(label="Dernier jour sans classe (inclus)")

    def clean(self) -> dict[str, Any]:
        _check_days(self, self.cleaned_data)
        return self.cleaned_data


def _check_days(form: forms.Form, data: Mapping[str, Any]) -> None:
    first, last = data.get("first_day"), data.get("last_day")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        form.add_error("last_day", "Cette date vient avant la première.")
