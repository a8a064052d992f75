"""Taking bookings, users or hours out as a file; each time is written in the journal."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core import audit, clock
from preau.core.tables.writing import csv_lines, xlsx_chunks
from preau.desk.exports import TABLES
from preau.desk.forms.exports import ExportForm
from preau.places.queries import managed_places

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@permission("desk.see")
def exports(request: HttpRequest) -> HttpResponse:
    """Choose, then download. Only places where one may export are there."""
    actor = actor_of(request)
    # Not those lent by somebody away: to stand in is to answer requests, no more.
    places = [place for place in managed_places(actor) if allowed(actor, "desk.export", place)]
    if not places:
        return render(request, "desk/nothing.html")
    today = clock.today(places[0].zone)
    initial = {
        "quoi": "reservations",
        "format": "xlsx",
        "lieu": request.GET.get("lieu", ""),
        "du": today.replace(day=1),
        "au": today + timedelta(days=365),
    }
    form = ExportForm(
        request.GET if ExportForm.asked(request.GET) else None, places=places, initial=initial
    )
    if not (form.is_bound and form.is_valid()):
        return render(request, "desk/exports.html", {"form": form})
    data = form.cleaned_data
    for place in form.chosen():
        audit.record(
            actor,
            "desk.exported",
            place,
            what=data["quoi"],
            first=str(data["du"]),
            last=str(data["au"]),
        )
    return _file(form, data["quoi"], data["du"], data["au"], data["format"])


def _file(form: ExportForm, what: str, first: date, last: date, kind: str) -> HttpResponse:
    table = TABLES[what]
    rows = table.rows(form.chosen(), first, last)
    name = f"{what}-{first}-{last}.{kind}"
    if kind == "xlsx":
        chunks = xlsx_chunks(table.title, table.headings, rows)
        response = StreamingHttpResponse(chunks, content_type=XLSX)
    else:
        lines = csv_lines(table.headings, rows)
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]  # streamed: the decorator knows pages only
