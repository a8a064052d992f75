"""The rhythm of follow-up e-mails: one line a service, one for one's own projects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms as fields
from django.forms import BoundField

from preau.core import forms
from preau.core.formats import WEEKDAYS
from preau.projects.enums import Interval
from preau.projects.models import FollowUp, StateService

_DAYS = [(str(number), name.capitalize()) for number, name in enumerate(WEEKDAYS)]


class FollowUpForm(forms.Form):
    def __init__(
        self,
        *args: Any,
        services: Sequence[StateService],
        chosen: Mapping[int | None, FollowUp],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.services: list[StateService | None] = [None, *services]
        for service in self.services:
            now = chosen.get(service.pk if service else None)
            key = service.pk if service else 0
            self.fields[f"interval_{key}"] = fields.ChoiceField(
                label="Rythme",
                choices=Interval.choices,
                initial=now.interval if now else Interval.WEEKLY,
            )
            self.fields[f"weekday_{key}"] = fields.ChoiceField(
                label="Jour",
                choices=_DAYS,
                initial=str(now.weekday) if now else "0",
                help_text="Pour un courriel chaque semaine.",
            )

    def groups(self) -> Iterator[tuple[str, BoundField, BoundField]]:
        """A heading and its two fields."""
        for service in self.services:
            key = service.pk if service else 0
            title = str(service) if service else "Les projets que je porte ou que je suis"
            yield title, self[f"interval_{key}"], self[f"weekday_{key}"]

    def choices(self) -> Iterator[tuple[StateService | None, str, int]]:
        for service in self.services:
            key = service.pk if service else 0
            yield (
                service,
                self.cleaned_data[f"interval_{key}"],
                int(self.cleaned_data[f"weekday_{key}"]),
            )
