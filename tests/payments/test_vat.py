"""VAT by rate: asked once, frozen with each sum, in the journal and on papers to the cent."""

import csv
import io
import random
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.urls import reverse
from facturx import xml_check_xsd

from preau.accounts.enums import OrganizationKind
from preau.core.errors import Refusal
from preau.core.tables.writing import csv_lines
from preau.payments import ledger, papers
from preau.payments.actions import money, refunds
from preau.payments.actions import papers as issuing
from preau.payments.actions.dues import Line, Payer
from preau.payments.enums import LineKind, Means, PaperKind, RefundCause, VatRegime
from preau.payments.invoicing import cii, figures
from preau.payments.ledger import Span
from preau.payments.models import CollectingOffice, Due, EntryShare
from preau.payments.shares import allocate
from tests.accounts.factories import OrganizationFactory, sign_in
from tests.payments.factories import OfficeFactory, ask, clerk_of, hire, pay

YEARS = Span(date(2000, 1, 1), date(2100, 1, 1))
NUMBER = "FR12213801406"


def liable(**more):
    return OfficeFactory(
        **({"vat_regime": VatRegime.LIABLE, "vat_number": NUMBER, "vat_rate": 2000} | more)
    )


def at(rate, cents, kind=LineKind.HIRE):
    return Line(kind, f"Salle à {rate}", cents, rate)


def test_money_is_shared_between_rates_within_a_cent_of_the_fraction():
    chance = random.Random(11)
    for _ in range(2000):
        rates = chance.sample([2000, 1000, 550, 210, 0], chance.randint(1, 5))
        owed = {rate: chance.randint(1, 20_000) for rate in rates}
        total = sum(owed.values())
        kept = chance.choice([0, 1, total, total + 7, chance.randint(0, total)])
        found = allocate(owed, kept)
        assert sum(found.values()) == kept
        for rate, cents in owed.items():
            exact = Fraction(cents * min(kept, total), total)
            more = max(kept - total, 0) if rate == 0 else 0
            assert abs(found[rate] - more - exact) < 1
        if kept == total:
            assert found == owed
    assert allocate({}, 50) == {0: 50}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_paid_back_or_changed_the_vat_of_what_is_kept_adds_up(seed):
    """Against the split of the lines, which the norm's own arithmetic makes."""
    chance, office = random.Random(seed), liable()
    clerk, other = clerk_of(office), clerk_of(office)
    for turn in range(4):
        source = f"test:vat:{turn}"

        def lines():
            return [at(r, chance.randint(1, 9000)) for r in (2000, 550, 0) if chance.random() < 0.7]

        due = ask(office, *(lines() or [hire(700)]), source=source)
        for _ in range(8):
            deed, due = chance.choice(["pay", "pay", "amend", "back"]), Due.objects.get(pk=due.pk)
            if deed == "amend":
                ask(office, *(lines() or [hire(700)]), source=source, user=due.payer_user)
            elif deed == "pay" and due.left_cents:
                cents = chance.choice([due.left_cents, chance.randint(1, due.left_cents)])
                money.record_at_counter(due, cents=cents, means=Means.CASH, actor=clerk)
            elif deed == "back" and (most := refunds.may_ask_cents(due)):
                one = refunds.ask(
                    due, cents=most, cause=RefundCause.OTHER, reason="trop", actor=clerk
                )
                refunds.approve(one, actor=other)
                try:
                    refunds.mark_paid(one, actor=clerk, without_file=True)
                except Refusal:
                    continue
            _balances(due)
    _journal_balances(office)


def _balances(due):
    due = Due.objects.get(pk=due.pk)
    told = {
        row["vat_rate"]: (row["all"], row["vat"])
        for row in EntryShare.objects.filter(payment__due=due).order_by().values("vat_rate")
        .annotate(all=Sum("cents"), vat=Sum("vat_cents"))
    }  # fmt: skip
    assert sum(cents for cents, _ in told.values()) == due.kept_cents
    last = due.payments.order_by("-id").first()
    changed_since = last and due.lines.filter(created_at__gt=last.at).exists()
    if last and not changed_since and due.kept_cents == due.total_cents:
        owed = Counter()
        for line in due.lines.all():
            owed[line.vat_rate] += line.cents
        lines = [figures.Line("", cents, Decimal(rate) / 100) for rate, cents in owed.items()]
        wanted = {
            int(one.rate * 100): (one.net_cents + one.vat_cents, one.vat_cents)
            for one in figures.split([one for one in lines if one.cents], figures.TAXED)
        }
        assert {rate: row for rate, row in told.items() if row[0]} == wanted


