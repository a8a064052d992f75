"""Sending a file, saying which column is which, sending a perimeter."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.core import forms
from preau.portfolio.bringing.columns import COLUMNS
from preau.portfolio.bringing.lines import STATES
from preau.portfolio.bringing.models import ProjectBatch
from preau.projects.enums import ProjectState
from preau.projects.models import Programme

LEFT = "Ne pas reprendre"
#: Values of a column shown beside its name.
SHOWN = 3


class FileForm(forms.Form):
    file = fields.FileField(
        label="Fichier des projets",
        help_text="CSV, XLSX, ou JSON de Mon espace collectivité. 50 000 projets au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=fields.FileInput(attrs={"accept": ".csv,.xlsx,.json"}),
    )
    sheet = fields.CharField(
        label="Feuille du classeur",
        help_text="Seulement si le classeur en a plusieurs ; la première, sinon.",
        max_length=40,
        required=False,
    )
    default_state = fields.ChoiceField(
        label="État des projets dont la ligne ne le dit pas",
        choices=[(one.value, one.label) for one in STATES if one != ProjectState.CLOSED],
        initial=ProjectState.ACKNOWLEDGED,
    )


class MappingForm(forms.Form):
    """One choice for each column of the file."""

    mark_optional = False

    def __init__(self, *args: Any, batch: ProjectBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        first = list(batch.lines.order_by("number").values_list("cells", flat=True)[:SHOWN])
        choices = [("", LEFT), *((one.key, one.label.capitalize()) for one in COLUMNS)]
        for index, heading in enumerate(batch.headings):
            said = [cells[index] for cells in first if index < len(cells) and cells[index]]
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
        return [self.cleaned_data[f"c{index}"] for index in range(len(self.batch.headings))]


class PerimeterForm(forms.Form):
    file = fields.FileField(
        label="Fichier du périmètre",
        help_text="CSV ou XLSX. CRTE : id_crte, lib_crte, et insee_com ou siren_epci."
        " Programme : insee_com ou siren_epci.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=fields.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    programme = fields.ModelChoiceField(
        Programme.objects.filter(active=True),
        label="Périmètre",
        required=False,
        empty_label="Des CRTE",
    )
    on = forms.DateField(
        label="À partir du",
        help_text="Le premier jour de ce périmètre ; celui d’avant reste connu.",
    )
