"""Whatever happens to a due, in whatever order and however often: its figures are right."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preau.accounts.actors import SYSTEM
from preau.core.errors import Refusal
from preau.payments.actions import dues, incidents, money
from preau.payments.enums import (
    GIVES_BACK,
    UNSETTLED,
    DueState,
    IncidentState,
    Means,
    Nature,
    OperationState,
)
from preau.payments.models import Operation, Payment
from preau.payments.providers.results import Outcome, Result
from tests.payments.factories import OfficeFactory, ask, clerk_of, hire, operation, paid

pytestmark = pytest.mark.django_db

CENTS = st.sampled_from([0, 100, 2000, 3000, 5000])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), CENTS),
        st.tuples(st.just("try"), CENTS),
        st.tuples(
            st.just("answer"),
            st.integers(0, 4),
            st.sampled_from(["P", "P", "R", "A", "?", "P5", "P1"]),
        ),
        st.tuples(st.just("counter"), CENTS),
        st.tuples(st.just("reverse"), st.integers(0, 4)),
        st.tuples(st.just("refund"), CENTS),
        st.tuples(st.just("keep")),
    ),
    max_size=14,
)
ANSWERS = {
    "R": Outcome.REFUSED,
    "A": Outcome.CANCELLED,
    "?": Outcome.UNKNOWN,
    "P5": Outcome.WAITING,
    "P1": Outcome.EXPIRED,
}


class History:
    """One due, and what a few lines of arithmetic say of it."""

    def __init__(self, office):
        self.office, self.clerk = office, clerk_of(office)
        self.due = ask(office, source="test:history")
        self.total, self.counter, self.refunds = 5000, {}, 0
        self.collected, self.kept_for_good = {}, 0

    def step(self, name, *said):
        try:
            with transaction.atomic():
                getattr(self, f"do_{name}")(*said)
        except Refusal:
            pass

    def do_ask(self, cents):
        ask(self.office, hire(cents), source="test:history", user=self.due.payer_user)
        self.total = cents

    def do_try(self, cents):
        Operation.objects.filter(due=self.due, state=OperationState.WAITING).update(
            state=OperationState.EXPIRED, ended_at=self.due.created_at
        )
        operation(self.due, cents=cents or 100)

    def do_answer(self, rank, code):
        tries = list(Operation.objects.filter(due=self.due).order_by("id"))
        if rank < len(tries):
            one = tries[rank]
            if code == "P":
                money.settle(one, paid(one.cents))
                self.collected[one.pk] = one.cents
            else:
                money.settle(one, Result(ANSWERS[code], code))

    def do_counter(self, cents):
        entry = money.record_at_counter(self.due, cents=cents, means=Means.CASH, actor=self.clerk)
        self.counter[entry.pk] = cents

    def do_reverse(self, rank):
        entries = sorted(self.counter)
        if rank < len(entries):
            entry = Payment.objects.get(pk=entries[rank])
            money.reverse(entry, "Erreur", actor=self.clerk)
            del self.counter[entry.pk]

    def do_refund(self, cents):
        money.record_refund(
            self.due, cents=cents, means=Means.TRANSFER, reason="Rendu", actor=self.clerk
        )
        self.refunds += cents

    def do_keep(self):
        for one in self.due.incidents.filter(state=IncidentState.OPEN):
            incidents.settle(one, "Gardé", actor=self.clerk)
            self.kept_for_good += one.refund_cents

    def check(self):
        due = self.due
        dues.refresh(due)
        received = sum(self.collected.values()) + sum(self.counter.values())
        assert due.total_cents == self.total
        assert due.paid_cents == received
        assert due.refunded_cents == self.refunds
        kept = received - self.refunds
        wanted = DueState.OPEN if self.total > kept else DueState.PAID
        assert due.state == (DueState.NOTHING if self.total == 0 <= kept else wanted)
        proposed = due.incidents.filter(state__in=UNSETTLED, kind__in=GIVES_BACK)
        beyond = max(kept - self.total, 0)
        # One keeps no more than there is: what became due since is proposed anew if it comes back.
        self.kept_for_good = min(self.kept_for_good, beyond)
        over = beyond - self.kept_for_good
        assert [one.refund_cents for one in proposed] == ([over] if over else [])
        entries = list(Payment.objects.filter(due=due).order_by("sequence"))
        assert [one.sequence for one in entries] == list(range(1, len(entries) + 1))
        assert sum(one.cents for one in entries) == kept
        online = [one.operation_id for one in entries if one.operation_id]
        assert sorted(online) == sorted(self.collected)
        assert all(one.cents > 0 for one in entries if one.nature == Nature.IN)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STEPS)
def test_random_histories_balance(steps):
    with transaction.atomic():
        history = History(OfficeFactory())
        for step in steps:
            history.step(*step)
            history.check()
        dues.drop("test:history", actor=SYSTEM)
        history.total = 0
        history.check()
        transaction.set_rollback(True)