def _journal_balances(office):
    rates = ledger.sums_by_rate(office, YEARS)
    assert sum(one.cents for one in rates) == ledger.total(office, YEARS).net_cents
    text = "".join(csv_lines(ledger.journal_heads(office), ledger.journal_rows(office, YEARS)))
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))
    by_rate = Counter()
    for row in rows:
        if not row["Montant (€)"]:
            continue
        vat = {name: _cents(cell) for name, cell in row.items() if name.startswith("TVA ")}
        assert _cents(row["Montant (€)"]) == _cents(row["Hors taxe (€)"]) + sum(vat.values())
        by_rate.update(vat)
    for one in rates:
        assert by_rate[f"TVA {one.label} (€)"] == one.vat_cents
    *told, last = ledger.rate_rows(office, YEARS)
    for column in (1, 2, 3):
        assert round(sum(row[column] for row in told), 2) == last[column]


def _cents(cell):
    return round(float(cell.replace(",", ".")) * 100) if cell else 0


@pytest.mark.django_db
def test_a_rate_once_asked_is_kept_whatever_the_office_says_later():
    office = liable()
    due = ask(office, Line(LineKind.HIRE, "Salle", 6000), at(550, 1055), source="test:kept")
    assert set(due.lines.values_list("vat_rate", flat=True)) == {2000, 550}
    CollectingOffice.objects.update(vat_rate=1000)
    office.refresh_from_db()
    ask(office, Line(LineKind.HIRE, "Salle", 7000), at(550, 1055), source="test:kept")
    assert list(due.lines.values_list("vat_rate", "cents")) == [
        (2000, 6000), (550, 1055), (2000, 1000),
    ]  # fmt: skip
    CollectingOffice.objects.update(vat_regime=VatRegime.NOT_LIABLE)
    due.refresh_from_db()
    assert due.vat_regime == VatRegime.LIABLE
    fresh = ask(CollectingOffice.objects.get(), at(2000, 500))
    assert [one.vat_rate for one in fresh.lines.all()] == [0]
    pay(fresh)
    assert not EntryShare.objects.exists()


@pytest.mark.django_db
def test_what_pays_for_no_service_bears_no_vat():
    due = ask(liable(), at(2000, 900, LineKind.DAMAGE), at(2000, 50, LineKind.DEPOSIT))
    assert {one.vat_rate for one in due.lines.all()} == {0}


@pytest.mark.django_db
def test_a_receipt_and_an_invoice_say_each_rate_and_the_days():
    office = liable()
    firm = OrganizationFactory(kind=OrganizationKind.COMPANY, siret="55208131766522")
    days = (date(2027, 3, 12), date(2027, 3, 13))
    due = ask(
        office, at(2000, 6000), at(1000, 1100), payer=Payer("Firme", organization=firm),
        served=days,
    )  # fmt: skip
    pay(due, 3550)
    pay(due, 3550)
    first, second, invoice = issuing.issue(due)
    assert invoice.vat_cents == 1100
    said = papers.page_data(invoice)
    assert said["vat"] == [
        ["20\u00a0%", "50,00\u00a0€", "10,00\u00a0€", "60,00\u00a0€"],
        ["10\u00a0%", "10,00\u00a0€", "1,00\u00a0€", "11,00\u00a0€"],
    ]
    assert ["Dates de la prestation", "du 12\u00a0mars 2027 au 13\u00a0mars 2027"] in said["facts"]
    assert papers.ROUNDING in said["mentions"]
    for one in (first, second):
        assert [row[-1] for row in papers.page_data(one)["vat"]] == ["30,00\u00a0€", "5,50\u00a0€"]
    xml = cii.xml_of(papers.invoice_of(invoice))
    assert xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert b"BillingSpecifiedPeriod" in xml


