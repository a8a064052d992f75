"""Rounds signed at an outside service: a fake one with its interface, run as a real process."""

import hashlib
import hmac
import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from preau.accounts.actors import SYSTEM
from preau.accounts.enums import MembershipRole
from preau.agreements import driving, providers
from preau.agreements.actions import outcome, rounds
from preau.agreements.actions import settings as signing_settings
from preau.agreements.models import SignatureRound, SigningSettings
from preau.agreements.providers import chosen
from preau.agreements.signing_enums import ProviderName, RoundState, SignatoryState
from preau.agreements.signing_tasks import advance_round, withdraw_round
from preau.agreements.traces import chain_of
from preau.core.errors import Refusal
from preau.documents import journal, store
from preau.integrations import signature_provider as api
from preau.notifications.models import Email
from tests import integrations
from tests.accounts.factories import MembershipFactory, sign_in
from tests.signatures import factories

pytestmark = pytest.mark.django_db
SECRET = "shared-with-the-service"


@pytest.fixture
def service(settings):
    """The service's address; our organisations' client speaks to it."""
    fake = Path(integrations.__file__).parent / "fake_yousign.py"
    process = subprocess.Popen([sys.executable, fake], stdout=subprocess.PIPE, text=True)
    url = f"http://127.0.0.1:{process.stdout.readline().strip()}"
    settings.YOUSIGN_URL = f"{url}/v3"
    yield url
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def round_(service):
    one = factories.open_round(provider=ProviderName.YOUSIGN)
    choose(one.agreement.owner)
    _nothing_waits()
    return one


