"""The CRTE: which one a commune is in on a day, and their perimeters brought in from a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from preau.core import audit
from preau.core.errors import Refusal
from preau.core.formats import day
from preau.core.tables import reading
from preau.core.tables.cells import Unreadable, day_of
from preau.core.tables.columns import Column, guess, refuse_missing
from preau.territories.models import Commune, Crte, CrteMembership, Epci
from preau.territories.perimeters import Changes, Span, changes

MOST_BYTES = 10 * reading.MEGABYTE
#: More lines than France has communes.
MOST_LINES = 60_000
COLUMNS = (
    Column("id_crte", "id_crte", "Identifiant du CRTE.", ("crte-84-38-1",), True, ("code crte",)),
    Column("lib_crte", "lib_crte", "Son nom.", ("CRTE du Trièves",), True, ("nom du crte", "crte")),
    Column(
        "insee_com",
        "insee_com",
        "Code INSEE d’une commune.",
        ("38226",),
        aliases=("code insee", "insee", "code commune", "commune"),
    ),
    Column(
        "siren_epci",
        "siren_epci",
        "Ou SIREN d’une intercommunalité : toutes ses communes.",
        ("200030658",),
        aliases=("siren", "epci", "code epci", "siren groupement"),
    ),
    Column("signed_on", "date_signature", "Facultative.", ("15/12/2021",), False, ("signature",)),
)


def crte_of(commune: Commune | str, on: date) -> Crte | None:
    """The CRTE the commune is in that day."""
    code = commune if isinstance(commune, str) else commune.pk
    seats = CrteMembership.objects.filter(_on(on), commune=code)
    seat = seats.select_related("crte__departement").first()
    return seat.crte if seat else None


def crtes_of(communes: Iterable[str], on: date) -> dict[str, str]:
    """Code of commune → code of its CRTE that day, for many at once."""
    seats = CrteMembership.objects.filter(_on(on), commune__in=list(communes))
    return dict(seats.values_list("commune_id", "crte_id"))


def communes_of(crte: Crte | str, on: date) -> QuerySet[Commune]:
    """The communes in the CRTE that day."""
    code = crte if isinstance(crte, str) else crte.pk
    seats = CrteMembership.objects.filter(_on(on), crte=code)
    return Commune.objects.filter(pk__in=seats.values("commune"))


def _on(day: date) -> Q:
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))


# --- Bringing perimeters in

#: Groupings made up for demonstrations: no official list.
DEMONSTRATION = Path(__file__).parent / "data" / "crte_demonstration_38.csv"


@dataclass(frozen=True, slots=True)
class PerimeterLine:
    """One line of a file: its number, and what it says under each key of `COLUMNS`."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line, where, and what to do."""

    number: int
    column: str
    sentence: str


@dataclass(slots=True)
class Report:
    """What an import did, or would do."""

    on: date
    dry_run: bool
    lines: int = 0
    created: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    entered: int = 0
    left: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    #: Those with a wrong line: no commune leaves them, since we cannot tell which were meant.
    incomplete: list[str] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not (self.created or self.renamed or self.entered or self.left)


def read_perimeters(content: bytes) -> list[PerimeterLine]:
    """The lines of a CSV or XLSX file.

    Raises:
        Refusal: the file as a whole cannot be read.
    """
    table = reading.read(content, most_bytes=MOST_BYTES)
    keys = guess(table.headings, COLUMNS)
    refuse_missing(keys, COLUMNS)
    if not {"insee_com", "siren_epci"} & set(keys):
        raise Refusal(
            "Il manque une colonne : insee_com (code de la commune) ou siren_epci.", field="file"
        )
    lines = []
    for row in table.rows:
        values = {key: cell for key, cell in zip(keys, row.cells, strict=False) if key and cell}
        lines.append(PerimeterLine(row.number, values))
        if len(lines) > MOST_LINES:
            raise Refusal(f"Ce fichier contient plus de {MOST_LINES} lignes.", field="file")
    return lines


