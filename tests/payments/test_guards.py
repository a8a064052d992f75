"""Each guard of money on its own: who may not, what is refused, what the database never holds.

Those told by a story of their own are in the other files.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.payments.actions import deposits, dues, incidents, money, offices, refunds, trying
from preau.payments.actions.dues import Payer
from preau.payments.enums import (
    DepositMeans,
    DepositState,
    IncidentKind,
    IncidentState,
    Means,
    Nature,
    OfficeMode,
    RefundCause,
    RefundState,
)
from preau.payments.models import (
    Counter,
    Deposit,
    DepositPhoto,
    DueLine,
    Incident,
    Operation,
    Payment,
    Refund,
)
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.documents.pictures import picture
from tests.payments.factories import OfficeFactory, ask, clerk_of, hire, operation, pay
from tests.places.factories import PlaceFactory

pytestmark = pytest.mark.django_db
CASH, CHEQUE = Means.CASH, Means.CHEQUE


class World:
    """An office, its two clerks, a stranger, and one of each thing."""

    def __init__(self):
        self.office = OfficeFactory(mode=OfficeMode.TEST)
        self.clerk, self.other = clerk_of(self.office), clerk_of(self.office)
        self.stranger = clerk_of(OfficeFactory())
        self.due = ask(self.office, source="test:due")
        self.entry = money.record_at_counter(self.due, cents=1000, means=CASH, actor=self.clerk)
        self.over = ask(self.office, source="test:over")
        self.paid = pay(self.over)
        self.over = ask(self.office, hire(2000), source="test:over", user=self.over.payer_user)
        self.incident = self.over.incidents.get()
        self.refund = self.ask_refund(1000, self.clerk)
        self.holder = UserFactory()
        self.wanted = self.want("test:wanted")
        self.held = deposits.receive(
            self.want("test:held"), means=DepositMeans.CASH, actor=self.clerk
        )

    def ask_refund(self, cents, actor, reason="Trop"):
        return refunds.ask(
            self.over, cents=cents, cause=RefundCause.OTHER, reason=reason, actor=actor
        )

    def want(self, source):
        return deposits.want(
            source=source,
            office=self.office,
            place=PlaceFactory(owner=self.office.organization),
            label="Salle",
            holder=Payer("Mme Roux", self.holder),
            cents=9000,
            actor=SYSTEM,
        )

    def take_photo(self, actor, caption="Une vitre"):
        return deposits.add_photo(self.held, picture(), caption, actor=actor)

    def announce(self, actor, cents=500, reason="Vitre"):
        return deposits.announce(self.held, cents=cents, reason=reason, actor=actor)


@pytest.fixture
def world():
    return World()


def missed(expected, verbs):
    """The verbs that did not raise what they should."""
    found = []
    for name, act in verbs.items():
        try:
            with transaction.atomic():
                act()
        except expected:
            continue
        found.append(name)
    return found


def test_a_stranger_may_do_none_of_it(world):
    who, to_check = world.stranger, operation(world.due)
    verbs = {
        "receive": lambda: deposits.receive(world.wanted, means=DepositMeans.CASH, actor=who),
        "give_back": lambda: deposits.give_back(world.held, actor=who),
        "announce": lambda: world.announce(who),
        "add_photo": lambda: world.take_photo(who),
        "answer": lambda: deposits.answer(world.held, "Non", actor=world.clerk),
        "keep": lambda: deposits.keep(world.held, decision="", actor=who),
        "ask": lambda: world.ask_refund(100, who),
        "approve": lambda: refunds.approve(world.refund, actor=who),
        "refuse": lambda: refunds.refuse(world.refund, "Non", actor=who),
        "export": lambda: refunds.export(world.office, actor=who),
        "ask_bank_again": lambda: refunds.ask_bank_again(world.refund, actor=who),
        "mark_paid": lambda: refunds.mark_paid(world.refund, actor=who),
        "record": lambda: money.record_at_counter(world.due, cents=1, means=CASH, actor=who),
        "reverse": lambda: money.reverse(world.entry, "Erreur", actor=who),
        "record_refund": lambda: money.record_refund(
            world.due, cents=1, means=CASH, reason="x", actor=who
        ),
        "decide": lambda: money.decide(to_check, is_paid=True, actor=who),
        "begin": lambda: trying.begin(world.due, email="", actor=who),
        "settle": lambda: incidents.settle(world.incident, "Vu", actor=who),
        "open_office": lambda: offices.open_office(
            world.office.organization, {"name": "x"}, [], actor=who
        ),
        "change_office": lambda: offices.change_office(world.office, {}, [], actor=who),
    }
    assert missed(Forbidden, verbs) == []


def test_a_caretaker_gives_back_but_does_not_give_up_what_is_announced(world):
    caretaker = clerk_of(world.office, MembershipRole.CARETAKER)
    world.announce(world.clerk)
    with pytest.raises(Forbidden):
        deposits.give_back(world.held, actor=caretaker)


def refused(code_or_field, act):
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        act()
    assert code_or_field in {refusal.value.code, refusal.value.field}


def test_deposits_refuse(world):
    clerk, held = world.clerk, world.held
    refused("gone", lambda: deposits.give_back(world.wanted, actor=clerk))
    refused("gone", lambda: deposits.announce(world.wanted, cents=1, reason="Vitre", actor=clerk))
    refused("gone", lambda: deposits.keep(world.wanted, decision="", actor=clerk))
    refused("reason", lambda: world.announce(clerk, reason=" "))
    refused("amount", lambda: world.announce(clerk, cents=0))
    refused("caption", lambda: world.take_photo(clerk, " "))
    refused("gone", lambda: deposits.answer(held, "Non", actor=Actor(world.holder)))
    world.announce(clerk)
    refused("gone", lambda: world.take_photo(clerk))
    refused("answer", lambda: deposits.answer(held, " ", actor=Actor(world.holder)))
    deposits.give_back(held, actor=clerk)
    refused("gone", lambda: deposits.receive(held, means=DepositMeans.CASH, actor=clerk))


def test_a_deposit_has_so_many_photos(world, monkeypatch):
    monkeypatch.setattr(deposits, "MOST_PHOTOS", 1)
    world.take_photo(world.clerk)
    refused("file", lambda: world.take_photo(world.clerk, "Une autre"))


def test_refunds_refuse(world):
    one, other = world.clerk, world.other
    refused("reason", lambda: world.ask_refund(100, one, " "))
    refund = world.refund
    refused("refused", lambda: refunds.mark_paid(refund, actor=one))
    refused("gone", lambda: refunds.ask_bank_again(refund, actor=one))
    iban = "FR14 2004 1010 0505 0001 3M02 606"
    refused("holder", lambda: refunds.give_bank(refund, holder=" ", iban=iban, actor=SYSTEM))
    refunds.approve(refund, actor=other)
    refused("gone", lambda: refunds.approve(refund, actor=other))
    refused("refused", lambda: refunds.mark_paid(refund, actor=one))
    refunds.give_bank(refund, holder="L", iban=iban, actor=SYSTEM)
    refused("gone", lambda: refunds.ask_bank_again(refund, actor=one))
    refunds.export(world.office, actor=one)
    refused("gone", lambda: refunds.give_bank(refund, holder="L", iban=iban, actor=SYSTEM))
    refused("gone", lambda: refunds.refuse(refund, "Trop tard", actor=other))


def test_the_counter_and_the_journal_refuse(world):
    due, clerk = world.due, world.clerk
    cheque = {"means": CHEQUE, "actor": clerk}
    refused("amount", lambda: money.record_at_counter(due, cents=0, means=CASH, actor=clerk))
    refused("cheque_number", lambda: money.record_at_counter(due, cents=1, **cheque))
    world.office.counter_means = [CASH]
    world.office.save()
    refused(
        "means",
        lambda: money.record_at_counter(due, cents=1, cheque_number="1", **cheque),
    )
    refused("reason", lambda: money.reverse(world.entry, " ", actor=clerk))
    with pytest.raises(Refusal, match="au guichet"):
        money.reverse(world.paid, "Erreur", actor=clerk)
    money.reverse(world.entry, "Erreur", actor=clerk)
    refused("gone", lambda: money.reverse(world.entry, "Erreur", actor=clerk))
    refused("gone", lambda: money.decide(operation(due), is_paid=True, actor=clerk))


def test_what_was_given_back_is_not_reversed(world):
    clerk = world.clerk
    dues.drop("test:due", actor=SYSTEM)
    money.record_refund(world.due, cents=600, means=CASH, reason="Rendu", actor=clerk)
    with pytest.raises(Refusal, match="déjà été rendue"):
        money.reverse(world.entry, "Erreur", actor=clerk)


def test_tries_refuse(world):
    done = dues.drop("test:due", actor=SYSTEM)
    refused("nothing", lambda: trying.begin(done, email="", actor=SYSTEM))
    due = ask(world.office)
    opening = operation(due, state="creee", remote_id="")
    with pytest.raises(Refusal, match="patientez"):
        trying.begin(due, email="", actor=SYSTEM)
    late = operation(ask(world.office))
    with pytest.raises(Refusal, match="trop tardé"):
        trying._named(late, trying.Opened("idop", "/x"))
    with clock.frozen(clock.now() + timedelta(seconds=21)):
        assert trying.begin(due, email="", actor=SYSTEM)
    opening.refresh_from_db()
    assert opening.ended_at is not None


def test_incidents_refuse(world):
    clerk = world.clerk
    with pytest.raises(Refusal, match="terminez-le"):
        incidents.settle(world.incident, "Gardé", actor=clerk)
    refunds.refuse(world.refund, "Non", actor=world.other)
    incidents.settle(world.incident, "Gardé", actor=clerk)
    refused("gone", lambda: incidents.settle(world.incident, "Gardé", actor=clerk))


def test_offices_refuse(world, settings):
    hat = MembershipFactory(organization=OrganizationFactory(), role=MembershipRole.MANAGER)
    who, facts = Actor(hat.user, hat), {"name": "Régie"}
    refused(
        "organization_not_verified",
        lambda: offices.open_office(hat.organization, facts, [], actor=who),
    )
    house, clerk = world.office.organization, world.clerk
    refused(
        "is_default",
        lambda: offices.open_office(house, {"is_default": True, "mode": "regie"}, [], actor=clerk),
    )
    settings.IS_PRODUCTION = True
    refused("mode", lambda: offices.change_office(world.office, {}, [], actor=clerk))


def held_by(constraint, act):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


def test_the_database_holds_deposits(world):
    wanted = Deposit.objects.filter(pk=world.wanted.pk)
    held = Deposit.objects.filter(pk=world.held.pk)
    held_by("deposit_some_amount", lambda: wanted.update(wanted_cents=0))
    held_by("deposit_received_coherent", lambda: wanted.update(state=DepositState.HELD))
    held_by("deposit_kept_coherent", lambda: held.update(kept_cents=5))
    held_by("deposit_closed_dated", lambda: held.update(state=DepositState.RETURNED))
    held_by("deposit_agreed_once_answered", lambda: held.update(agrees=True))
    held_by("deposit_cheque_has_number", lambda: held.update(means=DepositMeans.CHEQUE))
    photo = world.take_photo(world.clerk)
    held_by("deposit_photo_described", lambda: held.get().photos.update(caption=""))
    again = {"deposit": world.held, "file": photo.file, "thumbnail": photo.thumbnail}
    held_by("deposit_photo_once", lambda: DepositPhoto.objects.create(caption="x", **again))


def test_the_database_holds_refunds(world):
    one = Refund.objects.filter(pk=world.refund.pk)
    now = clock.now()
    held_by("refund_some_amount", lambda: one.update(cents=0))
    held_by("refund_has_reason", lambda: one.update(reason=""))
    held_by("refund_decided_coherent", lambda: one.update(state=RefundState.APPROVED))
    decided = {"decided_at": now, "decided_by": world.other.user}
    held_by("refund_refusal_has_reason", lambda: one.update(state=RefundState.REFUSED, **decided))
    held_by("refund_exported_coherent", lambda: one.update(state=RefundState.EXPORTED, **decided))
    held_by(
        "refund_bank_forgotten",
        lambda: one.update(state=RefundState.REFUSED, decision="Non", bank_sealed="x", **decided),
    )
    held_by("refund_paid_has_entry", lambda: one.update(state=RefundState.PAID, **decided))
    held_by("refund .* is of one due", lambda: one.update(cents=999))
    refunds.refuse(world.refund, "Non", actor=world.other)
    held_by("refund .* is closed", lambda: one.update(state=RefundState.APPROVED))


def test_the_database_holds_the_journal(world):
    day = clock.today(world.office.zone)
    known = {
        "office": world.office,
        "due": world.due,
        "year": day.year,
        "sequence": 99,
        "nature": Nature.IN,
        "cents": 100,
        "means": CASH,
        "day": day,
    }

    def write(constraint, **given):
        held_by(constraint, lambda: Payment.objects.create(**(known | given)))

    write("payment_number_once", sequence=world.entry.sequence)
    write("payment_sign_follows_nature", cents=-100)
    write("payment_cheque_has_number", means=CHEQUE)
    write("payment_reversal_has_reason", nature=Nature.REVERSAL, cents=-1, reverses=world.entry)
    write("payment_online_has_operation", means=Means.CARD)
    write("payment_year_of_day", year=day.year + 1)
    held_by("due_line_some_amount", lambda: DueLine.objects.create(due=world.due, cents=0))
    held_by(
        "due_line_vat_rate",
        lambda: DueLine.objects.create(due=world.due, cents=1, vat_rate=10_001),
    )
    held_by("due_never_negative", lambda: DueLine.objects.create(due=world.due, cents=-9000))
    Counter.objects.create(series="x", year=2026)
    held_by("payments_counter_once", lambda: Counter.objects.create(series="x", year=2026))


def test_the_database_holds_tries_and_incidents(world):
    one = operation(world.due)
    row = Operation.objects.filter(pk=one.pk)
    held_by("operation_some_amount", lambda: row.update(cents=0))
    held_by("operation_ended_coherent", lambda: row.update(ended_at=clock.now()))
    held_by("operation_waiting_has_a_name_there", lambda: row.update(remote_id=""))
    held_by("operation_one_living", lambda: operation(world.due))
    held_by("operation_remote_once", lambda: operation(ask(world.office), remote_id=one.remote_id))
    incident = Incident.objects.filter(pk=world.incident.pk)
    held_by("incident_proposes_what_it_gives_back", lambda: incident.update(refund_cents=0))
    held_by("incident_settled_says_how", lambda: incident.update(state=IncidentState.SETTLED))
    again = {"office": world.office, "due": world.over, "facts": "x"}
    held_by(
        "incident_one_refund_at_a_time",
        lambda: Incident.objects.create(kind=IncidentKind.GONE, refund_cents=1, **again),
    )
    again |= {"operation": one, "kind": IncidentKind.UNKNOWN}
    Incident.objects.create(**again)
    held_by("incident_one_doubt_at_a_time", lambda: Incident.objects.create(**again))


def test_the_database_holds_offices(world):
    row = type(world.office).objects.filter(pk=world.office.pk)
    held_by("office_numcli_six_digits", lambda: row.update(numcli="12"))
    held_by("office_counter_means", lambda: row.update(counter_means=[Means.CARD]))
    held_by("office_one_default", lambda: OfficeFactory(organization=world.office.organization))
    due = type(world.due).objects.filter(pk=world.due.pk)
    held_by("due_payer_named", lambda: due.update(payer_name=""))
    held_by("due_number_once", lambda: due.update(sequence=world.over.sequence))
    held_by("the totals of due", lambda: due.update(total_cents=1))
