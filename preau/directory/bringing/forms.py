"""Sending a list, saying which column is which."""

from __future__ import annotations

from typing import Any

from django import forms as fields
from django.utils.text import capfirst

from preau.core import forms
from preau.directory.bringing.enums import Doubles, Licence
from preau.directory.enums import Profile, ServiceFamily
from preau.directory.formats.any_table import COLUMNS
from preau.directory.formats.files import TABLE
from preau.directory.models import SheetBatch
from preau.places.enums import PlaceKind

LEFT = "Ne pas reprendre"
#: Values of a column shown beside its name.
SHOWN = 3


class FileForm(forms.Form):
    file = fields.FileField(
        label="Fichier de la liste",
        help_text="CSV, XLSX, JSON (data·inclusion) ou GeoJSON. 60 000 lieux au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=fields.FileInput(attrs={"accept": ".csv,.xlsx,.json,.geojson"}),
    )
    source = fields.CharField(
        label="Nom de la liste",
        help_text="Toujours le même pour une même liste, « France services » par exemple : c’est"
        " ainsi qu’un prochain envoi retrouvera ses lieux.",
        max_length=40,
    )
    licence = fields.ChoiceField(
        label="Licence de la liste", choices=Licence.choices, initial=Licence.OPEN
    )
    kind = fields.ChoiceField(
        label="Nature des lieux", choices=PlaceKind.choices, initial=PlaceKind.MAISON_SERVICES
    )
    main_profile = fields.ChoiceField(
        label="Profil principal", choices=Profile.choices, initial=Profile.MEDIATION
    )
    service = fields.CharField(
        label="Service que tous rendent",
        help_text="Par exemple « Accompagnement aux démarches administratives ».",
        max_length=160,
        required=False,
    )
    family = fields.ChoiceField(
        label="Famille de ce service",
        choices=ServiceFamily.choices,
        initial=ServiceFamily.PUBLIC_SOCIAL,
    )
    sheet = fields.CharField(
        label="Feuille du classeur",
        help_text="Seulement si le classeur en a plusieurs ; la première, sinon.",
        max_length=40,
        required=False,
    )

    @property
    def defaults(self) -> dict[str, Any]:
        """What is said of every place of a table that does not say it."""
        said = self.cleaned_data
        service = {"family": said["family"], "name": said["service"]}
        return {
            "kind": said["kind"],
            "main_profile": said["main_profile"],
            "services": [service] if said["service"] else [],
        }


class MappingForm(forms.Form):
    """One choice for each column of a table; none for a known format."""

    mark_optional = False

    def __init__(self, *args: Any, batch: SheetBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        if batch.format == TABLE:
            self._columns(batch)
        self.add_field(
            "doubles",
            fields.ChoiceField(
                label="Si un lieu est sans doute déjà dans l’annuaire, venu d’ailleurs",
                choices=Doubles.choices,
                initial=batch.doubles,
                widget=fields.RadioSelect,
            ),
        )

    def _columns(self, batch: SheetBatch) -> None:
        first = list(batch.lines.order_by("number").values_list("cells", flat=True)[:20])
        choices = [("", LEFT), *((one.key, capfirst(one.label)) for one in COLUMNS)]
        for index, heading in enumerate(batch.headings):
            said = [str(cells[index]) for cells in first if index < len(cells) and cells[index]]
            said = list(dict.fromkeys(said))[:SHOWN]
            field = fields.ChoiceField(
                label=heading or f"Colonne {index + 1}",
                help_text="Par exemple : " + " · ".join(one[:40] for one in said) if said else "",
                choices=choices,
                required=False,
                initial=batch.mapping[index] if index < len(batch.mapping) else "",
            )
            self.add_field(f"c{index}", field)

    @property
    def mapping(self) -> list[str]:
        if self.batch.format != TABLE:
            return list(self.batch.mapping)
        return [self.cleaned_data[f"c{index}"] for index in range(len(self.batch.headings))]
