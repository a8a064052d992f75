"""The files of open data: every published place, in each format.

Sheets known from a list whose licence forbids mixing (ODbL) are in none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile

from django.db.models import Exists, OuterRef, Q, QuerySet

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.directory.enums import Profile, SheetState
from preau.directory.formats import files
from preau.directory.formats.inclusion import INCLUSION, SOURCE, faults
from preau.directory.formats.mednum import MEDNUM
from preau.directory.formats.own import OWN
from preau.directory.formats.records import Record, Row
from preau.directory.models import OpenDataFile, Sheet, SheetReference
from preau.directory.queries.records import records_of
from preau.documents import store

PAGE = 500
LICENCE = "Licence Ouverte 2.0 (Etalab)"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"


@dataclass
class Told:
    """What went into a file."""

    sheets: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Export:
    """One file, at a fixed address."""

    key: str
    name: str
    label: str
    media_type: str
    about: str
    write: Callable[[Told], Iterator[str]]


def exported() -> QuerySet[Sheet]:
    mixed = SheetReference.objects.filter(sheet=OuterRef("pk")).exclude(licence="")
    return Sheet.objects.filter(state=SheetState.PUBLISHED).exclude(Exists(mixed))


def _records(told: Told, sheets: QuerySet[Sheet]) -> Iterator[Record]:
    """Page by page: memory follows a page, not the country."""
    published = Sheet.objects.filter(state=SheetState.PUBLISHED).count()
    last, counted = 0, 0
    while True:
        page = list(sheets.filter(pk__gt=last).select_related("commune").order_by("pk")[:PAGE])
        if not page:
            break
        last = page[-1].pk
        counted += len(page)
        yield from records_of(page)
    told.sheets += counted
    told.left_out += published - counted


def _own_rows(told: Told) -> Iterator[Row]:
    return (OWN.write(record) for record in _records(told, exported()))


def _own(told: Told) -> Iterator[str]:
    return files.csv_text(OWN.columns, _own_rows(told))


def _geojson(told: Told) -> Iterator[str]:
    return files.geojson_text(_own_rows(told))


def _mednum(told: Told) -> Iterator[str]:
    mediation = Q(main_profile=Profile.MEDIATION) | Q(
        secondary_profiles__contains=[Profile.MEDIATION]
    )
    records = _records(told, exported().filter(mediation))
    return files.csv_text(MEDNUM.columns, (MEDNUM.write(record) for record in records))


def _inclusion(told: Told) -> Iterator[str]:
    return files.inclusion_text(_valid(told))


def _valid(told: Told) -> Iterator[Row]:
    """Rows that the schema's own models accept."""
    refused = 0
    for record in _records(told, exported()):
        record.external_id = f"{SOURCE}--{record.external_id}"
        row = INCLUSION.write(record)
        if faults(row):
            refused += 1
        else:
            yield row
    told.sheets -= refused
    told.left_out += refused


EXPORTS: dict[str, Export] = {
    one.key: one
    for one in (
        Export(
            "csv",
            "lieux.csv",
            "CSV de Préau",
            "text/csv; charset=utf-8",
            "Tout ce que disent les fiches, sans perte : virgules, UTF-8, dates ISO.",
            _own,
        ),
        Export(
            "geojson",
            "lieux.geojson",
            "GeoJSON",
            "application/geo+json; charset=utf-8",
            "Les mêmes colonnes, sur une carte (WGS 84).",
            _geojson,
        ),
        Export(
            "mednum",
            "lieux-mediation-numerique.csv",
            "Lieux de médiation numérique",
            "text/csv; charset=utf-8",
            "Le schéma national, pour les lieux de médiation et d’accès aux services.",
            _mednum,
        ),
        Export(
            "inclusion",
            "data-inclusion.json",
            "data·inclusion v1",
            "application/json; charset=utf-8",
            "Structures et services, validés par le schéma de data·inclusion.",
            _inclusion,
        ),
    )
}


def make(key: str) -> OpenDataFile:
    """Write one file anew; the same bytes are kept once."""
    export, told = EXPORTS[key], Told()
    with SpooledTemporaryFile(max_size=8 * 1024 * 1024) as out:
        for chunk in export.write(told):
            out.write(chunk.encode())
        out.seek(0)
        content = out.read()
    file = store.put(content, export.media_type, actor=SYSTEM)
    made, _ = OpenDataFile.objects.update_or_create(
        format=key,
        defaults={
            "file": file,
            "sheets": told.sheets,
            "left_out": told.left_out,
            "made_at": clock.now(),
        },
    )
    return made


def make_all(keys: Iterable[str] = EXPORTS) -> int:
    """Every file; how many bytes in all."""
    return sum(make(key).file.size for key in keys)
