"""The journal of an office told in several ways, that agree to the cent.

Everything is counted from the entries themselves, never from totals kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from heapq import merge
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from preau.core import formats
from preau.core.tables.writing import Cell
from preau.core.vat import VatRate, percent
from preau.payments.enums import Means, Nature, VatRegime
from preau.payments.models import CollectingOffice, EntryShare, Incident, Payment


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included."""

    first: date
    last: date

    @property
    def words(self) -> str:
        return formats.days(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Sums:
    """What a day, a place or a means of payment makes."""

    label: str
    count: int
    in_cents: int
    reversed_cents: int
    refunded_cents: int
    key: Any = None

    @property
    def net_cents(self) -> int:
        return self.in_cents + self.reversed_cents + self.refunded_cents


#: What each telling groups by.
BY = {"jour": "day", "lieu": "due__place", "moyen": "means"}
TITLES = {"jour": "Par jour", "lieu": "Par lieu", "moyen": "Par moyen de paiement"}
NO_PLACE = "Sans lieu"
NO_VAT = "Sans TVA"


def entries(office: CollectingOffice, span: Span) -> QuerySet[Payment]:
    return office.journal.filter(day__range=(span.first, span.last))


def sums_by(office: CollectingOffice, span: Span, by: str) -> list[Sums]:
    """The same money, grouped."""
    field = BY[by]
    found = (
        entries(office, span)
        .values(field, **({"place_name": F("due__place__name")} if by == "lieu" else {}))
        .annotate(**_amounts())
        .order_by("place_name" if by == "lieu" else field)
    )
    return [_sums(row, _label(by, row), row[field]) for row in found]


def total(office: CollectingOffice, span: Span) -> Sums:
    return _sums(entries(office, span).aggregate(**_amounts()), "Total")


@dataclass(frozen=True, slots=True)
class RateSum:
    """What one rate of VAT makes; `label` says so of what no VAT is asked on."""

    label: str
    cents: int
    vat_cents: int

    @property
    def net_cents(self) -> int:
        return self.cents - self.vat_cents


def is_taxed(office: CollectingOffice) -> bool:
    """Whether it asks VAT, or did."""
    return office.vat_regime == VatRegime.LIABLE or _shares(office).exists()


def sums_by_rate(office: CollectingOffice, span: Span) -> list[RateSum]:
    """The same money again, by rate of VAT; together, the net of the journal."""
    found = list(
        _shares(office)
        .filter(payment__day__range=(span.first, span.last))
        .order_by("-vat_rate")
        .values("vat_rate")
        .annotate(all=Sum("cents"), vat=Sum("vat_cents"))
    )
    rated = [
        RateSum(percent(row["vat_rate"]), row["all"], row["vat"])
        for row in found
        if row["vat_rate"]
    ]
    rest = total(office, span).net_cents - sum(one.cents for one in rated)
    return [*rated, RateSum(NO_VAT, rest, 0)] if rest else rated


def _shares(office: CollectingOffice) -> QuerySet[EntryShare]:
    return EntryShare.objects.filter(payment__office=office)


def _amounts() -> dict[str, Any]:
    return {
        "entries": Count("id"),
        "came": Sum("cents", filter=Q(nature=Nature.IN)),
        "reversed": Sum("cents", filter=Q(nature=Nature.REVERSAL)),
        "refunded": Sum("cents", filter=Q(nature=Nature.REFUND)),
    }


def _sums(row: dict[str, Any], label: str, key: Any = None) -> Sums:
    return Sums(
        label,
        row["entries"],
        row["came"] or 0,
        row["reversed"] or 0,
        row["refunded"] or 0,
        key,
    )


def _label(by: str, row: dict[str, Any]) -> str:
    if by == "jour":
        return formats.day(row["day"])
    if by == "moyen":
        return Means(row["means"]).label
    return row["place_name"] or NO_PLACE


# --- Tables to take away

JOURNAL = (
    "Écriture", "Date", "Nature", "Somme due", "Objet", "Lieu", "Payeur", "Moyen de paiement",
    "N° de chèque", "Opération en ligne", "Montant (€)", "À rendre (€)", "Motif ou faits",
)  # fmt: skip
_RATES = tuple(rate for rate in VatRate.values if rate)
#: More columns for an office that asks VAT.
JOURNAL_VAT = ("Hors taxe (€)", *(f"TVA {percent(rate)} (€)" for rate in _RATES))
BY_RATE = ("Taux de TVA", "Hors taxe (€)", "TVA (€)", "Toutes taxes (€)")
SUMS = ("Écritures", "Encaissé (€)", "Annulé (€)", "Remboursé (€)", "Net (€)")


def amount(cents: int) -> Decimal:
    """As a number, with its cents: a spreadsheet adds it."""
    return Decimal(cents).scaleb(-2)


def journal_heads(office: CollectingOffice) -> tuple[str, ...]:
    return (*JOURNAL, *JOURNAL_VAT) if is_taxed(office) else JOURNAL


def journal_rows(office: CollectingOffice, span: Span) -> Iterator[tuple[Cell, ...]]:
    """Every entry and every incident, in their order."""
    zone, taxed = office.zone, is_taxed(office)
    first = datetime.combine(span.first, time(), zone)
    end = datetime.combine(span.last + timedelta(days=1), time(), zone)
    written = (
        entries(office, span)
        .select_related("due__place", "operation")
        .prefetch_related(*(["shares"] if taxed else []))
        .order_by("at", "id")
        .iterator(chunk_size=500)
    )
    troubles = (
        office.incidents.filter(opened_at__gte=first, opened_at__lt=end)
        .select_related("due__place", "operation")
        .order_by("opened_at", "id")
        .iterator(chunk_size=500)
    )
    rows = merge(
        ((one.at, 0, one.pk, _entry(one, zone, taxed=taxed)) for one in written),
        ((one.opened_at, 1, one.pk, _trouble(one, zone, taxed=taxed)) for one in troubles),
    )
    return (row for *_, row in rows)


def _entry(payment: Payment, zone: Any, *, taxed: bool) -> tuple[Cell, ...]:
    due = payment.due
    return (
        payment.number,
        _moment(payment.at, zone),
        payment.get_nature_display(),
        due.number,
        due.label,
        due.place.name if due.place else NO_PLACE,
        due.payer_name,
        payment.get_means_display(),
        payment.cheque_number,
        payment.operation.reference if payment.operation else "",
        amount(payment.cents),
        None,
        payment.reason,
        *(_taxes(payment) if taxed else ()),
    )


def _taxes(payment: Payment) -> tuple[Cell, ...]:
    """What it is worth without VAT, then the VAT of each rate; nothing where there is none."""
    vat = {one.vat_rate: one.vat_cents for one in payment.shares.all()}
    net = payment.cents - sum(vat.values())
    return (amount(net), *(amount(vat[rate]) if vat.get(rate) else None for rate in _RATES))


def _trouble(incident: Incident, zone: Any, *, taxed: bool) -> tuple[Cell, ...]:
    due = incident.due
    return (
        "",
        _moment(incident.opened_at, zone),
        f"Incident : {incident.get_kind_display()} ({incident.get_state_display().lower()})",
        due.number,
        due.label,
        due.place.name if due.place else NO_PLACE,
        due.payer_name,
        "",
        "",
        incident.operation.reference if incident.operation else "",
        None,
        amount(incident.refund_cents),
        incident.facts,
        *((None,) * len(JOURNAL_VAT) if taxed else ()),
    )


def _moment(at: datetime, zone: Any) -> datetime:
    """The office's own wall time; spreadsheets know no zones."""
    return formats.local(at, zone).replace(tzinfo=None)


def sums_rows(office: CollectingOffice, span: Span, by: str) -> Iterator[tuple[Cell, ...]]:
    """One a group, and the total last."""
    for one in [*sums_by(office, span, by), total(office, span)]:
        label = one.key if by == "jour" and one.key else one.label
        yield (
            label,
            one.count,
            amount(one.in_cents),
            amount(one.reversed_cents),
            amount(one.refunded_cents),
            amount(one.net_cents),
        )


def rate_rows(office: CollectingOffice, span: Span) -> Iterator[tuple[Cell, ...]]:
    """One a rate, and the total last."""
    found = sums_by_rate(office, span)
    vat = sum(one.vat_cents for one in found)
    for one in [*found, RateSum("Total", total(office, span).net_cents, vat)]:
        yield (one.label, amount(one.net_cents), amount(one.vat_cents), amount(one.cents))
