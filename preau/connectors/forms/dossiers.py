"""What the holder says before a dossier is made, and once it is accepted."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.connectors.actions.dossiers import Wanted, decision_day
from preau.connectors.models import Dossier, Procedure
from preau.connectors.procedures import queries
from preau.core import forms
from preau.core.formats import euros
from preau.projects.models import Project
from preau.projects.questions import EurosField


class AskForm(forms.Form):
    asked_cents = EurosField(
        label="Montant que vous demandez", help_text="En euros, par exemple 12 500,50."
    )
    funding = fields.ModelChoiceField(
        label="Pour quelle demande du projet ?",
        queryset=Project.objects.none(),
        required=False,
        empty_label="Une nouvelle demande",
    )

    def __init__(self, data: Any, *, project: Project, procedure: Procedure) -> None:
        before = queries.last(project, procedure)
        planned = queries.planned(project)
        known = planned.filter(pk=before.funding_id).first() if before else None
        initial = {"funding": known, "asked_cents": known.asked_cents if known else None}
        super().__init__(data, initial=initial)
        self.budget_cents = project.budget_cents
        choice = self.fields["funding"]
        assert isinstance(choice, fields.ModelChoiceField)
        choice.queryset = planned
        if not planned.exists():
            del self.fields["funding"]

    def clean_asked_cents(self) -> int:
        cents = self.cleaned_data["asked_cents"]
        if not cents:
            raise fields.ValidationError("Indiquez un montant supérieur à zéro.")
        if self.budget_cents and cents > self.budget_cents:
            raise fields.ValidationError(
                f"Le projet coûte {euros(self.budget_cents)} d’après sa fiche : demandez au plus"
                " ce montant, ou corrigez d’abord le budget."
            )
        return int(cents)

    def wanted(self) -> Wanted:
        return Wanted(self.cleaned_data["asked_cents"], self.cleaned_data.get("funding"))


class GrantForm(forms.Form):
    granted_cents = EurosField(label="Montant accordé", help_text="Celui de la décision, en euros.")
    decided_on = forms.DateField(label="Décision du")

    def __init__(self, data: Any, *, dossier: Dossier) -> None:
        super().__init__(data, initial={"decided_on": decision_day(dossier)})