@transaction.atomic
def import_perimeters(
    lines: Iterable[PerimeterLine],
    *,
    on: date,
    dry_run: bool = False,
    actor: audit.Author | None = None,
) -> Report:
    """Bring the CRTE that the lines name to the perimeter they give, from a day on.

    Those not named are left alone. A commune that leaves keeps its past. Doing it again changes
    nothing. A wrong line is reported and left; the others are done.
    """
    with connection.cursor() as cursor:  # two imports at once: one after the other
        cursor.execute("LOCK TABLE territories_crtemembership IN SHARE ROW EXCLUSIVE MODE")
    read = Reading(on)
    for line in lines:
        read.take(line)
    report = Report(on, dry_run, read.count, problems=read.problems)
    report.incomplete = sorted(read.wrong & read.names.keys())
    found = changes(_spans(), read.wanted, on, complete=read.names.keys() - read.wrong)
    for code, span in found.known_later.items():
        read.refuse_later(code, span)
    report.problems.sort(key=lambda one: one.number)
    report.entered, report.unchanged = len(found.entering), found.kept
    report.left = len(found.leaving) + len(found.erased)
    _crtes(read, report, set(found.entering.values()))
    if not dry_run:
        _write(found, on)
        if actor is not None and not report.changes_nothing:
            _journal(report, read, actor)
    return report


def _spans() -> Iterator[Span[str]]:
    columns = ("pk", "commune_id", "crte_id", "since", "until")
    for pk, commune, crte, since, until in CrteMembership.objects.values_list(*columns):
        yield Span(pk, commune, crte, since, until)


