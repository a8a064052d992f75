"""An accepted booking waits for its payment; what is due follows it to its end."""

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from preau.accounts.actors import SYSTEM
from preau.booking import checklist, letters, money, tasks
from preau.booking.actions import requests
from preau.booking.deposits import follow_with_deposit
from preau.booking.enums import BookingState, Change, Side
from preau.booking.news import News
from preau.core import clock
from preau.notifications.emails import absolute
from preau.notifications.models import Email
from preau.payments import bank_links
from preau.payments.actions import money as journal
from preau.payments.actions.offices import change_office
from preau.payments.enums import (
    DepositMeans,
    DepositState,
    DueState,
    IncidentKind,
    Means,
    OfficeMode,
    PayWhen,
)
from preau.payments.models import Deposit, Incident
from preau.pricing.models import CancellationTier
from tests.accounts.factories import MembershipFactory, sign_in
from tests.booking.factories import people
from tests.payments.factories import OfficeFactory, clerk_of, pay
from tests.pricing.factories import tariff_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    found = people()
    tariff = tariff_for(found.space, HOUR=1000)
    CancellationTier.objects.create(tariff=tariff, hours_before=480, fee_percent=50)
    return found


@pytest.fixture
def office(them):
    return OfficeFactory(organization=them.space.place.owner)


def accepted(them):
    return them.book(confirmed=True)


def test_it_waits_for_its_payment_then_is_sure(client, them, office):
    one = accepted(them)
    due = money.due_of(one)
    assert (one.state, due.total_cents) == (BookingState.TO_COMPLETE, 2000)
    assert due.due_by == one.complete_by
    sign_in(client, them.occupant.user)
    page = client.get(reverse("booking:page", args=[one.reference])).content.decode()
    assert due.get_absolute_url() in page
    pay(due)
    job = ProcrastinateJob.objects.get(task_name="booking.follow_payment")
    assert job.args == {"reference": one.reference}
    for _ in range(2):
        tasks.follow_payment(one.reference)
    one.refresh_from_db()
    assert one.state == BookingState.CONFIRMED


def test_half_paid_it_waits_still(them, office):
    one = accepted(them)
    due, clerk = money.due_of(one), clerk_of(office)
    journal.record_at_counter(due, cents=1999, means=Means.CASH, actor=clerk)
    tasks.follow_payment(one.reference)
    one.refresh_from_db()
    assert one.state == BookingState.TO_COMPLETE


@pytest.mark.parametrize(
    ("mode", "when"),
    [(OfficeMode.REGIE, PayWhen.AFTER), (OfficeMode.TITRE, PayWhen.AT_BOOKING)],
)
def test_where_one_pays_afterwards_it_is_sure_at_once(them, office, mode, when):
    office.mode, office.pay_when = mode, when
    office.save(update_fields=["mode", "pay_when"])
    one = accepted(them)
    due = money.due_of(one)
    assert (one.state, due.state) == (BookingState.CONFIRMED, DueState.OPEN)
    assert due.due_by > one.ends_at


def test_without_an_office_nothing_is_asked(them):
    one = accepted(them)
    assert (one.state, money.due_of(one)) == (BookingState.CONFIRMED, None)


def test_cancelled_by_the_occupant_the_fee_stays_due(them, office):
    one = accepted(them)
    pay(money.due_of(one))
    tasks.follow_payment(one.reference)
    one.refresh_from_db()
    requests.cancel(one, "Grippe", side=Side.OCCUPANT, actor=them.occupant)
    due = money.due_of(one)
    assert (due.total_cents, due.over_cents) == (1000, 1000)
    incident = Incident.objects.get()
    assert (incident.kind, incident.refund_cents) == (IncidentKind.AMOUNT, 1000)


def test_cancelled_by_the_manager_all_is_proposed_back(them, office):
    one = accepted(them)
    pay(money.due_of(one))
    requests.cancel(one, "Dégât des eaux", side=Side.MANAGER, actor=them.manager)
    incident = Incident.objects.get()
    assert (incident.kind, incident.refund_cents) == (IncidentKind.GONE, 2000)


def test_expired_unpaid_nothing_is_due_any_more(them, office):
    one = accepted(them)
    type(one).objects.filter(pk=one.pk).update(complete_by=one.decided_at)
    assert tasks.expire_requests(0) == 1
    due = money.due_of(one)
    assert due.state == DueState.NOTHING
    pay_late = pay(due, 2000)
    assert pay_late is not None
    assert Incident.objects.get().kind == IncidentKind.GONE
    tasks.follow_payment(one.reference)
    one.refresh_from_db()
    assert one.state == BookingState.EXPIRED


def test_paid_in_time_it_never_expires_however_late_that_is_followed(them, office):
    one = accepted(them)
    pay(money.due_of(one))  # and the worker stops here
    type(one).objects.filter(pk=one.pk).update(complete_by=one.decided_at)
    tasks.expire_requests(0)
    one.refresh_from_db()
    assert one.state == BookingState.CONFIRMED
    assert not Incident.objects.exists()


def test_asked_again_it_is_the_same(them, office):
    one = accepted(them)
    one = type(one).objects.get(pk=one.pk)
    money.ask(one, SYSTEM)
    assert money.due_of(one).lines.count() == 1


