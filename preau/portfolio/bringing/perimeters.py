"""Perimeters by file: of CRTE, of a programme. Looked at first, then applied; the past is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.core.tables import reading
from preau.core.tables.columns import guess
from preau.portfolio.bringing.models import PerimeterFile
from preau.projects.models import Programme, ProgrammePerimeter
from preau.territories import crte
from preau.territories.crte import PerimeterLine, Report
from preau.territories.perimeters import Span, changes

Seat = tuple[str, str]


def _require(actor: Actor) -> None:
    if not allowed(actor, "portfolio.perimeters"):
        raise Forbidden


def read_file(
    content: bytes, name: str, *, programme: Programme | None, on: date, actor: Actor
) -> PerimeterFile:
    """Keep what somebody sent; nothing changes yet.

    Raises:
        Refusal: the file as a whole cannot be read.
    """
    _require(actor)
    lines = (
        crte.read_perimeters(content) if programme is None else _of_programme(content, programme)
    )
    if not lines:
        raise Refusal("Ce fichier ne contient aucune commune sous ses titres.", field="file")
    with transaction.atomic():
        file = PerimeterFile.objects.create(
            made_by=actor.person,
            programme=programme,
            file_name=name[:200],
            on=on,
            lines=[[line.number, dict(line.values)] for line in lines],
        )
        audit.record(actor, "perimeter_file.read", file, lines=len(lines))
    return file


def _of_programme(content: bytes, programme: Programme) -> list[PerimeterLine]:
    table = reading.read(content, most_bytes=crte.MOST_BYTES)
    keys = guess(table.headings, crte.COLUMNS)
    if not {"insee_com", "siren_epci"} & set(keys):
        raise Refusal(
            "Il manque une colonne : insee_com (code de la commune) ou siren_epci.", field="file"
        )
    named = {"id_crte": programme.slug, "lib_crte": programme.name}
    lines = []
    for row in table.rows:
        said = {key: cell for key, cell in zip(keys, row.cells, strict=False) if key and cell}
        lines.append(PerimeterLine(row.number, said | named))
    return lines


def look(file: PerimeterFile, *, actor: Actor) -> Report:
    """What it would change now."""
    return _do(file, dry_run=True, actor=actor)


@transaction.atomic
def apply(file: PerimeterFile, *, actor: Actor) -> Report:
    """Do it, once.

    Raises:
        Refusal: it was done already.
    """
    _require(actor)
    file = PerimeterFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if file.applied_at is not None:
        raise Refusal("Ce fichier a déjà été appliqué.", code="applied")
    report = _do(file, dry_run=False, actor=actor)
    file.applied_at = clock.now()
    file.outcome = {
        "entered": report.entered,
        "left": report.left,
        "unchanged": report.unchanged,
        "created": len(report.created),
        "wrong": len(report.problems),
    }
    file.save(update_fields=["applied_at", "outcome"])
    audit.record(actor, "perimeter_file.applied", file, **file.outcome)
    return report


def _do(file: PerimeterFile, *, dry_run: bool, actor: Actor) -> Report:
    lines = [PerimeterLine(number, values) for number, values in file.lines]
    if file.programme is None:
        return crte.import_perimeters(lines, on=file.on, dry_run=dry_run, actor=actor)
    return import_programme(lines, file.programme, on=file.on, dry_run=dry_run)


@transaction.atomic
def import_programme(
    lines: list[PerimeterLine], programme: Programme, *, on: date, dry_run: bool = False
) -> Report:
    """Bring a programme to the communes of the lines, from a day on: those that leave keep their
    past, and a wrong line makes nobody leave."""
    with connection.cursor() as cursor:  # two files at once: one after the other
        cursor.execute("LOCK TABLE projects_programmeperimeter IN SHARE ROW EXCLUSIVE MODE")
    read = crte.Reading(on)
    for line in lines:
        read.take(line)
    report = Report(on, dry_run, read.count, problems=read.problems)
    slug = programme.slug
    complete = [] if read.wrong else [slug]
    report.incomplete = sorted(read.wrong)
    wanted = {(slug, commune): slug for commune in read.wanted}
    found = changes(_spans(programme), wanted, on, complete=complete)
    for (_, code), _span in found.known_later.items():
        read.refuse_later(code, _span)
    report.problems.sort(key=lambda one: one.number)
    report.entered, report.unchanged = len(found.entering), found.kept
    report.left = len(found.leaving) + len(found.erased)
    if not dry_run:
        rows = ProgrammePerimeter.objects
        rows.filter(pk__in=[one.pk for one in found.erased]).delete()
        rows.filter(pk__in=[one.pk for one in found.leaving]).update(until=on)
        rows.bulk_create(
            ProgrammePerimeter(programme=programme, commune_id=commune, since=on)
            for _, commune in found.entering
        )
    return report


def _spans(programme: Programme) -> Iterator[Span[Seat]]:
    rows = ProgrammePerimeter.objects.filter(programme=programme)
    for pk, commune, since, until in rows.values_list("pk", "commune_id", "since", "until"):
        yield Span(pk, (programme.slug, commune), programme.slug, since, until)
