"""Tables as files to take away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse

from preau.core.tables.writing import Cell, csv_lines, xlsx_chunks

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def kind_of(request: HttpRequest) -> str:
    """The format the address asks for. Raises: Http404: one that we do not write."""
    kind = request.GET.get("format", "csv")
    if kind not in {"csv", "xlsx"}:
        raise Http404
    return kind


def table_file(
    request: HttpRequest,
    name: str,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    at: datetime | None = None,
) -> HttpResponse:
    """The table, as the format the address asks for; kept by nobody on the way.

    Args:
        at: when it was made, if it is given again.
    """
    kind = kind_of(request)
    if kind == "xlsx":
        response = StreamingHttpResponse(
            xlsx_chunks(title, headings, rows, at=at), content_type=XLSX
        )
    else:
        response = StreamingHttpResponse(
            csv_lines(headings, rows), content_type="text/csv; charset=utf-8"
        )
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]  # streamed: the decorator knows pages only
