"""Webhooks, against a program that really receives: signed, retried, replayed, stopped."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from datetime import timedelta

import httpx
import pytest
from django.conf import settings as site
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from preau.accounts.actors import Actor
from preau.accounts.models import Membership, User
from preau.api.actions import delivering, webhooks
from preau.api.actions.delivering import PAUSES, deliver
from preau.api.enums import DeliveryState, EventType
from preau.api.merging import settle
from preau.api.models import WebhookDelivery, WebhookEndpoint
from preau.api.tasks import tell_project_moved
from preau.booking.actions.requests import cancel
from preau.booking.enums import Side
from preau.core import clock
from preau.core.errors import Refusal
from preau.integrations.webhooks import BadAddress, check
from preau.notifications.models import Notification
from preau.outside.models import ServiceState
from preau.payments.actions.dues import Payer
from preau.payments.events import due_changed
from preau.payments.models import Due
from preau.projects.enums import ProjectState
from tests.api.factories import administrator, endpoint_of, token_of
from tests.booking.factories import booking
from tests.payments.factories import OfficeFactory, ask, pay
from tests.permissions.samples import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def receiver():
    """Its address; what it received is at `/recu`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.api.receiver"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=site.BASE_DIR,
    )
    port = process.stdout.readline().strip()
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def actor():
    return administrator()


def received(receiver, delivery):
    """What came of one delivery, try after try."""
    every = httpx.get(f"{receiver}/recu").json()
    return [one for one in every if one["headers"]["webhook-id"] == str(delivery.message_id)]


def ping_of(actor, url):
    endpoint, secret = endpoint_of(actor, url=url)
    return webhooks.ping(endpoint, actor=actor), secret


def again(delivery):
    """Its next try, as if its time had come."""
    WebhookDelivery.objects.filter(pk=delivery.pk).update(next_at=clock.now())
    ServiceState.objects.update(paused_until=None)
    deliver(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def expected(secret, one):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    headers = one["headers"]
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{one['body']}".encode()
    return "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()


def test_signed_and_handed_over_once(receiver, actor):
    delivery, secret = ping_of(actor, f"{receiver}/200")
    deliver(delivery.pk)
    deliver(delivery.pk)  # the task ran twice
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_status) == (DeliveryState.DELIVERED, 200)
    [one] = received(receiver, delivery)
    assert one["headers"]["webhook-signature"] == expected(secret, one)
    assert abs(int(one["headers"]["webhook-timestamp"]) - clock.now().timestamp()) < 60
    assert json.loads(one["body"])["type"] == "ping"


def test_two_workers_send_one_message(actor, monkeypatch):
    delivery, _ = ping_of(actor, "https://programme.example/preau")
    sent = []

    def post(*args, **kwargs):
        sent.append(kwargs["message_id"])
        if len(sent) < 3:
            deliver(delivery.pk)  # another worker, before this one has an answer
        return 200

    monkeypatch.setattr(delivering, "post", post)
    deliver(delivery.pk)
    assert sent == [str(delivery.message_id)]


