"""What every view of the same projects needs: the filters, their tags, the way to the others."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import Actor, actor_of
from preau.portfolio.filters import Filters
from preau.portfolio.forms import FilterForm

#: The fields shown at once; the others are folded until one of them is used.
FIRST = ("texte", "commune", "departement", "bloque", "retard")


class Asked:
    """The filters of a request, read once."""

    def __init__(self, request: HttpRequest) -> None:
        self.actor: Actor = actor_of(request)
        self.form = FilterForm(request.GET, self.actor)
        self.filters: Filters = self.form.filters()

    def context(self, view: str) -> dict[str, Any]:
        """For `portfolio/frame.html`; `view` is the name of the address shown."""
        query, form = self.form.query(), self.form
        first = [form[name] for name in FIRST if name in form.fields]
        more = [form[name] for name in form.fields if name not in FIRST]
        return {
            "form": form,
            "first": first,
            "more": more,
            "narrowed": any(name not in FIRST for name in form.params()),
            "tags": form.tags(),
            "here": reverse(f"portfolio:{view}"),
            "section": "projects",
            "views": [
                (label, reverse(f"portfolio:{name}") + query, name == view)
                for label, name in (("Liste", "projects"), ("Carte", "map"), ("Par état", "board"))
            ],
            "csv_url": reverse("portfolio:export_csv") + query,
            "xlsx_url": reverse("portfolio:export_xlsx") + query,
            "is_state": form.choices.is_state,
        }
