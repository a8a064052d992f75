"""Forms of the end of a project: money, review, where it is by now, opinion on a programme."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.core import forms
from preau.projects.actions.funding import FundingFacts
from preau.projects.actions.reviewing import MOST_FIGURES, ReviewContent
from preau.projects.enums import FUNDING_TRANSITIONS, FundingState, PhaseStatus
from preau.projects.models import FundingRequest, ImpactReview, Project, Recommendation
from preau.projects.queries.blockages import standing_of
from preau.projects.queries.impact import proposed_to
from preau.projects.questions import EurosField, FigureField
from preau.projects.words.impact import DIFFERENCE, SATISFACTION
from preau.resources.enums import Phase

#: Rows of figures offered beyond those written already.
SPARE_ROWS = 3
#: What becomes of a blockage when its project is closed.
LIFTED, OVER = "leve", "abandonne"


def _area(label: str, rows: int = 4, **more: Any) -> fields.CharField:
    widget = fields.Textarea(attrs={"rows": rows})
    return fields.CharField(label=label, widget=widget, max_length=3000, **more)


class FundingForm(forms.Form):
    label = fields.CharField(label="Aide demandée", max_length=200)
    funder = fields.CharField(
        label="Financeur", max_length=160, required=False, help_text="Par exemple : État, Région."
    )
    external_number = fields.CharField(
        label="Numéro de dossier",
        max_length=60,
        required=False,
        help_text="Celui que donne la démarche en ligne, s’il y en a un.",
    )
    recommendation = fields.ModelChoiceField(
        label="Recommandation suivie",
        queryset=Recommendation.objects.none(),
        required=False,
        empty_label="Aucune",
    )
    state = fields.ChoiceField(label="Où en est cette demande ?", widget=fields.RadioSelect)
    asked_cents = EurosField(
        label="Montant demandé", required=False, help_text="En euros, par exemple 12 500,50."
    )
    asked_on = forms.DateField(label="Déposée le", required=False)
    granted_cents = EurosField(
        label="Montant accordé", required=False, help_text="Seulement si elle est accordée."
    )
    decided_on = forms.DateField(
        label="Décision du", required=False, help_text="Si elle est accordée ou refusée."
    )
    seen_state = fields.CharField(widget=fields.HiddenInput, required=False)

    def __init__(
        self, data: Any, *, project: Project, request: FundingRequest | None, asked: str = ""
    ) -> None:
        super().__init__(data, initial=_of_request(request, asked))
        choice = self.fields["recommendation"]
        assert isinstance(choice, fields.ModelChoiceField)
        choice.queryset = proposed_to(project)
        state = self.fields["state"]
        assert isinstance(state, fields.ChoiceField)
        known = FundingState(request.state) if request else None
        reachable = {known, *FUNDING_TRANSITIONS[known]} if known else set(FundingState)
        state.choices = [(one.value, one.label) for one in FundingState if one in reachable]

    def facts(self) -> FundingFacts:
        values = dict(self.cleaned_data)
        values.pop("seen_state")
        values["state"] = FundingState(values["state"])
        return FundingFacts(**values)


def _of_request(request: FundingRequest | None, asked: str) -> dict[str, Any]:
    if request is None:
        recommended = int(asked) if asked.isdecimal() and len(asked) < 15 else None
        return {"state": FundingState.PLANNED, "recommendation": recommended}
    names = [name for name in FundingForm.base_fields if name not in {"seen_state"}]
    return {name: getattr(request, name) for name in names} | {"seen_state": request.state}


class ReviewForm(forms.Form):
    goals = _area("Ce que vous vouliez", required=False)
    results = _area("Ce qui a été obtenu", required=False)
    what_helped = _area("Ce qui a aidé", rows=3, required=False)
    what_lacked = _area("Ce qui a manqué", rows=3, required=False)
    helped_by = fields.ModelMultipleChoiceField(
        label="Les recommandations qui ont aidé",
        queryset=Recommendation.objects.none(),
        widget=fields.CheckboxSelectMultiple,
        required=False,
    )
    difference = fields.TypedChoiceField(
        label="Sans cet accompagnement, le projet…",
        choices=DIFFERENCE.items(),
        widget=fields.RadioSelect,
        coerce=int,
        empty_value=None,
        required=False,
    )
    satisfaction = fields.TypedChoiceField(
        label="Votre satisfaction",
        choices=SATISFACTION.items(),
        widget=fields.RadioSelect,
        coerce=int,
        empty_value=None,
        required=False,
    )
    is_public = fields.BooleanField(
        label="Cette histoire peut être racontée publiquement, avec le nom du projet",
        required=False,
    )
    mark_optional = False

    def __init__(self, data: Any, *, project: Project, review: ImpactReview | None) -> None:
        super().__init__(data, initial=_of_review(review))
        choice = self.fields["helped_by"]
        assert isinstance(choice, fields.ModelMultipleChoiceField)
        choice.queryset = proposed_to(project)
        written = review.figures if review else []
        count = min(MOST_FIGURES, len(written) + SPARE_ROWS)
        if data is not None:
            typed = sum(1 for key in data if key.startswith("ligne") and key.endswith("-label"))
            count = min(MOST_FIGURES, max(count, typed))
        self.rows = [
            FigureRow(
                data,
                prefix=f"ligne{index}",
                initial=written[index] if index < len(written) else None,
            )
            for index in range(count)
        ]
        for number, row in enumerate(self.rows, 1):
            row.legend = f"Chiffre n° {number}"

    def is_valid(self) -> bool:
        """Both the form and its rows; a row's fault is said above, with its number."""
        good = super().is_valid()
        for number, row in enumerate(self.rows, 1):
            if not row.is_valid():
                good = False
                for errors in row.errors.values():
                    self.add_error(None, f"Chiffre n° {number} : {errors[0]}")
        return good

    def content(self) -> ReviewContent:
        values = dict(self.cleaned_data)
        values["helped_by"] = list(values["helped_by"])
        figures = [row.figure() for row in self.rows]
        return ReviewContent(figures=[one for one in figures if one], **values)