def test_moved_where_no_deposit_is_asked_none_is_expected_any_more(them, office):
    one = accepted(them)
    one.state, one.price.deposit_cents = BookingState.CONFIRMED, 20_000
    follow_with_deposit(None, booking=one, change=Change.COMPLETED, actor=SYSTEM)
    asked = Deposit.objects.get()
    assert (asked.state, asked.begins_at) == (DepositState.WANTED, one.starts_at)
    one.price.deposit_cents = 0
    follow_with_deposit(None, booking=one, change=Change.MOVED, actor=SYSTEM)
    assert Deposit.objects.get().state == DepositState.DROPPED
    assert Email.objects.filter(cause__contains=":dropped:").count() == 1


def test_moved_where_another_is_asked_what_is_held_is_spoken_of(them, office):
    one = accepted(them)
    one.state, one.price.deposit_cents = BookingState.CONFIRMED, 20_000
    follow_with_deposit(None, booking=one, change=Change.COMPLETED, actor=SYSTEM)
    Deposit.objects.update(
        state=DepositState.HELD, means=DepositMeans.DECLARED, received_at=one.created_at
    )
    one.price.deposit_cents = 30_000
    for _ in range(2):
        follow_with_deposit(None, booking=one, change=Change.MOVED, actor=SYSTEM)
    told = Email.objects.filter(cause__contains=f":differs:price:{one.price_id}")
    assert {one.recipient for one in told} >= {them.occupant.user.email, them.manager.user.email}
    assert told.count() == 2


def test_who_called_reads_where_to_pay(them, office):
    office.counter_text = "À l’accueil,\nle matin."
    office.save(update_fields=["counter_text"])
    one = accepted(them)
    assert "Au guichet" not in checklist.missing(one)[0].text
    one.requester = None
    due = money.due_of(one)
    assert checklist.missing(one)[0].text == (
        f"20,00\u00a0€ à payer. Au guichet : espèces, chèque, virement. Rappelez le n° {due.number}."
        " À l’accueil, le matin."
    )


def test_who_called_reads_how_to_pay_online_and_their_letter_has_the_link(client, them, office):
    office.mode, office.numcli = OfficeMode.TEST, ""
    office.save()
    one = accepted(them)
    one.requester, one.caller_name, one.caller_email = None, "Mme Roux", "roux@exemple.fr"
    one.save()
    money.ask(one, SYSTEM)
    due = money.due_of(one)
    [item] = checklist.missing(one)
    assert "En ligne, par le lien envoyé à roux@exemple.fr. Au guichet" in item.text
    assert item.link == bank_links.due_address(due) and item.link not in item.text
    assert absolute(item.link) in letters.to_complete(News(one, Change.TO_COMPLETE)).intro
    assert client.get(item.link).status_code == 200
    office.mode = OfficeMode.REGIE
    office.save()
    assert checklist.missing(one)[0].link == ""


def followed(booking):
    """What the worker does once the office has changed."""
    for job in ProcrastinateJob.objects.filter(task_name="booking.follow_payment"):
        tasks.follow_payment(job.args["reference"])
    booking.refresh_from_db()
    return booking


def change(office, **facts):
    change_office(office, facts, [], actor=clerk_of(office))


@pytest.mark.parametrize("facts", [{"pay_when": PayWhen.AFTER}, {"mode": OfficeMode.FREE}])
def test_the_office_asks_it_first_no_more_so_it_waits_no_more(them, office, facts):
    one, paid = accepted(them), accepted(people())
    change(office, **facts)
    assert followed(one).state == BookingState.CONFIRMED
    due = money.due_of(one)
    assert (due.state, due.left_cents) == (DueState.OPEN, 2000)
    assert due.due_by > one.ends_at
    assert paid.state == BookingState.CONFIRMED  # it has no office: nothing was asked


def test_the_office_asks_it_first_now_and_says_until_when(them, office):
    office.pay_when = PayWhen.AFTER
    office.save(update_fields=["pay_when"])
    one = accepted(them)
    type(one).objects.filter(pk=one.pk).update(
        state=BookingState.TO_COMPLETE, complete_by=one.starts_at
    )
    change(office, pay_when=PayWhen.AT_BOOKING)
    assert followed(one).state == BookingState.TO_COMPLETE
    assert money.due_of(one).due_by == one.complete_by


def test_another_name_for_the_office_changes_nothing(them, office):
    accepted(them)
    change(office, name="Guichet")
    assert not ProcrastinateJob.objects.filter(task_name="booking.follow_payment").exists()


def test_who_left_the_organisation_owes_and_is_written_to_no_more(them, office):
    member = MembershipFactory(user=them.occupant.user)
    one = accepted(them)
    one.organization = member.organization
    one.save(update_fields=["organization"])
    money.follow(one, Change.MOVED, SYSTEM)
    assert money.due_of(one).payer_user == them.occupant.user
    member.ended_at = clock.now()
    member.save(update_fields=["ended_at"])
    money.follow(type(one).objects.get(pk=one.pk), Change.MOVED, SYSTEM)
    due = money.due_of(one)
    assert (due.payer_user, due.payer_email) == (None, "")
    assert due.payer_organization == member.organization
