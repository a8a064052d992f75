"""An invoice in figures: lines, VAT by rate, totals that agree to the cent with what was asked.

Prices here are those people pay, VAT included. The norm wants them without: what a rate's lines
make together is split once, then shared between its lines, so that nothing is lost in rounding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Vat(StrEnum):
    """How VAT is applied to a line, by the norm's own letters (UNTDID 5305)."""

    STANDARD = "S"
    EXEMPT = "E"
    OUTSIDE = "O"


@dataclass(frozen=True, slots=True)
class Regime:
    """Why an office asks no VAT, in the words the invoice must carry."""

    vat: Vat
    words: str = ""
    code: str = ""


#: A public body for its own premises, most often; nothing may be said of VAT beside it.
NOT_TAXABLE = Regime(Vat.OUTSIDE, "Non assujetti à la TVA, article 256 B du CGI", "VATEX-EU-O")
#: Below the threshold: « franchise en base ».
SMALL = Regime(Vat.EXEMPT, "TVA non applicable, article 293 B du CGI", "VATEX-FR-FRANCHISE")
#: Guyane, Mayotte, and what has taxes of its own (`core.vat`). VATEX-FR-CGI295 is for what article
#: 295 exempts elsewhere overseas.
NO_VAT_THERE = Regime(
    Vat.OUTSIDE,
    "TVA française non applicable sur ce territoire (Guyane et Mayotte : article 294 du CGI)",
    "VATEX-EU-O",
)
#: Taxable, but not for this line.
EXEMPT_LINE = Regime(Vat.EXEMPT, "Opération exonérée de TVA, article 261 D du CGI", "")
TAXED = Regime(Vat.STANDARD)
#: What is kept or asked for a harm, and pays for no service (BOI-TVA-BASE-10-10-30).
INDEMNITY = "Indemnité, hors du champ d’application de la TVA"


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or buys."""

    name: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    siret: str = ""
    vat_number: str = ""
    email: str = ""
    country: str = "FR"

    @property
    def siren(self) -> str:
        return self.siret[:9]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing asked for: cents with VAT; a reduction is negative.

    Attributes:
        why: no VAT is asked on it, "" for the usual exemption; said for lines at no rate alone.
    """

    label: str
    cents: int
    rate: Decimal = Decimal(0)
    why: str = ""


@dataclass(frozen=True, slots=True)
class NetLine:
    line: Line
    net_cents: int


@dataclass(frozen=True, slots=True)
class VatShare:
    """What one rate makes."""

    rate: Decimal
    regime: Regime
    net_cents: int
    vat_cents: int


@dataclass(frozen=True, slots=True)
class Invoice:
    """What an invoice says, or the credit note against it; amounts are positive in both."""

    number: str
    issued_on: date
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    regime: Regime
    delivered_on: date
    #: The first and the last day of the service, where it has some.
    served: tuple[date, date] | None = None
    paid_cents: int = 0
    due_on: date | None = None
    purpose: str = ""
    buyer_reference: str = ""
    credits: str = ""
    credits_on: date | None = None

    @property
    def is_credit_note(self) -> bool:
        return bool(self.credits)

    @property
    def total_cents(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def shares(self) -> list[VatShare]:
        return split(self.lines, self.regime)

    @property
    def net_cents(self) -> int:
        return sum(share.net_cents for share in self.shares)

    @property
    def vat_cents(self) -> int:
        return sum(share.vat_cents for share in self.shares)


def split(lines: Sequence[Line], regime: Regime) -> list[VatShare]:
    """Net and VAT of each rate, the highest first; together they make what is asked."""
    gross: dict[Decimal, int] = defaultdict(int)
    for line in lines:
        gross[line.rate if regime.vat is Vat.STANDARD else Decimal(0)] += line.cents
    shares = []
    for rate in sorted(gross, reverse=True):
        vat = vat_of(gross[rate], rate)
        shares.append(VatShare(rate, _regime_of(regime, rate, lines), gross[rate] - vat, vat))
    return shares


def net_lines(lines: Sequence[Line], regime: Regime) -> list[NetLine]:
    """Each line without VAT; those of a rate add up to that rate's net, to the cent."""
    found: dict[int, int] = {}
    for share in split(lines, regime):
        ranks = [
            rank
            for rank, line in enumerate(lines)
            if regime.vat is not Vat.STANDARD or line.rate == share.rate
        ]
        exact = [Decimal(lines[rank].cents) / (1 + share.rate / 100) for rank in ranks]
        floors = [int(one.to_integral_value(rounding="ROUND_FLOOR")) for one in exact]
        # The cents left go to those that rounding down wronged most.
        left = share.net_cents - sum(floors)
        wronged = sorted(range(len(ranks)), key=lambda at: (floors[at] - exact[at], at))
        for turn in range(left):
            floors[wronged[turn % len(ranks)]] += 1
        for turn in range(-left):
            floors[wronged[-1 - turn % len(ranks)]] -= 1
        found |= dict(zip(ranks, floors, strict=True))
    return [NetLine(line, found[rank]) for rank, line in enumerate(lines)]


def vat_of(gross_cents: int, rate: Decimal) -> int:
    """The VAT inside an amount; where it can be, exactly the rate of what remains."""
    near = _round(Decimal(gross_cents) * rate / (100 + rate))
    for vat in (near, near - 1, near + 1):
        if _round((gross_cents - vat) * rate / 100) == vat:
            return vat
    # Some amounts have none (3 cents at 20 %): one cent off, which the norm allows.
    return near


def _round(amount: Decimal) -> int:
    return int(amount.to_integral_value(rounding=ROUND_HALF_UP))


def _regime_of(regime: Regime, rate: Decimal, lines: Sequence[Line]) -> Regime:
    if regime.vat is not Vat.STANDARD or rate:
        return regime
    said = dict.fromkeys(line.why or EXEMPT_LINE.words for line in lines if not line.rate)
    return Regime(Vat.EXEMPT, " ; ".join(said))
