"""What the finance service has still to bill by titles, and what it was handed already.

A due is handed whole once, while it is unpaid, by an office whose public accountant collects;
after that, only what changed in it is, as more or less to bill, however the office collects now.
All the batches and what waits make together what is due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from preau.core import formats
from preau.core.tables.writing import Cell
from preau.payments.enums import DueState, OfficeMode, VatRegime
from preau.payments.invoicing import figures
from preau.payments.models import CollectingOffice, Due, DueLine, TitleBatch, TitledLine

HEADS = (
    "Bordereau", "Somme due", "Demandée le", "Payeur", "Adresse", "Courriel", "SIRET", "Objet",
    "Lieu", "Prestation du", "Prestation au", "Désignation", "TVA (%)", "Hors taxe (€)",
    "Montant (€)", "Total de la somme due (€)", "Reste à payer (€)", "Modifie le bordereau",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file. Days are ISO texts, amounts cents with VAT but `net`."""

    due: str
    asked: str
    payer: str
    address: str
    email: str
    siret: str
    label: str
    place: str
    served_from: str
    served_to: str
    line: str
    rate: int
    net: int
    cents: int
    total: int
    left: int
    amends: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one due has to bill: its rows, and every line that they are made of."""

    due: Due
    rows: list[Row]
    lines: list[DueLine]


def waiting(office: CollectingOffice, *, locks: bool = False) -> list[Waiting]:
    """What the next batch would hold, in the order it was asked.

    Args:
        locks: what is paid meanwhile waits, then finds that it is billed; in a transaction.
    """
    found = _dues(office).select_related("place").order_by("id")
    if locks:
        found = found.select_for_update(of=("self",))
    lines = DueLine.objects.select_related("titled__batch").defer("titled__batch__rows")
    found = found.prefetch_related(Prefetch("lines", lines.order_by("id")))
    made = [_waiting(due, office) for due in found]
    return [one for one in made if one.rows]


def _dues(office: CollectingOffice) -> QuerySet[Due]:
    lines = DueLine.objects.filter(due=OuterRef("pk"))
    handed = Q(Exists(lines.filter(titled__isnull=False)))
    if office.mode == OfficeMode.TITRE:
        handed |= Q(state=DueState.OPEN)
    return office.dues.filter(Exists(lines.filter(titled=None))).filter(handed)


def is_handed(due: Due) -> bool:
    """Whether the finance service bills it: nobody pays it otherwise any more."""
    return TitledLine.objects.filter(line__due=due).exists()


def is_billed(due: Due) -> bool:
    """Whether the accountant asks for it, by a title sent or to be sent: the limit is theirs."""
    return due.office.mode == OfficeMode.TITRE or is_handed(due)


def numbers_of(due: Due) -> list[str]:
    """Of the batches in which it was handed over, the first first."""
    batches = TitleBatch.objects.filter(lines__line__due=due).order_by("id").distinct()
    return [one.number for one in batches.defer("rows")]


def _waiting(due: Due, office: CollectingOffice) -> Waiting:
    """What was put down and taken off before anybody was told makes no row."""
    every = list(due.lines.all())
    new = [line for line in every if not hasattr(line, "titled")]
    told = [line.titled.batch for line in every if hasattr(line, "titled")]
    sums: dict[tuple[str, str, int], int] = {}
    for line in new:
        key = (line.kind, line.label, line.vat_rate)
        sums[key] = sums.get(key, 0) + line.cents
    lines = [
        figures.Line(label, cents, Decimal(rate) / 100)
        for (_, label, rate), cents in sums.items()
        if cents
    ]
    taxed = figures.TAXED if due.vat_regime == VatRegime.LIABLE else figures.NOT_TAXABLE
    amends = told[-1].number if told else ""
    rows = [_row(due, office, net, amends) for net in figures.net_lines(lines, taxed)]
    return Waiting(due, rows, new)


def _row(due: Due, office: CollectingOffice, net: figures.NetLine, amends: str) -> Row:
    return Row(
        due=due.number,
        asked=formats.local(due.created_at, office.zone).date().isoformat(),
        payer=due.payer_name,
        address=due.payer_address,
        email=due.payer_email,
        siret=due.payer_siret,
        label=due.label,
        place=due.place.name if due.place else "",
        served_from=due.served_from.isoformat() if due.served_from else "",
        served_to=due.served_to.isoformat() if due.served_to else "",
        line=net.line.label,
        rate=int(net.line.rate * 100),
        net=net.net_cents,
        cents=net.line.cents,
        total=due.total_cents,
        left=due.left_cents,
        amends=amends,
    )


def frozen(found: list[Waiting]) -> list[dict[str, object]]:
    return [asdict(row) for one in found for row in one.rows]


def cells(batch: TitleBatch) -> Iterator[tuple[Cell, ...]]:
    """Its file, from what was kept of it and nothing else."""
    for one in batch.rows:
        row = Row(**one)
        yield (
            batch.number,
            row.due,
            _day(row.asked),
            *(row.payer, row.address, row.email, row.siret, row.label, row.place),
            *(_day(row.served_from), _day(row.served_to)),
            row.line,
            row.rate / 100,
            *(Decimal(cents).scaleb(-2) for cents in (row.net, row.cents, row.total, row.left)),
            row.amends,
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