class Reading:
    """Every line understood, with what is wrong."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.count = 0
        self.communes = {one.pk: one for one in Commune.objects.only("name", "active", "epci_id")}
        self.in_epci: dict[str, list[str]] = {}
        for one in self.communes.values():
            if one.active and one.epci_id:
                self.in_epci.setdefault(one.epci_id, []).append(one.pk)
        self.epcis = set(Epci.objects.values_list("pk", flat=True))
        self.names: dict[str, str] = {}
        self.signed: dict[str, date] = {}
        #: commune → CRTE, commune → line that said so.
        self.wanted: dict[str, str] = {}
        self.seen: dict[str, int] = {}
        self.problems: list[Problem] = []
        #: Those of which a line is wrong.
        self.wrong: set[str] = set()

    def refuse(self, number: int, column: str, sentence: str, crte: str = "") -> None:
        self.problems.append(Problem(number, column, sentence))
        self.wrong |= {crte} - {""}

    def refuse_later(self, code: str, span: Span[Any]) -> None:
        """What is known of a commune goes beyond the day: it is not rewritten."""
        self.refuse(
            self.seen[code],
            "insee_com",
            f"{self.communes[code].name} ({code}) : ce que l’on sait d’elle va déjà au-delà du "
            f"{day(self.on, weekday=False)} ({span.owner} depuis le "
            f"{day(span.since, weekday=False)}). Donnez une date plus récente.",
        )

    def take(self, line: PerimeterLine) -> None:
        self.count += 1
        crte, name = line.values.get("id_crte", ""), line.values.get("lib_crte", "")
        if not crte or len(crte) > 40:
            self.refuse(
                line.number, "id_crte", "Écrivez l’identifiant du CRTE (40 signes au plus)."
            )
            return
        if not name or len(name) > 250:
            self.refuse(
                line.number, "lib_crte", "Écrivez le nom du CRTE (250 signes au plus).", crte
            )
            return
        if self.names.setdefault(crte, name) != name:
            sentence = f"{crte} s’appelle « {self.names[crte]} » plus haut : gardez un seul nom."
            self.refuse(line.number, "lib_crte", sentence, crte)
            return
        if "signed_on" in line.values:
            try:
                self.signed[crte] = day_of(line.values["signed_on"])
            except Unreadable as error:
                self.refuse(line.number, "date_signature", str(error), crte)
        for commune in self._meant(line, crte):
            self._seat(commune, crte, line.number)

    def _meant(self, line: PerimeterLine, crte: str) -> list[str]:
        """The communes of a line; none when it is wrong."""
        code = line.values.get("insee_com", "").replace(" ", "").upper()
        siren = line.values.get("siren_epci", "").replace(" ", "")
        if code:
            code = code.zfill(5)  # spreadsheets eat the first zero
            commune = self.communes.get(code)
            if commune is not None and commune.active:
                return [code]
            sentence = (
                f"La commune {code} ({commune.name}) n’est plus en vigueur : écrivez le code de "
                "celle qui l’a remplacée."
                if commune
                else f"Aucune commune n’a le code INSEE « {code} » : vérifiez-le (ce n’est pas le "
                "code postal)."
            )
            self.refuse(line.number, "insee_com", sentence, crte)
        elif siren:
            if self.in_epci.get(siren):
                return self.in_epci[siren]
            sentence = (
                f"L’intercommunalité {siren} n’a plus aucune commune."
                if siren in self.epcis
                else f"Aucune intercommunalité n’a le SIREN « {siren} » : vérifiez-le."
            )
            self.refuse(line.number, "siren_epci", sentence, crte)
        else:
            sentence = "Écrivez le code INSEE d’une commune, ou le SIREN d’une intercommunalité."
            self.refuse(line.number, "insee_com", sentence, crte)
        return []

    def _seat(self, commune: str, crte: str, number: int) -> None:
        before = self.wanted.setdefault(commune, crte)
        first = self.seen.setdefault(commune, number)
        if before != crte:
            name = self.communes[commune].name
            sentence = (
                f"{name} ({commune}) est déjà dans {before} à la ligne {first} : une commune n’est "
                "que dans un CRTE à la fois."
            )
            self.refuse(number, "insee_com", sentence, crte)


def _crtes(read: Reading, report: Report, entered: set[str]) -> None:
    """Create those that some commune enters; rename those whose name changed."""
    known = Crte.objects.in_bulk(list(read.names))
    where: dict[str, Counter[str]] = {}
    homes = dict(Commune.objects.values_list("pk", "departement_id"))
    for commune, crte in read.wanted.items():
        where.setdefault(crte, Counter())[homes[commune]] += 1
    new, changed = [], []
    for code, name in read.names.items():
        one = known.get(code)
        if one is None and code in entered:
            # Most of its communes lie there; the first of equals, so that twice is the same.
            [(home, _)] = sorted(where[code].items(), key=lambda item: (-item[1], item[0]))[:1]
            signed = read.signed.get(code)
            new.append(Crte(code=code, name=name, departement_id=home, signed_on=signed))
        elif one is not None:
            signed = read.signed.get(code, one.signed_on)
            if (one.name, one.signed_on) != (name, signed):
                one.name, one.signed_on = name, signed
                changed.append(one)
    report.created = [one.code for one in new]
    report.renamed = [one.code for one in changed]
    if not report.dry_run:
        Crte.objects.bulk_create(new)
        Crte.objects.bulk_update(changed, ["name", "signed_on"], batch_size=500)


def _write(found: Changes[str], on: date) -> None:
    CrteMembership.objects.filter(pk__in=[one.pk for one in found.erased]).delete()
    CrteMembership.objects.filter(pk__in=[one.pk for one in found.leaving]).update(until=on)
    CrteMembership.objects.bulk_create(
        (
            CrteMembership(commune_id=commune, crte_id=crte, since=on)
            for commune, crte in found.entering.items()
        ),
        batch_size=2000,
    )


def _journal(report: Report, read: Reading, actor: audit.Author) -> None:
    touched = Crte.objects.filter(pk__in=read.names)
    audit.record_each(
        actor,
        "crte.perimeter_imported",
        touched,
        on=report.on.isoformat(),
        entered=report.entered,
        left=report.left,
        wrong=len(report.problems),
    )
