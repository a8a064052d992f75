"""The projects of the list as a file, line by line; each time is written in the journal."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

import preau.portfolio.perms  # noqa: F401  (declares the matrix)
from preau.accounts.perms import permission
from preau.core import audit, clock
from preau.core.tables.writing import csv_lines, xlsx_chunks
from preau.portfolio import exports
from preau.portfolio.filters import ZONE
from preau.portfolio.views.asked import Asked

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@permission("portfolio.see")
def as_csv(request: HttpRequest) -> HttpResponse:
    asked = _asked(request, "csv")
    table = exports.Table(asked.filters, asked.actor)
    lines = csv_lines(table.headings, table.rows())
    return _file((line.encode() for line in lines), "text/csv; charset=utf-8", "csv")


@permission("portfolio.see")
def as_xlsx(request: HttpRequest) -> HttpResponse:
    asked = _asked(request, "xlsx")
    table = exports.Table(asked.filters, asked.actor)
    return _file(xlsx_chunks("Projets", table.headings, table.rows()), XLSX, "xlsx")


def _asked(request: HttpRequest, kind: str) -> Asked:
    asked = Asked(request)
    who = asked.actor.organization or asked.actor.person
    audit.record(asked.actor, "portfolio.exported", who, format=kind, query=asked.form.query())
    return asked


def _file(chunks: Iterable[bytes], kind: str, extension: str) -> HttpResponse:
    answer = StreamingHttpResponse(chunks, content_type=kind)
    name = f"projets-{clock.today(ZONE).isoformat()}.{extension}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer  # type: ignore[return-value]