def _nothing_waits():
    """The job that a test does by hand is no longer in the queue."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def choose(organization, key="test-key"):
    signing_settings.choose_provider(
        organization, provider="yousign", api_key=key, webhook_secret=SECRET, actor=SYSTEM
    )


def calls(service):
    return httpx.get(f"{service}/_calls").json()


def sign_there(service, round_):
    round_.refresh_from_db()
    httpx.post(f"{service}/_sign/{round_.remote_id}").raise_for_status()


def notify(client, round_, secret=SECRET):
    body = json.dumps(
        {
            "event_name": "signature_request.done",
            "data": {"signature_request": {"id": round_.remote_id, "status": "done"}},
        }
    ).encode()
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    url = reverse("agreements:notification", args=[round_.agreement.owner_id])
    return client.post(
        url, body, content_type="application/json", headers={api.SIGNATURE_HEADER: signature}
    )


def test_from_sending_to_our_store(service, round_, client):
    advance_round(round_id=round_.pk)
    round_.refresh_from_db()
    assert round_.remote_id
    assert factories.signatory(round_, 1).state == SignatoryState.INVITED
    assert not Email.objects.filter(subject__startswith="À signer").exists()  # theirs to write
    sign_there(service, round_)
    advance_round(round_id=round_.pk)
    assert factories.signatory(round_, 1).state == SignatoryState.SIGNED
    assert factories.signatory(round_, 2).state == SignatoryState.INVITED
    sign_there(service, round_)
    assert notify(client, round_).status_code == 204
    advance_round(round_id=round_.pk)
    round_.refresh_from_db()
    assert round_.state == RoundState.DONE
    assert store.read(round_.outcome.file).endswith(b"% signed\n")
    assert store.read(round_.evidence.foreign.file).startswith(b"%PDF-1.7\n% audit trail")
    assert journal.verify(chain_of(round_.agreement_id)) is None
    assert round_.agreement.state == "signee"


@pytest.mark.parametrize("served", range(6))
def test_cut_at_any_call_makes_one_request(service, round_, served):
    """The service did it, and its answer never came: asked what is there before asking again."""
    httpx.post(f"{service}/_cut/{served}")
    with pytest.raises(providers.ProviderDown):
        advance_round(round_id=round_.pk)
    round_.refresh_from_db()
    assert round_.held_up_since is not None
    advance_round(round_id=round_.pk)
    made = calls(service)
    prefix = "POST /v3/signature_requests"
    assert made.count(prefix) == 1
    ended = [call.rpartition("/")[2] for call in made if call.startswith(prefix + "/")]
    assert sorted(ended) == ["activate", "documents", "signers", "signers"]
    round_.refresh_from_db()
    assert round_.held_up_since is None


def test_a_service_that_is_down_is_waited_for(service, round_):
    httpx.post(f"{service}/_fail/1")
    with pytest.raises(providers.ProviderDown):
        advance_round(round_id=round_.pk)
    advance_round(round_id=round_.pk)
    assert SignatureRound.objects.get(pk=round_.pk).remote_id


def test_a_failed_attempt_gives_way_to_the_job_that_waits(service, round_):
    """The queue cannot hold both: one of them would stay « doing » and keep the round locked."""
    outcome.defer_advance(round_.pk)
    httpx.post(f"{service}/_fail/1")
    advance_round(round_id=round_.pk)
    advance_round(round_id=round_.pk)
    assert SignatureRound.objects.get(pk=round_.pk).remote_id


def test_a_wrong_key_is_said(service, round_):
    choose(round_.agreement.owner, key="wrong")
    with pytest.raises(providers.ProviderRefused):
        advance_round(round_id=round_.pk)
    round_.refresh_from_db()
    assert round_.held_up_since is not None


def test_declined_there_is_refused_here(service, round_):
    advance_round(round_id=round_.pk)
    round_.refresh_from_db()
    httpx.post(f"{service}/_decline/{round_.remote_id}")
    advance_round(round_id=round_.pk)
    round_.refresh_from_db()
    assert round_.state == RoundState.REFUSED
    assert factories.signatory(round_).reason == "Pas d’accord"


def test_cancelled_here_is_cancelled_there(service, round_):
    advance_round(round_id=round_.pk)
    round_.refresh_from_db()
    rounds.cancel_round(round_, actor=SYSTEM)
    assert ProcrastinateJob.objects.filter(task_name=outcome.WITHDRAW_ROUND).exists()
    withdraw_round(round_id=round_.pk)
    withdraw_round(round_id=round_.pk)
    assert [call for call in calls(service) if call.endswith("/cancel")] == [
        f"POST /v3/signature_requests/{round_.remote_id}/cancel"
    ]


# --- Notifications


def test_a_notification_is_never_believed(service, round_, client):
    """It says done; the service says not: nothing is signed."""
    advance_round(round_id=round_.pk)
    round_.refresh_from_db()
    for _ in range(3):
        assert notify(client, round_).status_code == 204
    assert ProcrastinateJob.objects.filter(task_name=outcome.ADVANCE_ROUND).count() == 1
    advance_round(round_id=round_.pk)
    round_.refresh_from_db()
    assert round_.state == RoundState.OPEN


def test_a_notification_without_the_secret_is_refused(service, round_, client):
    advance_round(round_id=round_.pk)
    round_.refresh_from_db()
    before = ProcrastinateJob.objects.count()
    assert notify(client, round_, secret="guessed").status_code == 401
    assert ProcrastinateJob.objects.count() == before
    url = reverse("agreements:notification", args=[round_.agreement.owner_id])
    assert client.post(url, b"{}", content_type="application/json").status_code == 401
    heavy = b"x" * (providers.LONGEST_NOTIFICATION + 1)
    assert client.post(url, heavy, content_type="application/json").status_code == 413


def test_a_notification_about_something_else_is_taken_and_ignored(service, round_):
    body = b'{"event_name": "electronic_seal.done", "data": {"electronic_seal": {}}}'
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    driving.notified(round_.agreement.owner, body, {api.SIGNATURE_HEADER: signature})


# --- The choice


def test_the_keys_are_encrypted_and_never_shown(client):
    membership = MembershipFactory(role=MembershipRole.ADMINISTRATOR)
    organization = membership.organization
    sign_in(client, membership.user, membership)
    url = reverse("agreements:provider", args=[organization.pk])
    typed = {"provider": "yousign", "api_key": "very-secret-key", "webhook_secret": "hook-secret"}
    assert client.post(url, typed).status_code == 302
    kept = SigningSettings.objects.get(organization=organization)
    assert "secret" not in kept.credentials
    shown = client.get(url).content.decode()
    assert "very-secret-key" not in shown
    assert "hook-secret" not in shown
    assert "Enregistrés" in shown
    # left empty, they are kept
    client.post(url, {"provider": "yousign", "api_key": "", "webhook_secret": ""})
    kept.refresh_from_db()
    assert chosen.decrypt(kept.credentials)["api_key"] == "very-secret-key"
    assert chosen.name_of(organization.pk) == ProviderName.YOUSIGN


def test_a_service_without_its_key_is_refused():
    organization = factories.agreement().owner
    with pytest.raises(Refusal) as no:
        signing_settings.choose_provider(
            organization, provider="yousign", api_key="", webhook_secret="x", actor=SYSTEM
        )
    assert (no.value.field, no.value.code) == ("api_key", "missing_key")
