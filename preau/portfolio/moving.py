"""The form of a move: a select and a button on each card, then the reason when one is needed."""

from __future__ import annotations

from django import forms as django_forms
from django.http import QueryDict

from preau.core import forms
from preau.core.errors import Refusal
from preau.projects.enums import ENDED, ProjectState

LONGEST_QUERY = 2000


class MoveForm(forms.Form):
    vers = django_forms.ChoiceField(choices=ProjectState.choices, widget=django_forms.HiddenInput)
    #: The state on the page that the person acted from.
    vu = django_forms.ChoiceField(choices=ProjectState.choices, widget=django_forms.HiddenInput)
    #: The filters of the board, to come back to.
    filtres = django_forms.CharField(
        required=False, max_length=LONGEST_QUERY, widget=django_forms.HiddenInput
    )
    vers_qui = django_forms.CharField(
        label="Vers qui est-il réorienté ?",
        required=False,
        max_length=300,
        help_text="Le service ou l’organisme, et comment le joindre. Le porteur le lira.",
    )
    motif = django_forms.CharField(
        label="Motif",
        required=False,
        max_length=2000,
        help_text="Le porteur du projet le lira.",
        widget=django_forms.Textarea(attrs={"rows": 4}),
    )

    def asking(self, to: ProjectState) -> MoveForm:
        """Only what this move needs, marked as needed."""
        self.fields["motif"].required = True
        if to == ProjectState.REDIRECTED:
            self.fields["vers_qui"].required = True
        else:
            self.fields.pop("vers_qui", None)
        if to == ProjectState.CLOSED and self.data.get("vu") not in ENDED:
            self.fields["motif"].required = False
        return self

    def refuse_here(self, refusal: Refusal) -> None:
        """On its field: the action says `reason`, the page `motif`."""
        field = {"reason": "motif", "redirected_to": "vers_qui"}[refusal.code]
        self.add_error(field, str(refusal))

    def query_kept(self) -> str:
        """The board's own filters, and nothing that could lead elsewhere."""
        text = str(self.data.get("filtres", ""))[:LONGEST_QUERY].lstrip("?")
        return QueryDict(text).urlencode()