def test_what_waits_for_somebody_who_left_is_not_sent(receiver, actor):
    delivery, _ = ping_of(actor, f"{receiver}/200")
    Membership.objects.filter(pk=actor.membership.pk).update(ended_at=clock.now())
    deliver(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.GIVEN_UP
    assert received(receiver, delivery) == []


def test_both_secrets_sign_for_a_day(receiver, actor):
    delivery, former = ping_of(actor, f"{receiver}/200")
    fresh = webhooks.rotate(delivery.endpoint, actor=actor)
    deliver(delivery.pk)
    [one] = received(receiver, delivery)
    assert one["headers"]["webhook-signature"].split() == [
        expected(fresh, one),
        expected(former, one),
    ]
    WebhookEndpoint.objects.update(former_until=clock.now())
    endpoint = WebhookEndpoint.objects.get(pk=delivery.endpoint_id)
    assert webhooks.secrets_of(endpoint) == [fresh]


def test_no_secret_is_kept_as_it_is(actor):
    endpoint, secret = endpoint_of(actor)
    endpoint.refresh_from_db()
    assert secret.removeprefix("whsec_") not in endpoint.secret


@pytest.mark.parametrize(("path", "status"), [("/500", 500), ("/302", 302), ("/410", 410)])
def test_a_failure_is_tried_again_later_and_later(receiver, actor, path, status):
    delivery, _ = ping_of(actor, receiver + path)
    for pause in PAUSES:
        again(delivery)
        assert (delivery.state, delivery.last_status) == (DeliveryState.WAITING, status)
        assert abs(delivery.next_at - clock.now() - pause) < timedelta(seconds=5)
    again(delivery)
    assert delivery.state == DeliveryState.GIVEN_UP
    assert delivery.attempts == len(PAUSES) + 1 == len(received(receiver, delivery))
    assert timedelta(hours=22) < sum(PAUSES, timedelta()) < timedelta(hours=26)
    # A redirection was not followed: what it leads to has received nothing.
    assert {one["path"] for one in received(receiver, delivery)} == {path}


def test_a_slow_one_is_left(receiver, actor, monkeypatch):
    real = delivering.post
    monkeypatch.setattr(delivering, "post", lambda *a, **k: real(*a, **k, timeout=0.3))
    delivery, _ = ping_of(actor, f"{receiver}/lent")
    again(delivery)
    assert (delivery.state, delivery.last_status) == (DeliveryState.WAITING, 0)


def test_nobody_there_then_paused_then_replayed(receiver, actor):
    delivery, _ = ping_of(actor, "http://127.0.0.1:9/")
    for _ in range(4):
        WebhookDelivery.objects.update(next_at=clock.now())
        deliver(delivery.pk)
    WebhookDelivery.objects.update(next_at=clock.now())
    deliver(delivery.pk)  # the circuit is open: not asked, and not counted
    delivery.refresh_from_db()
    assert delivery.attempts == 4
    assert delivery.next_at > clock.now()
    webhooks.edit(
        delivery.endpoint, actor=actor, url=f"{receiver}/200", events=delivery.endpoint.events
    )
    ServiceState.objects.update(paused_until=None)
    webhooks.replay(delivery, actor=actor)
    deliver(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED
    assert len(received(receiver, delivery)) == 1
    assert WebhookEndpoint.objects.get().failing_since is None


def test_after_a_week_without_success_it_is_stopped_and_told(receiver, actor):
    delivery, _ = ping_of(actor, f"{receiver}/500")
    again(delivery)
    assert WebhookEndpoint.objects.get().failing_since is not None
    WebhookEndpoint.objects.update(failing_since=clock.now() - delivering.PATIENCE)
    again(delivery)
    endpoint = WebhookEndpoint.objects.get()
    assert not endpoint.is_live
    assert delivery.state == DeliveryState.GIVEN_UP
    assert Notification.objects.filter(user=actor.user, topic="api.webhooks").count() == 1
    with pytest.raises(Refusal, match="arrêté"):
        webhooks.ping(endpoint, actor=actor)
    webhooks.resume(endpoint, actor=actor)
    assert webhooks.ping(endpoint, actor=actor).state == DeliveryState.WAITING


def test_no_private_address_in_production(receiver, actor, settings):
    delivery, _ = ping_of(actor, f"{receiver}/200")
    settings.CALLS_PUBLIC_ONLY = True
    again(delivery)
    assert delivery.state == DeliveryState.WAITING
    assert "public" in delivery.last_trouble
    assert received(receiver, delivery) == []
    for url in ("http://ville.example/", "https://127.0.0.1/", "https://[::1]/", "https://moi/"):
        with pytest.raises(Refusal):
            webhooks.create(actor.organization, actor=actor, url=url, events=["ping"])


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "https://u:p@a.example/", "https://", "https://a.example:x/", "https://é/",
     "https://a.example/#b", "https://10.0.0.1/", "https://169.254.169.254/", "a.example",
     "https://[64:ff9b::10.0.0.1]/", "https://224.0.0.1/"],
)  # fmt: skip
def test_addresses_that_nothing_is_sent_to(url):
    with pytest.raises(BadAddress):
        check(url, only_public=True)
    check("https://ville.example:8443/preau?cle=1", only_public=True)


