"""A file of existing bookings."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.core import forms
from preau.desk.forms.planning import live_spaces
from preau.places.models import Place, Space


class ImportForm(forms.Form):
    """The file, and the space of the lines that name none."""

    file = fields.FileField(
        label="Fichier CSV ou agenda .ics",
        help_text="5 Mo et 5 000 réservations au plus.",
        widget=fields.FileInput(attrs={"accept": ".csv,.ics,.txt,text/csv,text/calendar"}),
    )
    space = fields.ModelChoiceField(
        label="Espace des lignes qui n’en nomment pas",
        queryset=Space.objects.none(),
        required=False,
        empty_label="Aucun : ces lignes seront refusées",
    )

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["space"].queryset = live_spaces(place)  # type: ignore[attr-defined]
