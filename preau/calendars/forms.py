"""What is typed about calendars."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.core import forms
from preau.places.models import Place, Space


class FollowForm(forms.Form):
    """An outside calendar and the space in which its events take time."""

    space = fields.ModelChoiceField(
        Space.objects.none(),
        label="Espace occupé par ces événements",
        empty_label=None,
    )
    name = fields.CharField(
        label="Nom de l’agenda",
        max_length=120,
        help_text="Par exemple : Cours de danse du conservatoire.",
    )
    address = fields.CharField(
        label="Adresse de l’agenda",
        max_length=2000,
        help_text="L’adresse « iCal » ou « .ics » que donne votre messagerie ou votre agenda en "
        "ligne. Elle reste secrète : nous ne la montrons plus ensuite.",
    )

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["space"]
        assert isinstance(field, fields.ModelChoiceField)
        field.queryset = place.spaces.exclude(publication="archive").order_by("name")


class StopForm(forms.Form):
    """What becomes of the times it has taken."""

    fate = fields.ChoiceField(
        label="Que faire des créneaux à venir qu’il bloque ?",
        choices=[
            ("liberer", "Les libérer : ils redeviennent réservables"),
            ("garder", "Les garder bloqués, comme usages du propriétaire"),
        ],
        widget=fields.RadioSelect,
    )
