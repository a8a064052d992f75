"""What each rate of VAT has of the money that came: frozen with each entry of the journal.

An entry is worth what the due's rates have once it is written, less what they had before: however
a sum is paid, in parts, back or again, its entries add up to the VAT of what was kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Sum

from preau.core.vat import percent
from preau.payments.enums import VatRegime
from preau.payments.invoicing import figures
from preau.payments.models import Due, EntryShare, Payment


def allocate(owed: Mapping[int, int], kept: int) -> dict[int, int]:
    """Share what was kept between rates, in proportion to what each is owed, to the cent.

    Args:
        owed: rate (hundredths of a percent) → cents, VAT included.

    Returns:
        rate → cents; they add up to `kept`. What passes all that is owed is at no rate: it is to
        be given back, and is the price of nothing.
    """
    total = sum(owed.values())
    paid = min(kept, total)
    found = {rate: cents * paid // total for rate, cents in owed.items()} if total > 0 else {}
    wronged = sorted(found, key=lambda rate: (-(owed[rate] * paid % total), -rate))
    for rate in wronged[: paid - sum(found.values())]:
        found[rate] += 1
    if kept > paid or not found:
        found[0] = found.get(0, 0) + kept - sum(found.values())
    return found


def told(due: Due) -> list[tuple[str, int, int]]:
    """« 20 % », the net and the VAT of each rate of a due; nothing where no VAT is asked."""
    if due.vat_regime != VatRegime.LIABLE:
        return []
    lines = [
        figures.Line(one.label, one.cents, Decimal(one.vat_rate) / 100) for one in due.lines.all()
    ]
    return [
        (percent(int(one.rate * 100)), one.net_cents, one.vat_cents)
        for one in figures.split(lines, figures.TAXED)
        if one.rate and one.net_cents
    ]


def write(entry: Payment, due: Due) -> None:
    """Note the entry's own; call it with the due locked, its totals read again."""
    if due.vat_regime != VatRegime.LIABLE:
        return
    owed: Counter[int] = Counter()
    for rate, cents in due.lines.values_list("vat_rate", "cents"):
        owed[rate] += cents
    now = allocate({rate: cents for rate, cents in owed.items() if cents}, due.kept_cents)
    told = {
        row["vat_rate"]: (row["all"], row["vat"])
        for row in EntryShare.objects.filter(payment__due=due)
        .order_by()
        .values("vat_rate")
        .annotate(all=Sum("cents"), vat=Sum("vat_cents"))
    }
    rows = []
    for rate in sorted(now.keys() | told.keys(), reverse=True):
        cents, (before, vat_before) = now.get(rate, 0), told.get(rate, (0, 0))
        vat = figures.vat_of(cents, Decimal(rate) / 100)
        if cents != before or vat != vat_before:
            rows.append(EntryShare(
                payment=entry, vat_rate=rate, cents=cents - before, vat_cents=vat - vat_before
            ))  # fmt: skip
    EntryShare.objects.bulk_create(rows)