class TestWhoIsTold:
    def told(self):
        rows = WebhookDelivery.objects.select_related("endpoint").order_by("pk")
        return [(one.event, one.endpoint.organization_id) for one in rows]

    def test_both_sides_of_a_booking_and_nobody_else(self):
        holder = administrator()
        one = booking(actor=holder)
        owner = administrator(one.place.owner)
        for who in (holder, owner, administrator()):
            endpoint_of(who)
        cancel(one, "", side=Side.OCCUPANT, actor=holder)
        assert sorted(self.told()) == sorted(
            ("booking.cancelled", who.organization_id) for who in (holder, owner)
        )
        payload = WebhookDelivery.objects.first().payload
        assert payload["data"]["reference"] == one.reference
        assert payload["data"]["state"] == "annulee"
        for secret in (one.purpose, one.contact_name, holder.user.email, holder.user.last_name):
            assert secret not in json.dumps(payload, ensure_ascii=False)

    def test_only_what_it_listens_to(self):
        holder = administrator()
        endpoint_of(holder, EventType.BOOKING_CONFIRMED)
        booking(actor=holder)
        assert self.told() == []

    @pytest.mark.parametrize("leaves", ["the organisation", "the site"])
    def test_not_what_its_owner_may_no_longer_read(self, leaves):
        holder = administrator()
        colleague = administrator(holder.organization)
        endpoint_of(holder)
        booking(actor=colleague)
        assert len(self.told()) == 1
        if leaves == "the site":
            User.objects.filter(pk=holder.user.pk).update(is_active=False)
        else:
            Membership.objects.filter(pk=holder.membership.pk).update(ended_at=clock.now())
        booking(actor=colleague)
        assert len(self.told()) == 1

    def test_what_is_undone_is_not_told(self):
        holder = administrator()
        endpoint_of(holder)
        with transaction.atomic():
            booking(actor=holder)
            transaction.set_rollback(True)
        assert self.told() == []


@pytest.mark.django_db
def test_a_project_is_told_to_those_who_may_read_it(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world = World(projects=True)
    project = world.project
    readers = [Actor(*world.people["mayor"]), administrator()]
    endpoints = []
    for who in readers:
        maker = administrator(who.organization)
        endpoint, _ = endpoint_of(maker)
        endpoint.membership = who.membership
        endpoint.save()
        endpoints.append(endpoint)
    told = tell_project_moved(project.pk, ProjectState.QUALIFIED, ProjectState.ACKNOWLEDGED, "x")
    assert told == 1
    assert WebhookDelivery.objects.get().endpoint == endpoints[0]


@pytest.mark.django_db
def test_a_sum_paid_is_told_once_to_both_sides():
    office, payer = OfficeFactory(), administrator()
    owner = administrator(office.organization)
    for who in (payer, owner, administrator()):
        endpoint_of(who, EventType.DUE_PAID)
    organization = payer.organization
    due = ask(office, payer=Payer(organization.name, organization=organization))
    assert not WebhookDelivery.objects.exists()
    pay(due)
    with CaptureQueriesContext(connection) as seen:
        due_changed.send(sender=Due, due=due, actor=payer)
    # The log of all organisations is long: theirs alone is looked through.
    [looked] = [one["sql"] for one in seen if "payload" in one["sql"]]
    assert '"endpoint_id" IN' in looked
    told = WebhookDelivery.objects.all()
    assert {one.endpoint.organization_id for one in told} == {
        organization.pk,
        owner.organization_id,
    }
    assert len(told) == 2
    assert told[0].payload["data"]["due"] == str(due.key)


def test_those_who_left_tell_nothing_more_when_organisations_are_merged():
    actor = administrator()
    endpoint, _ = endpoint_of(actor)
    row, _ = token_of(actor)
    settle(actor.organization, administrator().organization)
    endpoint.refresh_from_db()
    row.refresh_from_db()
    assert not endpoint.is_live
    assert not row.is_live
