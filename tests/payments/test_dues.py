"""What is due is asked again and again, and only the difference is written."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from preau.accounts.actors import SYSTEM
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.payments import queries
from preau.payments.actions import dues, incidents, money, numbering, trying
from preau.payments.enums import (
    DueState,
    IncidentKind,
    IncidentState,
    Means,
    OfficeMode,
    OperationState,
)
from preau.payments.models import Due, DueLine, Incident, OfficePlace, Operation, Payment
from preau.payments.providers.results import Outcome, Result
from tests.payments.factories import OfficeFactory, ask, clerk_of, hire, operation, paid, pay
from tests.places.factories import PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


def test_asked_again_the_same_nothing_is_written(office):
    due = ask(office, source="test:a")
    again = ask(office, source="test:a")
    assert due.pk == again.pk
    assert (again.total_cents, again.state) == (5000, DueState.OPEN)
    assert DueLine.objects.count() == 1


def test_a_change_adds_the_difference(office):
    ask(office, hire(5000), hire(1000, "Ménage"), source="test:a")
    due = ask(office, hire(4000), source="test:a")
    assert due.total_cents == 4000
    assert [(line.label, line.cents, line.is_adjustment) for line in due.lines.all()] == [
        ("Salle des Tilleuls", 5000, False),
        ("Ménage", 1000, False),
        ("Salle des Tilleuls", -1000, True),
        ("Ménage", -1000, True),
    ]


def test_nothing_is_asked_where_it_is_free(office):
    office.mode = OfficeMode.FREE
    assert ask(office) is None
    assert ask(OfficeFactory(), hire(0)) is None
    assert not Due.objects.exists()


def test_lines_and_entries_are_written_once_and_totals_follow(office):
    due = ask(office)
    pay(due)
    for touch in (
        lambda: due.lines.update(cents=1),
        lambda: due.lines.first().delete(),
        lambda: Payment.objects.update(cents=1),
        lambda: Due.objects.update(total_cents=1),
        lambda: Due.objects.update(state=DueState.NOTHING),
        lambda: DueLine.objects.create(due=due, kind="autre", label="x", cents=-6000),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            touch()


def test_paid_then_asked_less_proposes_the_difference_back(office):
    due = ask(office, source="test:a")
    pay(due)
    due = ask(office, hire(3000), source="test:a")
    incident = due.incidents.get()
    assert (incident.kind, incident.refund_cents) == (IncidentKind.AMOUNT, 2000)
    dues.drop("test:a", actor=SYSTEM)
    incident.refresh_from_db()
    assert (incident.state, incident.refund_cents) == (IncidentState.OPEN, 5000)
    ask(office, source="test:a")
    incident.refresh_from_db()
    assert (incident.state, incident.kept_cents) == (IncidentState.SETTLED, 0)
    assert queries.standing("test:a").state == DueState.PAID


def test_paid_and_dropped_says_that_the_slot_is_gone(office):
    due = ask(office, source="test:a")
    pay(due)
    due = dues.drop("test:a", actor=SYSTEM)
    assert (due.state, due.over_cents) == (DueState.NOTHING, 5000)
    assert due.incidents.get().kind == IncidentKind.GONE


def test_paid_after_it_was_dropped(office):
    due = ask(office, source="test:a")
    one = operation(due)
    dues.drop("test:a", actor=SYSTEM)
    money.settle(one, paid(5000))
    incident = Incident.objects.get()
    assert (incident.kind, incident.refund_cents) == (IncidentKind.GONE, 5000)


def test_the_same_answer_ten_times_is_one_entry(office):
    due = ask(office)
    one = operation(due)
    made = [money.settle(one, paid(5000)) for _ in range(10)]
    assert [entry is not None for entry in made] == [True] + 9 * [False]
    due.refresh_from_db()
    assert (due.paid_cents, due.state) == (5000, DueState.PAID)


def test_paid_twice_proposes_one_back(office):
    due = ask(office)
    first = operation(due)
    Operation.objects.filter(pk=first.pk).update(state=OperationState.EXPIRED, ended_at=clock.now())
    second = operation(due)
    money.settle(second, paid(5000))
    money.settle(first, paid(5000))
    incident = Incident.objects.get()
    assert (incident.kind, incident.refund_cents) == (IncidentKind.DOUBLE, 5000)


def test_refused_after_paid_stays_paid_and_is_told(office):
    due = ask(office)
    one = operation(due)
    money.settle(one, paid(5000))
    money.settle(one, Result(Outcome.REFUSED, "R"))
    one.refresh_from_db()
    assert one.state == OperationState.PAID
    assert Incident.objects.get().kind == IncidentKind.CONTRADICTION
    assert queries.standing(due.source).state == DueState.PAID


def test_paid_after_refused_is_paid(office):
    due = ask(office)
    one = operation(due)
    money.settle(one, Result(Outcome.REFUSED, "R"))
    money.settle(one, paid(5000))
    assert queries.standing(due.source).state == DueState.PAID
    assert not Incident.objects.exists()


def test_an_unknown_code_is_to_check_never_refused(office):
    due = ask(office)
    one = operation(due)
    money.settle(one, Result(Outcome.UNKNOWN, "K"))
    money.settle(one, Result(Outcome.UNKNOWN, "K"))
    money.settle(one, Result(Outcome.EXPIRED, "P1"))
    one.refresh_from_db()
    assert one.state == OperationState.TO_CHECK
    assert Incident.objects.get().kind == IncidentKind.UNKNOWN
    money.decide(one, is_paid=True, actor=clerk_of(office))
    assert queries.standing(due.source).state == DueState.PAID
    assert Incident.objects.get().state == IncidentState.SETTLED


def test_another_amount_than_ours_is_what_was_paid_and_is_told(office):
    due = ask(office)
    money.settle(operation(due), paid(4000))
    due.refresh_from_db()
    assert (due.paid_cents, due.state) == (4000, DueState.OPEN)
    assert Incident.objects.get().kind == IncidentKind.CONTRADICTION


def test_the_counter_takes_what_is_left_and_no_more(office):
    due, clerk = ask(office), clerk_of(office)
    money.record_at_counter(due, cents=2000, means=Means.CASH, actor=clerk)
    with pytest.raises(Refusal):
        money.record_at_counter(due, cents=3001, means=Means.CASH, actor=clerk)
    with pytest.raises(Refusal):
        money.record_at_counter(due, cents=3000, means=Means.CHEQUE, actor=clerk)
    entry = money.record_at_counter(
        due, cents=3000, means=Means.CHEQUE, cheque_number="0001234", actor=clerk
    )
    assert queries.standing(due.source).state == DueState.PAID
    money.reverse(entry, "Chèque sans provision", actor=clerk)
    due = queries.standing(due.source)
    assert (due.state, due.left_cents) == (DueState.OPEN, 3000)
    with pytest.raises(Refusal):
        money.reverse(entry, "Encore", actor=clerk)


def test_money_given_back_settles_the_incident(office):
    due, clerk = ask(office, source="test:a"), clerk_of(office)
    pay(due)
    dues.drop("test:a", actor=SYSTEM)
    money.record_refund(due, cents=2000, means=Means.TRANSFER, reason="Annulée", actor=clerk)
    incident = Incident.objects.get()
    assert (incident.state, incident.refund_cents) == (IncidentState.OPEN, 3000)
    money.record_refund(due, cents=3000, means=Means.TRANSFER, reason="Annulée", actor=clerk)
    incident.refresh_from_db()
    assert incident.state == IncidentState.SETTLED
    with pytest.raises(Refusal):
        money.record_refund(due, cents=1, means=Means.TRANSFER, reason="Trop", actor=clerk)


def test_what_the_regisseur_keeps_is_not_proposed_again(office):
    due, clerk = ask(office, source="test:a"), clerk_of(office)
    pay(due)
    due = ask(office, hire(3000), source="test:a")
    with pytest.raises(Refusal):
        incidents.settle(due.incidents.get(), " ", actor=clerk)
    incidents.settle(due.incidents.get(), "Gardé d’accord avec l’association.", actor=clerk)
    due = ask(office, hire(2000), source="test:a")
    assert [one.refund_cents for one in due.incidents.filter(state=IncidentState.OPEN)] == [1000]


def test_what_was_kept_is_kept_no_more_once_it_became_due(office):
    due, clerk = ask(office, source="test:a"), clerk_of(office)
    pay(due)
    due = ask(office, hire(3000), source="test:a")
    incidents.settle(due.incidents.get(), "Gardé d’accord avec l’association.", actor=clerk)
    ask(office, hire(4500), source="test:a")
    assert due.incidents.get().kept_cents == 500
    ask(office, hire(5000), source="test:a")
    due = ask(office, hire(3000), source="test:a")
    assert due.incidents.get(state=IncidentState.OPEN).refund_cents == 2000
    assert audit.history(due.incidents.last()).filter(verb="incident.keeps_less").count() == 2


def test_an_operation_nobody_answers_for_lets_the_others_have_their_turn(office):
    now = clock.now()
    first = operation(ask(office), check_at=now - timedelta(minutes=9))
    second = operation(ask(office), check_at=now - timedelta(minutes=5))
    asked = [trying.overdue(now + timedelta(minutes=wait), most=1) for wait in range(3)]
    assert asked == [[first], [second], [first]]
    assert trying.overdue(now - timedelta(minutes=1)) == []


def test_others_do_not_collect(office):
    due, other = ask(office), clerk_of(OfficeFactory())
    with pytest.raises(Refusal):
        money.record_at_counter(due, cents=100, means=Means.CASH, actor=other)


def test_a_place_may_have_its_own_office(office):
    place = PlaceFactory(owner=office.organization)
    assert queries.office_of(place) == office
    own = OfficeFactory(organization=office.organization, is_default=False)
    OfficePlace.objects.create(place=place, office=own)
    assert queries.office_of(place) == own
    assert queries.office_of(PlaceFactory()) is None


def test_journal_numbers_follow_in_each_year_and_office(office):
    with clock.frozen(datetime(2027, 12, 31, 12, tzinfo=UTC)):
        first, second = pay(ask(office)), pay(ask(office))
        other = pay(ask(OfficeFactory()))
    with clock.frozen(datetime(2028, 1, 1, 12, tzinfo=UTC)):
        third = pay(ask(office))
    numbers = [entry.number for entry in (first, second, other, third)]
    assert numbers == ["2027-00001", "2027-00002", "2027-00001", "2028-00001"]


@pytest.mark.django_db(transaction=True)
def test_a_number_is_taken_in_a_transaction():
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError):
        numbering.take("test", 2027)
