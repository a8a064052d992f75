"""The journal, by day, by place, by means: one truth told four ways, whatever happened."""

import csv
import io
import random
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from preau.core import clock
from preau.core.errors import Refusal
from preau.core.tables.writing import csv_lines
from preau.payments import ledger
from preau.payments.actions import dues, incidents, money, refunds
from preau.payments.enums import GIVES_BACK, UNSETTLED, Means, Nature, RefundCause, RefundState
from preau.payments.ledger import Span
from preau.payments.models import Due, Payment
from tests.payments.factories import OfficeFactory, ask, clerk_of, hire, operation, paid
from tests.places.factories import PlaceFactory

pytestmark = pytest.mark.django_db

YEAR = Span(date(2000, 1, 1), date(2100, 1, 1))


class History:
    """Random deeds at an office, and a plain list of what should have come of them."""

    def __init__(self, seed, travel):
        self.chance = random.Random(seed)
        self.travel = travel
        self.office = OfficeFactory()
        self.clerk, self.other = clerk_of(self.office), clerk_of(self.office)
        self.places = [PlaceFactory(owner=self.office.organization) for _ in range(3)]
        self.dues, self.wanted = [], {}
        #: (day, place, means, due, nature, cents)
        self.oracle = []

    def note(self, entry):
        due = entry.due
        self.oracle.append(
            (entry.day, due.place_id, entry.means, due.pk, entry.nature, entry.cents)
        )

    def step(self):
        deed = self.chance.choice(
            ["open", "open", "amend", "drop", "counter", "online", "online", "reverse", "refund",
             "settle", "night"]
        )  # fmt: skip
        getattr(self, deed)()

    def one(self):
        return Due.objects.get(pk=self.chance.choice(self.dues)) if self.dues else None

    def open(self):
        cents = self.chance.randint(1, 30_000)
        due = ask(self.office, hire(cents), place=self.chance.choice(self.places))
        self.dues.append(due.pk)
        self.wanted[due.pk] = cents

    def amend(self):
        if due := self.one():
            self.wanted[due.pk] = self.chance.randint(1, 30_000)
            ask(
                self.office, hire(self.wanted[due.pk]), source=due.source, user=due.payer_user,
                place=due.place,
            )  # fmt: skip

    def drop(self):
        if due := self.one():
            self.wanted[due.pk] = 0
            dues.drop(due.source, actor=self.clerk)

    def counter(self):
        due = self.one()
        if due and due.left_cents:
            cents = self.chance.randint(1, due.left_cents)
            means = self.chance.choice([Means.CASH, Means.CHEQUE, Means.TRANSFER])
            self.note(
                money.record_at_counter(
                    due, cents=cents, means=means, actor=self.clerk, cheque_number="7"
                )
            )

    def online(self):
        """A try at the provider, told several times; perhaps of a due that is paid or gone."""
        due = self.one()
        if due is None or due.operations.filter(ended_at=None).exists():
            return
        one = operation(due, cents=due.left_cents or self.chance.randint(1, 500))
        if self.chance.random() < 0.3:
            self.chance.choice([self.amend, self.drop, self.counter])()
        entry = money.settle(one, paid(one.cents))
        self.note(entry)
        for _ in range(self.chance.randint(0, 3)):
            assert money.settle(one, paid(one.cents)) is None

    def reverse(self):
        found = Payment.objects.filter(
            office=self.office, nature=Nature.IN, operation=None, reversed_by=None
        )
        entry = found.order_by("pk").first() if self.chance.random() < 0.5 else found.last()
        if entry:
            try:
                made = money.reverse(entry, "erreur", actor=self.clerk)
            except Refusal:
                return
            self.note(made)

    def refund(self):
        due = self.one()
        most = refunds.may_ask_cents(due) if due else 0
        if not most:
            return
        refund = refunds.ask(
            due, cents=self.chance.randint(1, most), cause=RefundCause.OTHER, reason="trop",
            actor=self.clerk,
        )  # fmt: skip
        if self.chance.random() < 0.2:
            refunds.refuse(refund, "non", actor=self.other)
            return
        try:
            refunds.approve(refund, actor=self.other)
            refund = refunds.mark_paid(refund, actor=self.clerk, without_file=True)
        except Refusal:
            return
        self.note(refund.payment)

    def settle(self):
        due = self.one()
        trouble = due and due.incidents.filter(state__in=UNSETTLED, kind__in=GIVES_BACK).first()
        if trouble:
            try:
                incidents.settle(trouble, "gardé", actor=self.clerk)
            except Refusal:
                return

    def night(self):
        self.travel(clock.now() + timedelta(hours=self.chance.randint(5, 40)))


