"""What receipts, invoices and credit notes say: facts frozen as they are issued, then printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from preau.accounts.enums import OrganizationKind
from preau.core import formats
from preau.core.vat import percent
from preau.documents import rendering
from preau.payments.enums import UNTAXED, PaperKind, VatRegime
from preau.payments.invoicing import cii, figures, joining
from preau.payments.models import Due, DueLine, Paper, Payment

TEMPLATE = "payments/paper.typ"
REGIMES = {
    VatRegime.NOT_LIABLE: figures.NOT_TAXABLE,
    VatRegime.SMALL: figures.SMALL,
    VatRegime.LIABLE: figures.TAXED,
    VatRegime.NO_VAT_THERE: figures.NO_VAT_THERE,
}
#: Those whose accounts need an invoice; an association is given its receipt.
BILLED = frozenset(set(OrganizationKind) - {OrganizationKind.ASSOCIATION})
_TITLES = {
    PaperKind.RECEIPT: "Reçu de paiement",
    PaperKind.INVOICE: "Facture",
    PaperKind.CREDIT_NOTE: "Avoir",
}
ROUNDING = (
    "Les prix sont toutes taxes comprises ; la TVA de chaque taux est calculée sur son total,"
    " arrondie au centime."
)


def wants_invoice(due: Due) -> bool:
    """Whether who pays is a company or a public body."""
    if due.payer_organization is not None:
        return due.payer_organization.kind in BILLED
    return bool(due.payer_siret)


# --- Facts, written once


def facts_of(
    due: Due, lines: Iterable[DueLine], *, sign: int = 1, payment: Payment | None = None
) -> dict[str, Any]:
    """Everything the paper says, as things stand today.

    Args:
        sign: -1 for a credit note: what is taken off is written as what is given back.
    """
    office = due.office
    facts: dict[str, Any] = {
        "seller": _seller(due),
        "buyer": _buyer(due),
        "regime": due.vat_regime,
        "label": due.label,
        "due": due.number,
        "lines": [
            {
                "label": line.label if line.day is None else f"{line.label}, {_short(line.day)}",
                "cents": sign * line.cents,
                "rate": line.vat_rate,
                "why": figures.INDEMNITY if line.kind in UNTAXED else "",
            }
            for line in lines
        ],
        "delivered_on": _last_day(due).isoformat(),
        "served": [day.isoformat() for day in (due.served_from, due.served_to) if day],
        "office": office.name,
    }
    if payment is not None:
        facts["payment"] = {
            "number": payment.number,
            "cents": payment.cents,
            "means": payment.get_means_display(),
            "cheque": payment.cheque_number,
            "day": payment.day.isoformat(),
            "left": due.left_cents,
            "shares": [
                {"rate": one.vat_rate, "cents": one.cents, "vat": one.vat_cents}
                for one in payment.shares.all()
            ],
        }
    return facts


def _short(day: date) -> str:
    return formats.day(day, weekday=False)


def _days(first: date, last: date) -> str:
    return _short(first) if first == last else f"du {_short(first)} au {_short(last)}"


def _last_day(due: Due) -> date:
    days = [line.day for line in due.lines.all() if line.day is not None]
    asked_on = formats.local(due.created_at, due.office.zone).date()
    return due.served_to or max(days, default=asked_on)


def _seller(due: Due) -> dict[str, str]:
    office = due.office
    town = office.organization
    return {
        "name": town.name,
        "street": town.address,
        "postcode": town.postcode,
        "city": town.commune.name if town.commune else "",
        "siret": town.siret,
        "vat_number": office.vat_number if due.vat_regime == VatRegime.LIABLE else "",
        "email": office.contact_email or town.official_email,
    }


def _buyer(due: Due) -> dict[str, str]:
    organization = due.payer_organization
    if organization is None:
        return {
            "name": due.payer_name,
            "street": due.payer_address,
            "siret": due.payer_siret,
            "email": due.payer_email,
        }
    return {
        "name": organization.name,
        "street": organization.address,
        "postcode": organization.postcode,
        "city": organization.commune.name if organization.commune else "",
        "siret": organization.siret,
        "email": due.payer_email or organization.official_email,
    }


# --- From facts to files


def invoice_of(paper: Paper) -> figures.Invoice:
    """The same in the words of the norm."""
    facts = paper.facts
    original = paper.credits
    return figures.Invoice(
        number=paper.number,
        issued_on=paper.issued_on,
        seller=figures.Party(**facts["seller"]),
        buyer=figures.Party(**facts["buyer"]),
        lines=_lines(facts),
        regime=REGIMES[VatRegime(facts["regime"])],
        delivered_on=date.fromisoformat(facts["delivered_on"]),
        served=_served(facts),
        paid_cents=0 if original else paper.total_cents,
        purpose=facts["label"],
        credits=original.number if original else "",
        credits_on=original.issued_on if original else None,
    )


def _served(facts: dict[str, Any]) -> tuple[date, date] | None:
    """The first and the last day of the service, where it has some."""
    days = [date.fromisoformat(day) for day in facts.get("served", [])]
    return (days[0], days[-1]) if days else None


def _lines(facts: dict[str, Any]) -> tuple[figures.Line, ...]:
    return tuple(
        figures.Line(line["label"], line["cents"], Decimal(line["rate"]) / 100, line.get("why", ""))
        for line in facts["lines"]
    )


def vat_in(facts: dict[str, Any]) -> int:
    """The VAT of what is billed, before it has a number."""
    shares = figures.split(_lines(facts), REGIMES[VatRegime(facts["regime"])])
    return sum(share.vat_cents for share in shares)


def pdf_of(paper: Paper, *, at: datetime) -> bytes:
    """The file. An invoice or a credit note carries its own XML too (Factur-X)."""
    pdf = rendering.render(TEMPLATE, page_data(paper), at=at)
    if paper.kind == PaperKind.RECEIPT:
        return pdf
    return joining.join(pdf, cii.xml_of(invoice_of(paper)), at=at)


def page_data(paper: Paper) -> dict[str, Any]:
    """What `paper.typ` writes."""
    facts, invoice = paper.facts, invoice_of(paper)
    taxed = invoice.regime.vat is figures.Vat.STANDARD and paper.kind != PaperKind.RECEIPT
    shares = _shares(paper, invoice)
    return {
        "title": _TITLES[PaperKind(paper.kind)],
        "number": paper.number,
        "sender": _address(facts["seller"], facts["office"]),
        "subtitle": facts["label"],
        "to": _address(facts["buyer"]),
        "facts": _in_brief(paper),
        "heads": ["Désignation", "TVA", "Hors taxe", "Toutes taxes"]
        if taxed
        else ["Désignation", "Montant"],
        "rows": _rows(invoice, taxed=taxed),
        "vat": [
            [percent(int(rate * 100)), *(formats.euros(cents) for cents in (net, vat, net + vat))]
            for rate, net, vat in shares
        ],
        "totals": _totals(paper, invoice, taxed=taxed),
        "mentions": [*_mentions(paper, invoice), *([ROUNDING] if shares else [])],
    }


def _shares(paper: Paper, invoice: figures.Invoice) -> list[tuple[Decimal, int, int]]:
    """Rate, net and VAT: of what is billed, or of what a receipt says came in."""
    if invoice.regime.vat is not figures.Vat.STANDARD:
        return []
    if paper.kind != PaperKind.RECEIPT:
        return [(one.rate, one.net_cents, one.vat_cents) for one in invoice.shares]
    return [
        (Decimal(one["rate"]) / 100, one["cents"] - one["vat"], one["vat"])
        for one in paper.facts["payment"].get("shares", [])
    ]


def _rows(invoice: figures.Invoice, *, taxed: bool) -> list[list[str]]:
    if not taxed:
        return [[line.label, formats.euros(line.cents)] for line in invoice.lines]
    return [
        [
            net.line.label,
            percent(int(net.line.rate * 100)),
            formats.euros(net.net_cents),
            formats.euros(net.line.cents),
        ]
        for net in figures.net_lines(invoice.lines, invoice.regime)
    ]


def _address(party: dict[str, str], office: str = "") -> list[str]:
    town = f"{party.get('postcode', '')} {party.get('city', '')}".strip()
    lines = [party["name"], office, party.get("street", ""), town]
    if party.get("siret"):
        lines.append(f"SIRET {party['siret']}")
    if party.get("vat_number"):
        lines.append(f"TVA {party['vat_number']}")
    return [line for line in lines if line]


def _in_brief(paper: Paper) -> list[list[str]]:
    facts = paper.facts
    rows = [
        ["Émis le" if paper.kind != PaperKind.INVOICE else "Émise le", _short(paper.issued_on)],
        ["Somme due n°", facts["due"]],
    ]
    if days := _served(facts):
        one = days[0] == days[1]
        rows.append(["Date de la prestation" if one else "Dates de la prestation", _days(*days)])
    payment = facts.get("payment")
    if payment:
        means = payment["means"] + (f" n° {payment['cheque']}" if payment["cheque"] else "")
        rows += [
            ["Reçu le", _short(date.fromisoformat(payment["day"]))],
            ["Moyen de paiement", means],
            ["Écriture du journal", payment["number"]],
        ]
    if paper.credits is not None:
        original = paper.credits
        rows.append(["Sur la facture", f"{original.number} du {_short(original.issued_on)}"])
    return rows


def _totals(paper: Paper, invoice: figures.Invoice, *, taxed: bool) -> list[list[str]]:
    payment = paper.facts.get("payment")
    if payment:
        rows = [
            ["Somme due", formats.euros(invoice.total_cents)],
            ["Reçu par ce paiement", formats.euros(payment["cents"])],
        ]
        if payment["left"]:
            rows.append(["Reste à payer", formats.euros(payment["left"])])
        return rows
    rows = []
    if taxed:
        rows = [
            ["Total hors taxe", formats.euros(invoice.net_cents)],
            ["TVA", formats.euros(invoice.vat_cents)],
        ]
    if paper.kind == PaperKind.CREDIT_NOTE:
        return [*rows, ["À votre crédit", formats.euros(paper.total_cents)]]
    return [
        *rows,
        ["Total", formats.euros(paper.total_cents)],
        ["Déjà payé", formats.euros(invoice.paid_cents)],
        ["Reste à payer", formats.euros(paper.total_cents - invoice.paid_cents)],
    ]


def _mentions(paper: Paper, invoice: figures.Invoice) -> list[str]:
    if paper.kind == PaperKind.RECEIPT:
        return ["Ce reçu vaut quittance pour la somme reçue."]
    said = [one.regime.words for one in invoice.shares if one.regime.words]
    return [
        *(f"{words}." for words in dict.fromkeys(said)),
        "Ce fichier contient la même facture sous forme électronique (Factur-X, norme EN 16931).",
    ]
