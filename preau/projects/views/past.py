"""The history of a project: the page and its file."""

from __future__ import annotations

from typing import Any

from django import forms as fields
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core import audit, forms
from preau.core.tables.writing import csv_lines
from preau.projects.enums import EventKind
from preau.projects.loading.sheet import load_filed
from preau.projects.models import Project
from preau.projects.queries import past as queries


class FilterForm(forms.Form):
    """What to look at; anything else in the address is ignored."""

    mark_optional = False
    objet = fields.ChoiceField(label="Objet", required=False)
    qui = fields.ChoiceField(label="Qui", required=False)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["objet"]
        kinds.choices = [("", "Tout"), *EventKind.choices]
        who: Any = self.fields["qui"]
        who.choices = [("", "Tout le monde"), *people]


@permission("project.read", load=load_filed)
@require_safe
def past(request: HttpRequest, project: Project) -> HttpResponse:
    actor = actor_of(request)
    form = FilterForm(request.GET, people=queries.authors_of(actor, project))
    events = queries.events_for(actor, project, **_asked(form))
    before = request.GET.get("avant", "")
    limit = int(before) if before.isdecimal() and len(before) <= 18 else None
    page = queries.page_of(events, limit)
    query = request.GET.copy()
    query.pop("avant", None)
    kept = query.urlencode()
    context = {
        "project": project,
        "form": form,
        "lines": page.lines,
        "older": f"?{kept}&avant={page.older}" if page.older else "",
        "newest": f"?{kept}" if limit else "",
        "kept": kept,
        "zone": project.time_zone,
    }
    return render(request, "projects/past.html", context)


@permission("project.read", load=load_filed)
@require_safe
def download(request: HttpRequest, project: Project) -> HttpResponse:
    """The same lines, with the same filters, as a file."""
    actor = actor_of(request)
    form = FilterForm(request.GET, people=queries.authors_of(actor, project))
    events = queries.events_for(actor, project, **_asked(form))
    audit.record(actor, "projects.export_history", project)
    rows = queries.rows_of(events, project.zone)
    response = StreamingHttpResponse(
        csv_lines(queries.HEADINGS, rows), content_type="text/csv; charset=utf-8"
    )
    name = f"historique-{project.reference}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response  # type: ignore[return-value]  # streamed, as good to Django


def _asked(form: FilterForm) -> dict[str, Any]:
    if not form.is_valid():
        return {}
    who = form.cleaned_data["qui"]
    return {"kind": form.cleaned_data["objet"], "who": int(who) if who else None}