def _of_review(review: ImpactReview | None) -> dict[str, Any]:
    if review is None:
        return {}
    names = [name for name in ReviewForm.base_fields if name != "helped_by"]
    found = {name: getattr(review, name) for name in names}
    return found | {"helped_by": [one.pk for one in review.helped_by.all()]}


class FigureRow(forms.Form):
    """One key figure, before and after. An empty row is no figure."""

    legend = ""

    label = fields.CharField(label="Ce qui est mesuré", max_length=120, required=False)
    unit = fields.CharField(label="Unité", max_length=30, required=False)
    before = FigureField(label="Avant", required=False)
    after = FigureField(label="Après", required=False)
    mark_optional = False

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.errors and any(values.values()) and not values["label"]:
            self.add_error("label", "dites ce qui est mesuré.")
        if not self.errors and values["label"] and values["after"] is None:
            self.add_error("after", "écrivez la valeur d’après.")
        return values

    def figure(self) -> dict[str, Any] | None:
        values = self.cleaned_data
        if not values["label"]:
            return None
        return {name: values[name] for name in ("label", "unit", "before", "after")}


class WhereForm(forms.Form):
    phase = fields.ChoiceField(
        label="La phase du projet", choices=Phase.choices, widget=fields.RadioSelect
    )
    phase_status = fields.ChoiceField(
        label="Comment va-t-elle ?", choices=PhaseStatus.choices, widget=fields.RadioSelect
    )
    comment = fields.CharField(
        label="Un mot de plus",
        widget=fields.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )


class CloseForm(forms.Form):
    reason = fields.CharField(
        label="Un mot pour le porteur",
        widget=fields.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
    seen_state = fields.CharField(widget=fields.HiddenInput, required=False)

    def __init__(self, data: Any, *, project: Project) -> None:
        super().__init__(data, initial={"seen_state": project.state})
        self.blockages = list(standing_of(project))
        for one in self.blockages:
            name = f"blockage_{one.pk}"
            self.add_field(
                name,
                fields.ChoiceField(
                    label=f"« {one.title} »",
                    choices=[(LIFTED, "Il est levé"), (OVER, "Il prend fin avec le projet")],
                    widget=fields.RadioSelect,
                    error_messages={"required": "Dites ce que devient ce blocage."},
                ),
            )

    @property
    def question(self) -> str:
        number = len(self.blockages)
        if number == 1:
            return "Un blocage tient encore : que devient-il ?"
        return f"{number} blocages tiennent encore : que deviennent-ils ?"

    def standing(self) -> list[fields.BoundField]:
        return [self[f"blockage_{one.pk}"] for one in self.blockages]

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        lifted = {one.pk: given[f"blockage_{one.pk}"] == LIFTED for one in self.blockages}
        return {
            "reason": given["reason"],
            "seen_state": given["seen_state"],
            "lifted": lifted,
        }


class FeedbackForm(forms.Form):
    mark = fields.TypedChoiceField(
        label="Votre note", choices=SATISFACTION.items(), widget=fields.RadioSelect, coerce=int
    )
    comment = fields.CharField(
        label="Un commentaire",
        widget=fields.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
        help_text="Lu sans votre nom. N’y nommez personne.",
    )
