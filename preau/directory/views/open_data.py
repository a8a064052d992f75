"""Open data: the catalogue, the files, a place as OpenStreetMap would say it."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import http_date, parse_etags
from django.views.decorators.http import require_safe

import preau.directory.bringing.perms  # noqa: F401  (declares the matrix)
from preau.accounts.perms import permission
from preau.directory.enums import SheetState
from preau.directory.formats.osm_tags import tags_of
from preau.directory.models import OpenDataFile, Sheet
from preau.directory.open_data.catalogue import ABOUT, TITLE, dcat
from preau.directory.open_data.exporting import EXPORTS, LICENCE, LICENCE_URL, exported
from preau.directory.open_data.schema import columns
from preau.directory.queries.records import records_of
from preau.documents.store import path_of

DAY_SECONDS = 3600


def load_export(open_name: str) -> OpenDataFile:
    key = next((one.key for one in EXPORTS.values() if one.name == open_name), "")
    found = OpenDataFile.objects.select_related("file").filter(format=key).first()
    if found is None:
        raise Http404
    return found


def load_published(tags_slug: str) -> Sheet:
    sheet = exported().select_related("commune").filter(slug=tags_slug).first()
    if sheet is None:
        raise Http404
    return sheet


def _made() -> list[OpenDataFile]:
    found = {one.format: one for one in OpenDataFile.objects.select_related("file")}
    return [found[key] for key in EXPORTS if key in found]


@permission("directory.open_data")
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Each file: what it holds, its size, its date, its digest; the licence; the columns."""
    made = _made()
    rows: list[dict[str, Any]] = [
        {"made": one, "export": EXPORTS[one.format], "url": _address(one.format)} for one in made
    ]
    context = {
        "rows": rows,
        "title": TITLE,
        "about": ABOUT,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "columns": columns(),
        "waiting": [one.label for one in EXPORTS.values() if one.key not in _keys(made)],
    }
    return render(request, "directory/open_data/catalogue.html", context)


def _keys(made: list[OpenDataFile]) -> set[str]:
    return {one.format for one in made}


def _address(key: str) -> str:
    return reverse("directory:open_file", kwargs={"open_name": EXPORTS[key].name})


@permission("directory.open_data")
@require_safe
def as_dcat(request: HttpRequest) -> HttpResponse:
    page = request.build_absolute_uri(reverse("directory:open_data"))
    said = dcat(_made(), page, lambda key: request.build_absolute_uri(_address(key)))
    answer = JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Type"] = "application/ld+json; charset=utf-8"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@permission("directory.open_data", load=load_export)
@require_safe
def open_file(request: HttpRequest, made: OpenDataFile) -> HttpResponse:
    """The file, streamed from the store; whoever has it already is told so."""
    etag = f'"{made.file.sha256}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified()
    export = EXPORTS[made.format]
    try:
        source = default_storage.open(path_of(made.file.sha256), "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(
        source, as_attachment=True, filename=export.name, content_type=export.media_type
    )
    answer["Content-Length"] = made.file.size
    answer["ETag"] = etag
    answer["Last-Modified"] = http_date(made.made_at.timestamp())
    answer["Cache-Control"] = f"public, max-age={DAY_SECONDS}"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer  # type: ignore[return-value]


@permission("directory.open_data", load=load_published)
@require_safe
def osm_tags(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """For whoever adds the place to OpenStreetMap; never done by us."""
    assert sheet.state == SheetState.PUBLISHED
    [record] = records_of([sheet])
    said = {
        "licence": LICENCE,
        "latitude": record.latitude,
        "longitude": record.longitude,
        "tags": tags_of(record),
    }
    answer = JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
