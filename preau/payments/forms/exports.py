"""The days of an export, and what can be taken away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from preau.core import forms
from preau.payments.ledger import TITLES

LONGEST = timedelta(days=3 * 366)


class PeriodForm(forms.Form):
    """Sent by GET: the address says what is looked at."""

    mark_optional = False

    du = forms.DateField(label="Du")
    au = forms.DateField(label="Au (inclus)")

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("du"), self.cleaned_data.get("au")
        if isinstance(first, date) and isinstance(last, date):
            if last < first:
                self.add_error("au", "Cette date vient avant la première.")
            elif first.year < 2000 or last.year > 2100:
                self.add_error("au", "Choisissez des dates plus proches.")
            elif last - first > LONGEST:
                self.add_error("au", "Une période couvre trois ans au plus.")
        return self.cleaned_data


#: What can be taken away, and the words of its link.
FILES = {
    "journal": "Journal : chaque écriture, chaque incident",
    **TITLES,
    "taux": "Par taux de TVA",
}
