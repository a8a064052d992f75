"""Receipts and invoices: every number once and none missing, and nothing in them changes."""

import io
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction
from facturx import get_facturx_xml_from_pdf, xml_check_xsd

from preau.accounts.enums import OrganizationKind
from preau.documents import store
from preau.payments.actions import dues, money, numbering, papers
from preau.payments.actions.dues import Line, Payer
from preau.payments.enums import LineKind, Means, OfficeMode, PaperKind, VatRegime
from preau.payments.models import Counter, Paper
from preau.payments.paper_tasks import issue_papers
from tests.accounts.factories import OrganizationFactory
from tests.documents_pdf.judge import judged
from tests.payments.factories import OfficeFactory, ask, clerk_of, hire, pay

COMPANY = "55208131766522"


@pytest.fixture
def office(db):
    return OfficeFactory()


@pytest.fixture
def company(db):
    return OrganizationFactory(kind=OrganizationKind.COMPANY, siret=COMPANY)


def billed(office, company, *lines, source="test:firm"):
    payer = Payer(company.name, organization=company)
    return ask(office, *lines, source=source, payer=payer)


def numbers(due):
    return [(one.kind, one.total_cents) for one in due.papers.order_by("id")]


def test_a_receipt_for_each_payment_and_again_nothing(office):
    due = ask(office)
    money.record_at_counter(due, cents=2000, means=Means.CASH, actor=clerk_of(office))
    pay(due, 3000)
    assert issue_papers(due.pk) == 2
    assert issue_papers(due.pk) == 0
    assert numbers(due) == [("recu", 2000), ("recu", 3000)]
    paper = due.papers.first()
    assert paper.number.endswith("-00001")
    assert store.read(paper.document.file).startswith(b"%PDF")
    assert [one.key for one in paper.document.readers.all()] == [f"user:{due.payer_user_id}"]


def test_a_company_gets_an_invoice_its_software_reads(office, company, tmp_path):
    office.vat_regime, office.vat_number = VatRegime.LIABLE, "FR12213801406"
    office.vat_rate = 0
    office.save()
    due = billed(
        office, company, Line(LineKind.HIRE, "Salle", 5000, 2000), Line(LineKind.OTHER, "Eau", 100)
    )
    pay(due)
    issue_papers(due.pk)
    assert numbers(due) == [("recu", 5100), ("facture", 5100)]
    invoice = due.papers.get(kind=PaperKind.INVOICE)
    assert invoice.vat_cents == 833
    pdf = store.read(invoice.document.file)
    _, xml = get_facturx_xml_from_pdf(io.BytesIO(pdf))
    assert xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert invoice.number.encode() in xml
    assert COMPANY.encode() in xml
    file = tmp_path / "facture.pdf"
    file.write_bytes(pdf)
    for (_, profile), (passes, _, reasons) in judged([file], profiles=("A-3A", "UA-1")).items():
        assert passes, (profile, reasons[:5])


@pytest.mark.parametrize(
    ("regime", "words"),
    [
        (VatRegime.NOT_LIABLE, "Non assujetti à la TVA"),
        (VatRegime.SMALL, "TVA non applicable, article 293 B du CGI"),
    ],
)
def test_why_there_is_no_vat_is_said(office, company, regime, words):
    from preau.payments.papers import page_data

    office.vat_regime = regime
    office.save()
    due = billed(office, company)
    pay(due)
    papers.issue(due)
    invoice = due.papers.get(kind=PaperKind.INVOICE)
    assert words in page_data(invoice)["mentions"][0]
    assert invoice.vat_cents == 0


def test_what_is_taken_off_a_billed_sum_is_credited(office, company):
    due = billed(office, company)
    pay(due)
    papers.issue(due)
    billed(office, company, hire(2000))
    papers.issue(due)
    papers.issue(due)
    assert numbers(due) == [("recu", 5000), ("facture", 5000), ("avoir", 3000)]
    credit = due.papers.get(kind=PaperKind.CREDIT_NOTE)
    assert credit.credits.kind == PaperKind.INVOICE
    assert issue_papers(due.pk) == 3
    credit.refresh_from_db()
    _, xml = get_facturx_xml_from_pdf(io.BytesIO(store.read(credit.document.file)))
    assert b">381<" in xml
    assert credit.credits.number.encode() in xml
    # Dropped whole: the rest is credited, never more.
    dues.drop("test:firm", actor=clerk_of(office))
    papers.issue(due)
    assert sum(one.signed_cents for one in due.papers.exclude(kind="recu")) == 0


def test_neither_an_association_nor_a_deposit_is_billed(office, company):
    club = OrganizationFactory(kind=OrganizationKind.ASSOCIATION)
    due = billed(office, club)
    deposit = billed(office, company, Line(LineKind.DEPOSIT, "Caution", 5000), source="test:d")
    for one in (due, deposit):
        pay(one)
        papers.issue(one)
        assert numbers(one) == [("recu", 5000)]


def test_the_accountant_gives_his_own(db, company):
    office = OfficeFactory(mode=OfficeMode.TITRE)
    due = billed(office, company)
    money.record_at_counter(due, cents=5000, means=Means.TRANSFER, actor=clerk_of(office))
    assert papers.issue(due) == []


def test_what_is_issued_never_changes(office):
    due = ask(office)
    pay(due)
    issue_papers(due.pk)
    paper = due.papers.get()
    for change in ({"total_cents": 1}, {"facts": {}}, {"sequence": 9}, {"document": None}):
        with pytest.raises(IntegrityError, match="issued once"), transaction.atomic():
            Paper.objects.filter(pk=paper.pk).update(**change)
    with pytest.raises(IntegrityError, match="issued once"), transaction.atomic():
        paper.delete()


def test_a_gap_cannot_be_written(office):
    due = ask(office)
    pay(due)
    facts = {
        "organization": office.organization, "office": office, "kind": "facture", "due": due,
        "total_cents": 1, "issued_on": due.created_at.date(), "year": 2030,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="leaves a gap"), transaction.atomic():
        Paper.objects.create(sequence=2, **facts)
    Paper.objects.create(sequence=1, **facts)
    Paper.objects.create(sequence=2, **facts)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_and_some_undone_leave_neither_gap_nor_double():
    """Eight connections, a third of the transactions rolled back."""
    given, lock = [], threading.Lock()

    def work(worker):
        try:
            for turn in range(20):
                try:
                    with transaction.atomic():
                        number = numbering.take("paper:facture:1", 2027)
                        if (worker + turn) % 3 == 0:
                            raise ZeroDivisionError
                except ZeroDivisionError:
                    continue
                with lock:
                    given.append(number)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=work, args=(one,)) for one in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(given) > 80
    assert sorted(given) == list(range(1, len(given) + 1))
    assert Counter.objects.get(series="paper:facture:1").last == len(given)
    assert connection.vendor == "postgresql"