@pytest.mark.django_db
def test_a_cancellation_that_keeps_nearly_all_credits_the_vat_and_bills_the_rest_without():
    office = liable()
    firm = OrganizationFactory(kind=OrganizationKind.COMPANY, siret="55208131766522")
    known = {"source": "test:fee", "payer": Payer("Firme", organization=firm)}
    due = ask(office, at(2000, 6000), **known)
    pay(due)
    issuing.issue(due)
    ask(office, Line(LineKind.FEE, "Somme gardée", 5400), **known)
    issuing.issue(due)
    found = due.papers.exclude(kind=PaperKind.RECEIPT).order_by("id")
    assert [(one.kind, one.total_cents, one.vat_cents) for one in found] == [
        ("facture", 6000, 1000), ("avoir", 6000, 1000), ("facture", 5400, 0),
    ]  # fmt: skip
    assert f"{figures.INDEMNITY}." in papers.page_data(found.last())["mentions"]
    assert issuing.issue(due) == []


@pytest.mark.django_db
def test_days_served_come_together_and_in_order():
    due = ask(OfficeFactory())
    day = date(2027, 3, 12)
    for first, last in ((day, None), (None, day), (day, date(2027, 3, 11))):
        with pytest.raises(IntegrityError, match="due_served"), transaction.atomic():
            Due.objects.filter(pk=due.pk).update(served_from=first, served_to=last)


@pytest.mark.django_db
def test_a_share_is_written_once():
    pay(ask(liable(), at(2000, 600)))
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        EntryShare.objects.update(cents=1)


@pytest.mark.django_db
def test_an_office_becomes_liable_with_its_number_and_its_rate(client):
    office = OfficeFactory()
    clerk = clerk_of(office)
    sign_in(client, clerk.user, clerk.membership)
    url = reverse("payments:change_office", args=[office.pk])
    typed = {
        "name": office.name, "mode": "regie", "pay_when": office.pay_when, "numcli": "090909",
        "saisie": "T", "is_default": "on", "vat_regime": "assujetti", "vat_number": "FR1",
    }  # fmt: skip
    page = client.post(url, typed)
    assert set(page.context["form"].errors) == {"vat_number", "vat_rate"}
    assert 'value="FR1"' in page.text
    assert client.post(url, typed | {"vat_number": ""}).status_code == 200
    assert client.post(
        url, typed | {"vat_number": "fr 12 213801406", "vat_rate": "2000"}
    ).status_code == 302  # fmt: skip
    office.refresh_from_db()
    assert (office.vat_regime, office.vat_number, office.vat_rate) == ("assujetti", NUMBER, 2000)
    with pytest.raises(IntegrityError, match="office_vat_rate_when_liable"), transaction.atomic():
        CollectingOffice.objects.update(vat_rate=None)


@pytest.mark.django_db
def test_a_number_stays_while_something_asked_with_vat_may_be_invoiced(client):
    office = liable()
    clerk = clerk_of(office)
    sign_in(client, clerk.user, clerk.membership)
    url = reverse("payments:change_office", args=[office.pk])
    typed = {
        "name": office.name, "mode": "regie", "pay_when": office.pay_when, "numcli": "090909",
        "saisie": "T", "is_default": "on", "vat_regime": "non_assujetti", "vat_rate": "",
    }  # fmt: skip
    page = client.post(url, typed | {"vat_number": ""})
    assert "Laissez le numéro de TVA" in page.context["form"].errors["vat_number"][0]
    assert client.post(url, typed | {"vat_number": NUMBER}).status_code == 302
    due = ask(office)
    Due.objects.filter(pk=due.pk).update(vat_regime=VatRegime.LIABLE)
    assert client.post(url, typed | {"vat_number": ""}).status_code == 200
    assert papers.facts_of(Due.objects.get(), [])["seller"]["vat_number"] == NUMBER
    Due.objects.filter(pk=due.pk).update(vat_regime=VatRegime.NOT_LIABLE)
    assert client.post(url, typed | {"vat_number": ""}).status_code == 302
    office.refresh_from_db()
    assert (office.vat_regime, office.vat_number) == (VatRegime.NOT_LIABLE, "")


@pytest.mark.django_db
def test_the_payer_reads_the_vat_inside(client):
    due = ask(liable(), at(2000, 6000), at(0, 500))
    sign_in(client, due.payer_user)
    page = client.get(due.get_absolute_url()).text
    assert "dont TVA à 20\u00a0%" in page and "dont TVA à 0" not in page
    assert "sur 50,00\u00a0€ hors taxe" in page
    due = ask(OfficeFactory(), at(2000, 6000), user=due.payer_user)
    assert "TVA" not in client.get(due.get_absolute_url()).text
