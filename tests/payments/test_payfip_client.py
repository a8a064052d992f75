"""The client of PayFiP over real SOAP: every result, every fault, every lie."""

import time
from datetime import timedelta

import pytest

from preau.core import clock
from preau.integrations.http import Rejected, Throttled, Unauthorized, Unavailable
from preau.integrations.payfip import Client, Outcome

NOWHERE = "http://127.0.0.1:9/"


def client(payfip, **given):
    return Client(**({"url": payfip.url, "number": "090909", "stage": "T"} | given))


def created(payfip, cents=5000, **given):
    known = {
        "reference": "R2027000001",
        "cents": cents,
        "email": "ada@example.org",
        "subject": "Salle Olympe-de-Gouges, 23/11",
        "notify_url": NOWHERE,
        "return_url": NOWHERE,
    }
    return client(payfip).create(**(known | given))


def test_create_then_wait_then_paid(payfip):
    one = created(payfip)
    assert one.url == f"{payfip.url}/tpa/paiementws.web?idop={one.idop}"
    asked_at = clock.now()
    assert client(payfip).status(one.idop, created_at=asked_at).outcome == Outcome.WAITING
    payfip.result(one.idop, "P")
    found = client(payfip).status(one.idop, created_at=asked_at)
    assert (found.outcome, found.cents, found.reference, found.number) == (
        Outcome.PAID_BY_CARD,
        5000,
        "R2027000001",
        "090909",
    )
    assert abs(found.at - asked_at) < timedelta(minutes=2)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("V", Outcome.PAID_BY_DEBIT),
        ("R", Outcome.REFUSED),
        ("Z", Outcome.REFUSED),
        ("A", Outcome.WAITING),  # given up a moment ago: the page may be gone back to
        ("K", Outcome.UNKNOWN),
        ("W", Outcome.UNKNOWN),
    ],
)
def test_every_result(payfip, code, outcome):
    one = created(payfip)
    payfip.result(one.idop, code)
    assert client(payfip).status(one.idop, created_at=clock.now()).outcome == outcome


def test_forgotten_or_waited_for_too_long(payfip):
    one = created(payfip)
    long_ago = clock.now() - timedelta(hours=3)
    assert client(payfip).status(one.idop, created_at=long_ago).outcome == Outcome.EXPIRED
    payfip.forget()
    assert client(payfip).status(one.idop, created_at=clock.now()).outcome == Outcome.EXPIRED


def test_less_than_a_euro_is_not_asked(payfip):
    before = len(payfip.calls)
    for wrong in ({"cents": 99}, {"reference": "a-b"}, {"email": "a@b"}):
        with pytest.raises(ValueError):
            created(payfip, **wrong)
    assert len(payfip.calls) == before


def test_a_fault_is_a_refusal_of_theirs(payfip):
    with pytest.raises(Rejected) as refused:
        client(payfip, number="000000").create(
            reference="R1",
            cents=500,
            email="ada@example.org",
            subject="",
            notify_url=NOWHERE,
            return_url=NOWHERE,
        )
    assert refused.value.said == {"code": "A1"}


@pytest.mark.parametrize("mode", ["down", "html", "truncated", "401", "429", "500"])
def test_what_is_no_answer_is_unavailable(payfip, mode):
    one = created(payfip)
    payfip.result(one.idop, "P")
    payfip.trouble(mode)
    with pytest.raises(Unavailable):
        client(payfip).status(one.idop, created_at=clock.now())


def test_slow_is_given_up(payfip):
    payfip.trouble("slow", seconds="5")
    start = time.monotonic()
    with pytest.raises(Unavailable):
        client(payfip, timeout=0.3).status("x", created_at=clock.now())
    assert time.monotonic() - start < 2


def test_an_answer_that_drips_is_given_up_as_a_whole(payfip):
    one = created(payfip)
    payfip.trouble("drip")
    start = time.monotonic()
    with pytest.raises(Unavailable):
        client(payfip, timeout=0.5).status(one.idop, created_at=clock.now())
    assert time.monotonic() - start < 2


def test_who_is_refused_and_who_asks_too_much_are_told_apart(payfip):
    payfip.trouble("429")
    with pytest.raises(Throttled) as slowed:
        client(payfip).status("x", created_at=clock.now())
    assert slowed.value.retry_after == 60
    payfip.trouble("401")
    with pytest.raises(Unauthorized):
        client(payfip).status("x", created_at=clock.now())
