"""What a manager types to answer: a reason, another time."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django import forms as fields

from preau.availability.forms import HoursField, minute_of
from preau.core import clock, forms
from preau.core.timeranges import Period, local_instant
from preau.places.models import Place

#: How far from today a manager may plan.
FARTHEST = timedelta(days=800)


def reason_field(label: str, help_text: str = "") -> fields.CharField:
    return fields.CharField(
        label=label,
        help_text=help_text,
        max_length=2000,
        widget=fields.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez quelques mots : le demandeur les lira."},
    )


class ReasonForm(forms.Form):
    """One reason, that the other side will read."""

    def __init__(self, *args: Any, label: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = reason_field(label, help_text)


def period_of(day: date, start: time, end: time, place: Place) -> Period:
    """Wall times of a day; an end that is not later is the next day's."""
    first, last = minute_of(start), minute_of(end)
    last = last if last > first else last + 1440
    begins, ends = (local_instant(day, minute, place.zone) for minute in (first, last))
    return Period(begins, max(ends, begins + timedelta(minutes=15)))


class PlannedDay(forms.DateField):
    """A day that can be planned: not years away."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        today = clock.today()
        if value and not today - FARTHEST <= value <= today + FARTHEST:
            raise fields.ValidationError("Choisissez une date plus proche.")


class SlotForm(forms.Form):
    """A day and two hours in the place's wall time."""

    day = PlannedDay(label="Jour")
    start = HoursField(label="De")
    end = HoursField(
        label="À", help_text="Une heure de fin plus petite que le début est celle du lendemain."
    )

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place

    @staticmethod
    def typed(period: Period, place: Place) -> dict[str, Any]:
        start, end = (one.astimezone(place.zone) for one in (period.start, period.end))
        return {"day": start.date(), "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}

    @property
    def period(self) -> Period:
        data = self.cleaned_data
        return period_of(data["day"], data["start"], data["end"], self.place)


class MoveForm(SlotForm):
    """Another time for a booking, and why."""

    reason = reason_field("Pourquoi ce changement ?", "L’occupant le lira.")
