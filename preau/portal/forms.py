"""The search line of the home page; the search page reads the same names."""

from __future__ import annotations

from django import forms as django_forms

from preau.core import forms


class HomeSearchForm(forms.Form):
    """Where, when, how many; every part may be left empty."""

    mark_optional = False
    ou = django_forms.CharField(
        label="Où ?",
        required=False,
        widget=django_forms.TextInput(
            attrs={"placeholder": "Commune ou code postal", "data-suggest": "find:communes"}
        ),
    )
    jour = forms.DateField(label="Quel jour ?", required=False)
    personnes = django_forms.IntegerField(
        label="Combien de personnes ?", required=False, min_value=1, max_value=100_000
    )
