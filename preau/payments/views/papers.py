"""Receipts and invoices to take away; what the journal says over some days."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from preau.accounts.actors import SYSTEM, Actor, actor_of
from preau.accounts.perms import Scope, permission
from preau.core import audit, clock
from preau.core.tables.writing import Cell
from preau.documents import downloads
from preau.documents.actions import vault
from preau.payments import bank_links, ledger
from preau.payments.enums import OfficeMode
from preau.payments.forms.exports import FILES, PeriodForm
from preau.payments.ledger import Span
from preau.payments.models import CollectingOffice, Paper
from preau.payments.views.files import kind_of, table_file
from preau.payments.views.loading import load_office
from preau.payments.views.opening import opened_by

IN_PAGE = 50
_FULL = ("document__file", "due__office", "office__organization", "payment__reversed_by")


def load_paper(*, paper_key: uuid.UUID) -> Paper:
    return get_object_or_404(Paper.objects.select_related(*_FULL), key=paper_key)


@permission("payments.read_paper", load=load_paper)
def paper(request: HttpRequest, paper: Paper) -> HttpResponse:
    """The file; for a moment, a page that says it is being made."""
    return _file(request, paper, actor_of(request))


@permission("payments.by_link")
@opened_by(bank_links.PAPER, "paper", load_paper, bank_links.leads_to_paper)
def paper_by_link(request: HttpRequest, paper: Paper, paper_token: str) -> HttpResponse:
    """The same for who has no account: the link is the right to it."""
    return _file(request, paper, SYSTEM)


def _file(request: HttpRequest, paper: Paper, actor: Actor) -> HttpResponse:
    if paper.document is None:
        return render(request, "payments/papers/paper.html", {"paper": paper})
    content = vault.read(paper.document, actor=actor, why=str(paper))
    return downloads.attachment(content, paper.document)


@permission("payments.read_office", load=load_office)
def papers_of_office(request: HttpRequest, office: CollectingOffice) -> HttpResponse:
    found = office.papers.select_related("due", "payment__reversed_by", "credits")
    page = Paginator(found.order_by("-id"), IN_PAGE).get_page(request.GET.get("page"))
    context = {"office": office, "page": page, "is_title": office.mode == OfficeMode.TITRE}
    return render(request, "payments/papers/papers.html", context)


@permission("payments.export", load=load_office)
def ledger_page(request: HttpRequest, office: CollectingOffice) -> HttpResponse:
    """The same money told three ways, and the files to take away."""
    form, span = _period(request, office)
    context: dict[str, Any] = {"office": office, "form": form}
    if span is not None:
        taxed = ledger.is_taxed(office)
        context |= {
            "span": span,
            "total": ledger.total(office, span),
            "tables": [
                (title, ledger.sums_by(office, span, by)) for by, title in ledger.TITLES.items()
            ],
            "rates": ledger.sums_by_rate(office, span) if taxed else [],
            "files": {key: words for key, words in FILES.items() if taxed or key != "taux"},
            "kinds": [("csv", "CSV"), ("xlsx", "XLSX")],
        }
    return render(request, "payments/papers/ledger.html", context)


@dataclass(frozen=True)
class Table:
    """One of an office's files."""

    office: CollectingOffice
    what: str

    @property
    def permission_scope(self) -> Scope:
        return self.office.permission_scope


def load_table(*, office_id: int, ledger_what: str) -> Table:
    if ledger_what not in FILES:
        raise Http404
    return Table(load_office(office_id=office_id), ledger_what)


@permission("payments.export", load=load_table)
def ledger_file(request: HttpRequest, table: Table) -> HttpResponse:
    """A table as a file; each time is written down."""
    office, ledger_what = table.office, table.what
    form, span = _period(request, office)
    kind_of(request)
    if span is None:
        return render(
            request, "payments/papers/ledger.html", {"office": office, "form": form}, status=400
        )
    headings, rows = _table(office, span, ledger_what)
    audit.record(
        actor_of(request),
        "office.exported",
        office,
        what=ledger_what,
        first=str(span.first),
        last=str(span.last),
    )
    name = f"{ledger_what}-{span.first}-{span.last}"
    return table_file(request, name, FILES[ledger_what].split(" :")[0], headings, rows)


def _table(
    office: CollectingOffice, span: Span, what: str
) -> tuple[tuple[str, ...], Iterator[tuple[Cell, ...]]]:
    if what == "journal":
        return ledger.journal_heads(office), ledger.journal_rows(office, span)
    if what == "taux":
        return ledger.BY_RATE, ledger.rate_rows(office, span)
    first = {"jour": "Jour", "lieu": "Lieu", "moyen": "Moyen de paiement"}[what]
    return (first, *ledger.SUMS), ledger.sums_rows(office, span, what)


def _period(request: HttpRequest, office: CollectingOffice) -> tuple[PeriodForm, Span | None]:
    """This month, until somebody says otherwise."""
    today = clock.today(office.zone)
    first, last = today.replace(day=1), today
    if not {"du", "au"} & set(request.GET):
        return PeriodForm(initial={"du": first, "au": last}), Span(first, last)
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return form, None
    days: tuple[date, date] = (form.cleaned_data["du"], form.cleaned_data["au"])
    return form, Span(*days)