def grouped(oracle, at):
    found = defaultdict(int)
    for row in oracle:
        found[row[at]] += row[5]
    return dict(found)


@pytest.fixture
def travel():
    """Stops the clock at an instant, then at another."""
    with ExitStack() as stack:

        def go(instant):
            stack.enter_context(clock.frozen(instant))

        go(datetime(2026, 12, 20, 10, tzinfo=UTC))
        yield go


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_journal_balances_to_the_cent(seed, travel):
    history = History(seed, travel)
    for _ in range(60):
        history.step()
    oracle, office = history.oracle, history.office
    net = sum(row[5] for row in oracle)
    # By day, place, means: each group, and together.
    for at, by in enumerate(("jour", "lieu", "moyen")):
        told = {one.key: one.net_cents for one in ledger.sums_by(office, YEAR, by)}
        assert told == grouped(oracle, at)
        assert sum(told.values()) == net
    assert ledger.total(office, YEAR).net_cents == net
    # The sums due say the same, and what is asked is what was last asked.
    kept = {due.pk: due.kept_cents for due in Due.objects.filter(office=office)}
    assert {pk: cents for pk, cents in kept.items() if cents} == {
        pk: cents for pk, cents in grouped(oracle, 3).items() if cents
    }
    for due in Due.objects.filter(office=office):
        assert due.total_cents == history.wanted[due.pk]
        live = sum(one.cents for one in due.refunds.exclude(state__in=["verse", "refuse"]))
        assert live <= due.kept_cents
    # And so does the file, read back as a spreadsheet would.
    text = "".join(csv_lines(ledger.JOURNAL, ledger.journal_rows(office, YEAR)))
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))
    amounts = [row["Montant (€)"] for row in rows if row["Montant (€)"]]
    assert sum(round(float(one.replace(",", ".")) * 100) for one in amounts) == net
    assert len(amounts) == len(oracle)
    # One day after another: nothing falls between.
    days = sorted({row[0] for row in oracle})
    assert sum(ledger.total(office, Span(day, day)).net_cents for day in days) == net


def test_the_histories_are_worth_something(travel):
    """They refund, reverse, double: else the test above would prove little."""
    seen = set()
    for seed in range(6):
        history = History(seed, travel)
        for _ in range(60):
            history.step()
        seen |= {row[4] for row in history.oracle}
        seen |= {one.state for due in Due.objects.all() for one in due.refunds.all()}
    assert {Nature.IN, Nature.REVERSAL, Nature.REFUND, RefundState.PAID} <= seen
    assert RefundState.REFUSED in seen


def test_another_office_is_another_journal():
    mine, theirs = OfficeFactory(), OfficeFactory()
    due = ask(theirs)
    money.settle(operation(due), paid(5000))
    assert ledger.total(mine, YEAR).count == 0
    assert ledger.total(theirs, YEAR).net_cents == 5000


def test_incidents_are_in_the_journal():
    office = OfficeFactory()
    due = ask(office, source="test:gone")
    money.settle(operation(due), paid(5000))
    dues.drop("test:gone", actor=clerk_of(office))
    natures = [row[2] for row in ledger.journal_rows(office, YEAR)]
    assert natures[0] == "Encaissement"
    assert natures[1].startswith("Incident : Payé, mais")


@pytest.mark.parametrize(
    ("paid_at", "day"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),  # 23:59 in Paris
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2027, 1, 1, 9, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2027, 1, 9, 9, 0, tzinfo=UTC), date(2027, 1, 1)),  # ahead of us: heard at 00:20
    ],
)
def test_around_midnight_the_day_is_the_one_it_was_paid_in_paris(travel, paid_at, day):
    """Whenever the provider tells; and the file of a day says that day on each line."""
    office = OfficeFactory()
    due = ask(office)
    travel(datetime(2026, 12, 31, 23, 20, tzinfo=UTC))
    if paid_at.hour == 9 and paid_at.day == 1:
        travel(datetime(2027, 1, 1, 9, 5, tzinfo=UTC))
    entry = money.settle(operation(due), replace(paid(5000), at=paid_at))
    assert (entry.day, entry.year) == (day, day.year)
    for each in (date(2026, 12, 31), date(2027, 1, 1)):
        rows = list(ledger.journal_rows(office, Span(each, each)))
        assert [row[1].date() for row in rows] == ([day] if each == day else [])
