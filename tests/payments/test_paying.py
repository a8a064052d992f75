"""Paying online, over a real PayFiP on loopback: tries, notifications, bad days."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.actors import SYSTEM, Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.outside.models import ServiceState
from preau.payments import queries, tasks
from preau.payments.actions import dues, trying
from preau.payments.enums import DueState, IncidentKind, OfficeMode, OperationState, Saisie
from preau.payments.models import Incident, Operation, Payment
from tests.accounts.factories import UserFactory
from tests.payments.factories import OfficeFactory, ask, clerk_of, hire

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer():
    return UserFactory()


@pytest.fixture
def due(payer):
    return ask(OfficeFactory(), source="test:a", user=payer)


def begin(due):
    return trying.begin(due, email="ada@example.org", actor=Actor(due.payer_user))


def state_of(due):
    return queries.standing(due.source).state


def shown_back(client, operation):
    """The page that who comes back from PayFiP is led to."""
    answer = client.get(reverse("payments:come_back", args=[operation.key]))
    return client.get(answer["Location"]).content.decode()


def test_the_whole_way(payfip, due, payer, client):
    client.force_login(payer)
    page = client.post(reverse("payments:pay", args=[due.key]))
    one = Operation.objects.get()
    assert one.pay_url in page.content.decode()
    assert client.post(reverse("payments:hear"), {"idop": one.remote_id}).status_code == 200
    tasks.ask_provider(one.pk)
    assert state_of(due) == DueState.OPEN
    payfip.result(one.remote_id, "P")
    assert client.get(reverse("payments:hear"), {"idop": one.remote_id}).status_code == 200
    assert state_of(due) == DueState.OPEN  # nothing is believed: it is asked by the task
    for _ in range(10):
        tasks.ask_provider(one.pk)
    assert state_of(due) == DueState.PAID
    assert Payment.objects.count() == 1
    shown = client.get(due.get_absolute_url()).content.decode()
    assert "Il ne reste rien à payer" in shown


def test_who_comes_back_sees_the_result_at_once(payfip, due, payer, client):
    begin(due)
    one = Operation.objects.get()
    payfip.result(one.remote_id, "P")
    answer = client.post(reverse("payments:come_back", args=[one.key]), {"idop": one.remote_id})
    assert (answer.status_code, answer["Location"]) == (303, due.get_absolute_url())
    assert state_of(due) == DueState.PAID


def test_who_gave_up_is_told_and_pays_again_at_once(payfip, due, payer, client):
    client.force_login(payer)
    begin(due)
    one = Operation.objects.get()
    payfip.result(one.remote_id, "A")
    page = shown_back(client, one)
    assert "Vous avez abandonné ce paiement" in page
    assert "Payer en ligne" in page
    begin(due)
    assert Operation.objects.count() == 2
    # PayFiP keeps its page open for two minutes: paid under it all the same, it is known.
    one.refresh_from_db()
    assert one.check_at is not None
    payfip.result(one.remote_id, "P")
    trying.check(one, actor=SYSTEM)
    assert state_of(due) == DueState.PAID


def test_refused_in_a_tab_and_paid_in_another_is_settled_before_it_is_shown(
    payfip, due, payer, client
):
    client.force_login(payer)
    begin(due)
    one = Operation.objects.get()
    payfip.result(one.remote_id, "R")
    page = shown_back(client, one)
    assert "Votre banque a refusé ce paiement" in page
    payfip.result(one.remote_id, "P")
    Operation.objects.update(checked_at=clock.now() - timedelta(seconds=30))
    page = shown_back(client, one)
    assert "est reçu" in page
    assert "Payer en ligne" not in page


def test_a_notification_of_nothing_of_ours_is_answered_all_the_same(client):
    for said in ({}, {"idop": "x"}, {"idOp": "x" * 500}):
        assert client.post(reverse("payments:hear"), said).status_code == 200


def test_a_living_try_is_used_again(payfip, due):
    first = begin(due)
    assert begin(due) == first
    assert Operation.objects.count() == 1


def test_twenty_minutes_between_tries(payfip, due):
    begin(due)
    Operation.objects.update(created_at=clock.now() - timedelta(minutes=16))
    with pytest.raises(Refusal) as refused:
        begin(due)
    assert refused.value.code == "too_soon"
    Operation.objects.update(created_at=clock.now() - timedelta(minutes=21))
    begin(due)
    states = list(Operation.objects.order_by("id").values_list("state", flat=True))
    assert states == [OperationState.EXPIRED, OperationState.WAITING]
    old = Operation.objects.earliest("id")
    payfip.result(old.remote_id, "P")  # paid all the same, late
    assert tasks.reconcile(0) == 1
    assert state_of(due) == DueState.PAID


def test_another_amount_is_not_the_same_try(payfip, due):
    begin(due)
    ask(due.office, hire(4000), source="test:a", user=due.payer_user)
    with pytest.raises(Refusal):
        begin(due)


def test_less_than_a_euro_is_not_paid_online(payfip):
    due = ask(OfficeFactory(), hire(99))
    with pytest.raises(Refusal):
        begin(due)
    assert not Operation.objects.exists()


def test_refused_then_tried_again_at_once(payfip, due):
    begin(due)
    one = Operation.objects.get()
    payfip.result(one.remote_id, "R")
    trying.check(one, actor=SYSTEM)
    assert Operation.objects.get().state == OperationState.REFUSED
    begin(due)
    assert Operation.objects.count() == 2


def test_an_unknown_code_stops_tries_until_somebody_looked(payfip, due):
    begin(due)
    one = Operation.objects.get()
    payfip.result(one.remote_id, "K")
    trying.check(one, actor=SYSTEM)
    assert Operation.objects.get().state == OperationState.TO_CHECK
    assert Incident.objects.get().kind == IncidentKind.UNKNOWN
    with pytest.raises(Refusal) as refused:
        begin(due)
    assert refused.value.code == "to_check"
    payfip.result(one.remote_id, "P")
    trying.check(one, actor=SYSTEM)
    assert state_of(due) == DueState.PAID


@pytest.mark.parametrize("mode", ["down", "html", "truncated", "401", "429", "500"])
def test_a_bad_day_is_one_sentence_and_loses_nothing(payfip, due, mode):
    payfip.trouble(mode)
    with pytest.raises(Refusal) as refused:
        begin(due)
    assert "PayFiP ne répond pas" in refused.value.sentence
    assert Operation.objects.get().state == OperationState.EXPIRED
    payfip.trouble()
    ServiceState.objects.update(paused_until=None)
    begin(due)


def test_paused_it_is_not_asked(payfip, due):
    payfip.trouble("down")
    for _ in range(4):
        with pytest.raises(Refusal):
            begin(due)
    payfip.trouble()
    before = len(payfip.calls)
    with pytest.raises(Refusal):
        begin(due)
    assert len(payfip.calls) == before


def test_the_clerk_asks_now(payfip, due, client):
    begin(due)
    one = Operation.objects.get()
    clerk = clerk_of(due.office)
    client.force_login(clerk.user)
    payfip.trouble("down")
    url = reverse("payments:check", args=[one.key])
    page = client.post(url, follow=True).content.decode()
    assert "PayFiP ne répond pas en ce moment" in page
    payfip.trouble()
    payfip.result(one.remote_id, "V")
    page = client.post(url, follow=True).content.decode()
    assert "est : payée" in page
    assert Payment.objects.get().means == "prelevement"


def test_paid_after_the_booking_is_gone(payfip, due, mailoutbox):
    begin(due)
    one = Operation.objects.get()
    clerk_of(due.office)
    dues.drop("test:a", actor=SYSTEM)
    payfip.result(one.remote_id, "P")
    Operation.objects.update(check_at=clock.now())
    tasks.reconcile(0)
    incident = Incident.objects.get()
    assert (incident.kind, incident.refund_cents) == (IncidentKind.GONE, 5000)


def test_the_trial_moves_no_money_and_pays(due, payer, client, settings):
    office = due.office
    office.mode = OfficeMode.TEST
    office.save(update_fields=["mode"])
    client.force_login(payer)
    answer = client.post(reverse("payments:pay", args=[due.key]))
    page = client.get(answer.url).content.decode()
    assert "Démonstration" in page
    client.post(answer.url, {"choix": "refuser"})
    assert state_of(due) == DueState.OPEN
    answer = client.post(reverse("payments:pay", args=[due.key]))
    client.post(answer.url, {"choix": "payer"})
    assert state_of(due) == DueState.PAID
    settings.IS_PRODUCTION = True
    assert client.get(answer.url).status_code == 404


def test_without_payfip_one_pays_at_the_counter(due, payer, client, settings):
    settings.PAYFIP_URL = ""
    client.force_login(payer)
    page = client.get(due.get_absolute_url()).content.decode()
    assert "Payer en ligne" not in page
    assert "Au guichet" in page
    clerk = clerk_of(due.office)
    client.force_login(clerk.user)
    page = client.get(reverse("payments:office", args=[due.office.pk])).content.decode()
    assert "PayFiP n’est pas ouvert sur ce site" in page
    sent = {"amount": "50,00", "means": "especes"}
    client.post(reverse("payments:record", args=[due.key]), sent)
    assert state_of(due) == DueState.PAID


def test_a_card_that_exists_nowhere_pays_nothing_on_a_real_site(
    payfip, due, payer, client, settings
):
    settings.IS_PRODUCTION = True
    with pytest.raises(Refusal, match="payez au guichet"):
        begin(due)
    assert not Operation.objects.exists()
    client.force_login(clerk_of(due.office).user)
    address = reverse("payments:office", args=[due.office_id])
    assert "PayFiP est en mode test" in client.get(address).content.decode()
    due.office.saisie = Saisie.PRODUCTION
    due.office.save(update_fields=["saisie"])
    assert begin(due)
    assert "PayFiP est en mode test" not in client.get(address).content.decode()
