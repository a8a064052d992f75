"""The XML of an invoice: UN/CEFACT CII, profile EN 16931 of Factur-X, checked by its own schema."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from drafthorse.models.accounting import ApplicableTradeTax
from drafthorse.models.document import Document
from drafthorse.models.note import IncludedNote
from drafthorse.models.party import TaxRegistration
from drafthorse.models.payment import PaymentTerms
from drafthorse.models.tradelines import LineItem

from preau.payments.invoicing.figures import (
    Invoice,
    NetLine,
    Party,
    Regime,
    Vat,
    VatShare,
    net_lines,
)

PROFILE = "urn:cen.eu:en16931:2017"
SCHEMA = "FACTUR-X_EN16931"
#: UNTDID 1001: commercial invoice, credit note.
INVOICE, CREDIT_NOTE = "380", "381"
#: ISO 6523: a SIREN, a SIRET.
SIREN, SIRET = "0002", "0009"
#: UN/ECE recommendation 20: one of it.
ONE = "C62"


def xml_of(invoice: Invoice) -> bytes:
    """The file `factur-x.xml`.

    Raises:
        drafthorse’s own: what we wrote is not what its schema describes, which is our fault.
    """
    document = Document()
    document.context.guideline_parameter.id = PROFILE
    document.header.id = invoice.number
    document.header.type_code = CREDIT_NOTE if invoice.is_credit_note else INVOICE
    document.header.issue_date_time = invoice.issued_on
    if invoice.purpose:
        note = IncludedNote()
        note.content = invoice.purpose
        document.header.notes.add(note)
    for rank, line in enumerate(net_lines(invoice.lines, invoice.regime), start=1):
        document.trade.items.add(_line(rank, line, invoice.regime))
    _parties(document, invoice)
    document.trade.delivery.event.occurrence = datetime.combine(invoice.delivered_on, time())
    _settlement(document, invoice)
    written: bytes = document.serialize(schema=SCHEMA)
    return written


def amount(cents: int) -> Decimal:
    return (Decimal(cents) / 100).quantize(Decimal("0.01"))


def _parties(document: Document, invoice: Invoice) -> None:
    agreement = document.trade.agreement
    if invoice.buyer_reference:
        agreement.buyer_reference = invoice.buyer_reference
    _party(agreement.seller, invoice.seller)
    _party(agreement.buyer, invoice.buyer)
    # Of what lies outside VAT, no number may be given (BR-O-02, BR-O-05).
    if invoice.regime.vat is not Vat.OUTSIDE:
        seller = invoice.seller
        _register(agreement.seller, "VA", seller.vat_number)
        if not seller.vat_number:
            _register(agreement.seller, "FC", seller.siret)
        _register(agreement.buyer, "VA", invoice.buyer.vat_number)


def _party(target: Any, party: Party) -> None:
    target.name = party.name
    if party.siret:
        target.global_id.add((SIRET, party.siret))
        target.legal_organization.id = (SIREN, party.siren)
        target.electronic_address.uri_ID = (SIRET, party.siret)
    elif party.email:
        target.electronic_address.uri_ID = ("EM", party.email)
    address = target.address
    address.country_id = party.country
    for name, value in (
        ("postcode", party.postcode),
        ("line_one", party.street),
        ("city_name", party.city),
    ):
        if value:
            setattr(address, name, value)


def _register(target: Any, scheme: str, number: str) -> None:
    if number:
        registration = TaxRegistration()
        registration.id = (scheme, number)
        target.tax_registrations.add(registration)


def _line(rank: int, net: NetLine, regime: Regime) -> LineItem:
    item = LineItem()
    item.document.line_id = str(rank)
    item.product.name = net.line.label
    # A price is never negative: a reduction is minus one of it.
    item.agreement.net.amount = amount(abs(net.net_cents))
    item.delivery.billed_quantity = (Decimal(1 if net.net_cents >= 0 else -1), ONE)
    tax = item.settlement.trade_tax
    tax.type_code = "VAT"
    tax.category_code = _category(regime, net.line.rate)
    if regime.vat is not Vat.OUTSIDE:
        tax.rate_applicable_percent = net.line.rate if regime.vat is Vat.STANDARD else Decimal(0)
    item.settlement.monetary_summation.total_amount = amount(net.net_cents)
    return item


def _category(regime: Regime, rate: Decimal) -> str:
    return (Vat.EXEMPT if regime.vat is Vat.STANDARD and rate == 0 else regime.vat).value


def _settlement(document: Document, invoice: Invoice) -> None:
    settlement = document.trade.settlement
    settlement.currency_code = "EUR"
    for share in invoice.shares:
        settlement.trade_tax.add(_tax(share))
    if invoice.served:
        first, last = invoice.served
        settlement.period.start = datetime.combine(first, time())
        settlement.period.end = datetime.combine(last, time())
    if invoice.due_on and not invoice.is_credit_note:
        terms = PaymentTerms()
        terms.due = datetime.combine(invoice.due_on, time())
        settlement.terms.add(terms)
    elif not invoice.is_credit_note and invoice.paid_cents < invoice.total_cents:
        terms = PaymentTerms()
        terms.description = "À réception"
        settlement.terms.add(terms)
    if invoice.credits:
        settlement.invoice_referenced_document.issuer_assigned_id = invoice.credits
        if invoice.credits_on:
            settlement.invoice_referenced_document.issue_date_time = datetime.combine(
                invoice.credits_on, time()
            )
    sums = settlement.monetary_summation
    sums.line_total = amount(invoice.net_cents)
    sums.tax_basis_total = amount(invoice.net_cents)
    sums.tax_total = (amount(invoice.vat_cents), "EUR")
    sums.grand_total = amount(invoice.total_cents)
    sums.prepaid_total = amount(invoice.paid_cents)
    sums.due_amount = amount(invoice.total_cents - invoice.paid_cents)


def _tax(share: VatShare) -> ApplicableTradeTax:
    tax = ApplicableTradeTax()
    tax.calculated_amount = amount(share.vat_cents)
    tax.type_code = "VAT"
    if share.regime.words:
        tax.exemption_reason = share.regime.words
    tax.basis_amount = amount(share.net_cents)
    tax.category_code = share.regime.vat.value
    if share.regime.code:
        tax.exemption_reason_code = share.regime.code
    if share.regime.vat is not Vat.OUTSIDE:
        tax.rate_applicable_percent = share.rate
    return tax
