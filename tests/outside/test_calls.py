"""The circuit breaker: when a service is asked, and by how many."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from preau.core import clock
from preau.integrations.http import Rejected, Throttled, Unauthorized, Unavailable
from preau.outside import registry, tasks
from preau.outside.calls import FAILURES_TO_PAUSE, LONGEST_PAUSE, NotAsked, calling
from preau.outside.enums import Trouble
from preau.outside.models import ServiceFailure, ServiceState

NOW = datetime(2027, 3, 3, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _known(monkeypatch):
    monkeypatch.setattr(registry, "_services", dict(registry._services))
    registry.register(
        registry.OutsideService("essai", "Essai", "Sert.", "Sans.", is_configured=lambda: True)
    )


def _fail(error=None, at=NOW, account=""):
    with clock.frozen(at), pytest.raises(Unavailable), calling("essai", account):
        raise error or Unavailable("status 500")


def _asks(at=NOW, account=""):
    with clock.frozen(at):
        try:
            with calling("essai", account):
                return True
        except NotAsked:
            return False


def _state():
    return ServiceState.objects.get(service="essai", account="")


@pytest.mark.django_db
def test_a_service_that_fails_is_left_alone_then_tried():
    for _ in range(FAILURES_TO_PAUSE - 1):
        _fail()
    assert _state().paused_until is None
    _fail()
    assert not _asks(NOW + timedelta(seconds=29))
    assert _asks(NOW + timedelta(seconds=30))
    assert _asks(NOW + timedelta(seconds=31))
    assert _state().failures == 0


@pytest.mark.django_db
def test_pauses_grow_to_a_limit():
    at = NOW
    for _ in range(FAILURES_TO_PAUSE):
        _fail(at=at)
    pauses = []
    for _ in range(8):
        pauses.append(_state().paused_until - at)
        at = _state().paused_until
        _fail(at=at)
    assert [int(one.total_seconds()) for one in pauses] == [30, 60, 120, 240, 480, 900, 900, 900]


@pytest.mark.django_db
def test_the_one_who_tries_again_is_alone():
    for _ in range(FAILURES_TO_PAUSE):
        _fail()
    with clock.frozen(NOW + timedelta(minutes=1)), calling("essai"):
        assert not _asks(NOW + timedelta(minutes=1))
    assert _asks(NOW + timedelta(minutes=1))


@pytest.mark.django_db
def test_a_fault_of_ours_lets_the_next_one_try():
    for _ in range(FAILURES_TO_PAUSE):
        _fail()
    then = NOW + timedelta(minutes=1)
    with clock.frozen(then), pytest.raises(ZeroDivisionError), calling("essai"):
        raise ZeroDivisionError
    assert _asks(then)
    with clock.frozen(then), pytest.raises(ZeroDivisionError), calling("essai"):
        raise ZeroDivisionError
    assert _state().paused_until is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "seconds", "trouble"),
    [
        (Throttled("status 429", retry_after=120), 120, Trouble.THROTTLED),
        (Throttled("status 429", retry_after=1e300), LONGEST_PAUSE.total_seconds(), "*"),
        (Throttled("status 429", retry_after=0), 1, Trouble.THROTTLED),
        (Throttled("status 429"), 30, Trouble.THROTTLED),
        (Unauthorized("status 401"), 30, Trouble.UNAUTHORIZED),
        (Unavailable("status 503", retry_after=7), 7, Trouble.DOWN),
    ],
)
def test_what_says_so_itself_pauses_at_once(error, seconds, trouble):
    _fail(error)
    assert _state().paused_until == NOW + timedelta(seconds=seconds)
    assert trouble in ("*", ServiceFailure.objects.get().trouble)
    with clock.frozen(NOW), pytest.raises(NotAsked) as said, calling("essai"):
        pass
    assert said.value.retry_after == max(seconds, 1)


@pytest.mark.django_db
def test_a_refusal_that_was_understood_is_an_answer():
    _fail()
    with clock.frozen(NOW), pytest.raises(Rejected), calling("essai"):
        raise Rejected(404)
    assert (_state().failures, _state().last_success_at) == (0, NOW)


@pytest.mark.django_db
def test_each_account_has_its_circuit():
    for _ in range(FAILURES_TO_PAUSE):
        _fail(account="090909")
    assert not _asks(account="090909")
    assert _asks(account="101010")


@pytest.mark.django_db
def test_success_after_success_writes_nothing(django_assert_num_queries):
    assert _asks()
    with django_assert_num_queries(4) as seen:  # a savepoint, a reading, and nothing changed
        assert _asks(NOW + timedelta(seconds=50))
    assert [one["sql"].split()[0] for one in seen.captured_queries] == [
        "SAVEPOINT",
        "SELECT",
        "RELEASE",
        "UPDATE",
    ]
    assert _state().last_success_at == NOW
    assert _asks(NOW + timedelta(seconds=70))
    assert _state().last_success_at == NOW + timedelta(seconds=70)


@pytest.mark.django_db(transaction=True)
def test_nobody_calls_inside_a_transaction():
    with transaction.atomic(), pytest.raises(RuntimeError), calling("essai"):
        raise AssertionError("asked")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_send_one_to_try():
    """The pause is over: of eight at once, one asks."""
    for _ in range(FAILURES_TO_PAUSE):
        _fail()
    ServiceState.objects.update(paused_until=clock.now() - timedelta(seconds=1))
    begun, asked, refused = threading.Barrier(8), [], []
    over = threading.Event()

    def ask():
        begun.wait()
        try:
            with calling("essai"):
                asked.append(1)
                assert over.wait(30)
        except NotAsked:
            refused.append(1)
            if len(refused) == 7:
                over.set()
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(asked), len(refused)) == (1, 7)


@pytest.mark.django_db
def test_failures_are_forgotten_after_a_month():
    _fail()
    with clock.frozen(NOW + timedelta(days=29)):
        tasks.forget_failures(0)
    assert ServiceFailure.objects.count() == 1
    with clock.frozen(NOW + timedelta(days=31)):
        tasks.forget_failures(0)
    assert not ServiceFailure.objects.exists()


@pytest.mark.django_db
def test_accounts_that_nobody_calls_for_are_forgotten():
    _fail(account="partie")
    assert _asks(account="muette")
    assert _asks()
    with clock.frozen(NOW + timedelta(days=89)):
        assert tasks.forget_accounts(0) == 0
    assert _asks(NOW + timedelta(days=80), account="muette")
    with clock.frozen(NOW + timedelta(days=91)):
        tasks.forget_accounts(0)
    left = ServiceState.objects.filter(service="essai").values_list("account", flat=True)
    assert set(left) == {"", "muette"}
