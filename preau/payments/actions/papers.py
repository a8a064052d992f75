"""Issuing receipts, invoices and credit notes: whatever is missing for a due, once.

A number is taken in the transaction that writes the paper; the file is made after, and put in the
vault of the organisation, shown to who paid.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db import transaction

from preau.accounts.actors import SYSTEM
from preau.core import audit, clock
from preau.documents.actions.vault import deposit, share
from preau.documents.enums import DocumentKind
from preau.payments import papers
from preau.payments.actions import numbering
from preau.payments.actions.dues import locked
from preau.payments.enums import DueState, LineKind, Nature, OfficeMode, PaperKind
from preau.payments.letters import tell_paper
from preau.payments.models import BilledLine, Due, DueLine, Paper, Payment


@transaction.atomic
def issue(due: Due) -> list[Paper]:
    """Write every paper that this due lacks. Again: nothing.

    The public accountant gives his own where a title is issued: nothing then.
    """
    due = locked(due)
    if due.office.mode not in {OfficeMode.REGIE, OfficeMode.TEST}:
        return []
    made = [_receipt(due, payment) for payment in _without_receipt(due)]
    if papers.wants_invoice(due):
        made += _bill(due)
    return made


def _without_receipt(due: Due) -> list[Payment]:
    found = due.payments.filter(nature=Nature.IN, paper=None, reversed_by=None)
    return list(found.order_by("id"))


def _receipt(due: Due, payment: Payment) -> Paper:
    facts = papers.facts_of(due, due.lines.all(), payment=payment)
    return _write(due, PaperKind.RECEIPT, payment.cents, facts, payment=payment)


def _bill(due: Due) -> list[Paper]:
    """An invoice for what is paid and was not billed, a credit note for what was taken off since.

    Each rate of VAT apart: one that is taken off and another that is added make one of each. A
    deposit is not a price: it is never billed.
    """
    lines = list(due.lines.filter(billed=None).exclude(kind=LineKind.DEPOSIT).order_by("id"))
    sums: Counter[int] = Counter()
    for line in lines:
        sums[line.vat_rate] += line.cents
    added = [line for line in lines if sums[line.vat_rate] > 0]
    less = [line for line in lines if sums[line.vat_rate] < 0]
    made = []
    original = due.papers.filter(kind=PaperKind.INVOICE).order_by("-id").first()
    if less and original is not None:
        made.append(_bill_lines(due, PaperKind.CREDIT_NOTE, less, original))
    if added and due.state == DueState.PAID:
        made.append(_bill_lines(due, PaperKind.INVOICE, added))
    return made


def _bill_lines(
    due: Due,
    kind: PaperKind,
    lines: Sequence[DueLine],
    original: Paper | None = None,
) -> Paper:
    sign = -1 if original else 1
    facts = papers.facts_of(due, lines, sign=sign)
    total = sign * sum(line.cents for line in lines)
    paper = _write(due, kind, total, facts, original=original)
    BilledLine.objects.bulk_create([BilledLine(paper=paper, line=line) for line in lines])
    return paper


def _write(
    due: Due,
    kind: PaperKind,
    total: int,
    facts: dict[str, object],
    *,
    payment: Payment | None = None,
    original: Paper | None = None,
) -> Paper:
    today = clock.today(due.office.zone)
    organization = due.office.organization
    paper = Paper(
        organization=organization,
        office=due.office,
        kind=kind,
        year=today.year,
        due=due,
        payment=payment,
        credits=original,
        total_cents=total,
        issued_on=today,
        facts=facts,
    )
    if kind != PaperKind.RECEIPT:
        paper.vat_cents = papers.vat_in(facts)
    # Last: whoever takes a number makes the others wait.
    paper.sequence = numbering.take(f"paper:{kind}:{organization.pk}", today.year)
    paper.save()
    audit.record(SYSTEM, "paper.issued", paper, number=paper.number, cents=total)
    return paper


def make_file(paper: Paper) -> None:
    """Print it, keep it, show it to who paid, and tell them. Once, however often it is asked."""
    if paper.document_id is not None:
        return
    # Outside the transaction: it takes a while, and gives the same bytes each time.
    content = papers.pdf_of(paper, at=paper.created_at)
    with transaction.atomic():
        paper = (
            Paper.objects.select_for_update(of=("self",))
            .select_related("due__payer_user", "due__payer_organization", "office__organization")
            .get(pk=paper.pk)
        )
        if paper.document_id is not None:
            return
        document = deposit(
            actor=SYSTEM,
            kind=DocumentKind.INVOICE,
            title=f"{paper} : {paper.due.label}",
            content=content,
            media_type="application/pdf",
            owner_organization=paper.organization,
        )
        share(document, _readers(paper.due), actor=SYSTEM)
        paper.document = document
        paper.save(update_fields=["document"])
        tell_paper(paper)


def _readers(due: Due) -> list[str]:
    if due.payer_organization_id is not None:
        return [f"organization:{due.payer_organization_id}"]
    return [f"user:{due.payer_user_id}"] if due.payer_user_id is not None else []
