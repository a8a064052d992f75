"""What every client leans on, against a server that does each thing a server can do wrong."""

import logging
import socket
import threading
import time
from email.utils import formatdate

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preau.integrations import http
from preau.integrations.http import (
    Rejected,
    Service,
    Throttled,
    Unauthorized,
    Unavailable,
    json_bytes,
)
from tests.integrations.misbehaving import running

KEY = "a-very-secret-key"


@pytest.fixture(scope="session")
def url():
    with running("fake_http") as address:
        yield address


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def service(url, pauses):
    return Service(url, {"Authorization": f"Bearer {KEY}"}, 5, tries=3, sleep=pauses.append)


def asked(service, path):
    return Service(service.url).get(f"/_calls{path}").json()


def test_addresses_are_never_logged_whatever_the_level_asked():
    """Those of calendars and of dossiers hold secrets, and the library tells them at INFO."""
    for name in ("httpx", "httpcore"):
        assert logging.getLogger(name).level == logging.WARNING


# --- What is sent, and what comes back ---


def test_what_is_sent_arrives(service):
    said = service.send(
        "POST",
        "/echo",
        params={"a": ["1", "2"], "b": "é&"},
        content=json_bytes({"nom": "Établi"}),
        headers={"Content-Type": "application/json"},
    ).json()
    assert said["query"] == [["a", "1"], ["a", "2"], ["b", "é&"]]
    assert said["body"] == '{"nom":"Établi"}'
    assert said["headers"]["content-type"] == "application/json"
    assert said["headers"]["authorization"] == f"Bearer {KEY}"


def test_inside_with_the_connection_is_kept_and_outside_it_is_not(service):
    with service:
        inside = {service.get("/echo").json()["connection"] for _ in range(3)}
    outside = {service.get("/echo").json()["connection"] for _ in range(3)}
    assert (len(inside), len(outside)) == (1, 3)


def test_a_connection_that_was_lost_is_made_again(url):
    service = Service(url, timeout=0.3)
    with service:
        first = service.get("/echo").json()["connection"]
        with pytest.raises(Unavailable):
            service.get("/letters")
        service.timeout = 5
        assert service.get("/echo").json()["connection"] != first


@pytest.mark.parametrize("path", ["/lie/problem", "/packed/good", "/echo"])
def test_json_is_read_under_each_of_its_names_and_packed(service, path):
    assert service.get(path).json()


# --- Answers that are none ---


@pytest.mark.parametrize("path", ["/lie/html", "/lie/text", "/lie/none"])
def test_json_that_says_it_is_something_else_is_not_read(service, path):
    answer = service.get(path)
    with pytest.raises(Unavailable, match="not JSON"):
        answer.json()


@pytest.mark.parametrize("what", ["half", "empty", "page", "nan", "deep", "latin"])
def test_something_else_that_says_it_is_json_is_not_read(service, what):
    answer = service.get(f"/json/{what}")
    with pytest.raises(Unavailable, match="not JSON"):
        answer.json()


@pytest.mark.parametrize("path", ["/cut", "/nothing", "/garbage", "/packed/bad"])
def test_a_broken_exchange_is_unavailable(url, path):
    with pytest.raises(Unavailable):
        Service(url).get(path)


@pytest.mark.parametrize("path", ["/huge", "/bomb"])
def test_an_endless_answer_is_left(url, path):
    with pytest.raises(Unavailable, match="too long"):
        Service(url, timeout=20).get(path)


@pytest.mark.parametrize("path", ["/slow", "/letters", "/whole", "/headers"])
@pytest.mark.parametrize("kept", [False, True])
def test_a_slow_answer_is_left_when_its_time_is_over(url, path, kept):
    service = Service(url, timeout=0.3)
    if kept:
        service.__enter__()
        service.get("/echo")
    began = time.monotonic()
    with pytest.raises(Unavailable):
        service.get(path)
    assert time.monotonic() - began < 1.2
    if kept:
        service.__exit__(None, None, None)


def test_nobody_is_left_waiting_behind(url):
    before = threading.active_count()
    for _ in range(3):
        Service(url, timeout=60).get("/echo")
    assert threading.active_count() == before


def test_a_server_that_does_not_take_the_call(url):
    with pytest.raises(Unavailable, match="ConnectError"):
        Service("http://127.0.0.1:9").get("/")


def test_a_server_that_takes_the_call_and_says_nothing():
    with socket.create_server(("127.0.0.1", 0)) as server:
        silent = Service(f"http://127.0.0.1:{server.getsockname()[1]}", timeout=0.2)
        with pytest.raises(Unavailable):
            silent.get("/")


@pytest.mark.parametrize(
    "address", ["", "nonsense", "http://[::", "ftp://example.fr", f"http://{'a' * 70}.invalid"]
)
def test_a_wrong_address_is_unavailable(address):
    with pytest.raises(Unavailable):
        Service(address, timeout=0.5).get("/")


# --- Refusals ---


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_said_at_once(service, pauses, status):
    path = f"/status/{status}"
    before = asked(service, path)
    with pytest.raises(Unauthorized):
        service.get(path)
    assert (asked(service, path) - before, pauses) == (1, [])


@pytest.mark.parametrize("status", [400, 404, 409, 410, 422])
def test_a_no_is_said_at_once(service, pauses, status):
    path = f"/status/{status}"
    before = asked(service, path)
    with pytest.raises(Rejected) as raised:
        service.get(path)
    assert (raised.value.status, raised.value.said) == (status, {"detail": "secret@example.fr"})
    assert (asked(service, path) - before, pauses) == (1, [])
    assert "secret" not in f"{raised.value} {raised.value!r}"


def test_a_no_in_another_form_is_a_no(service):
    with pytest.raises(Rejected) as raised:
        service.get("/plain/404")
    assert (raised.value.status, raised.value.said) == (404, None)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_failure_is_tried_again_when_it_may(service, pauses, status):
    path = f"/status/{status}"
    before = asked(service, path)
    with pytest.raises(Unavailable) as raised:
        service.get(path)
    assert asked(service, path) - before == 3
    assert isinstance(raised.value, Throttled) is (status == 429)
    assert 0.5 <= pauses[0] <= 0.75 and 1.0 <= pauses[1] <= 1.5


def test_a_failure_that_passes_is_not_seen(service, pauses):
    assert service.get("/later/2").json() == {"asked": 3}
    assert len(pauses) == 2


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_may_not_be_repeated_is_sent_once(service, pauses, method):
    before = asked(service, "/status/503")
    with pytest.raises(Unavailable):
        service.send(method, "/status/503", content=b"{}")
    assert (asked(service, "/status/503") - before, pauses) == (1, [])


def test_what_is_said_to_be_repeatable_is_repeated(service):
    before = asked(service, "/status/500")
    with pytest.raises(Unavailable):
        service.send("PUT", "/status/500", content=b"{}", again=True)
    assert asked(service, "/status/500") - before == 3


def test_one_try_on_a_click(url, pauses):
    with pytest.raises(Unavailable):
        Service(url, sleep=pauses.append).get("/status/500")
    assert pauses == []


def test_a_redirect_is_not_followed(service):
    before = asked(service, "/echo")
    with pytest.raises(Unavailable, match="302"):
        service.get("/redirect")
    assert asked(service, "/echo") == before


# --- Retry-After ---


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_it_waits_as_long_as_it_was_asked_to(service, pauses, status):
    with pytest.raises(Unavailable) as raised:
        service.get(f"/wait/{status}/7")
    assert raised.value.retry_after == 7
    assert len(pauses) == 2 and all(7 <= pause <= 7.5 for pause in pauses)


def test_a_date_is_read_too(service, pauses):
    with pytest.raises(Unavailable) as raised:
        service.get("/until/10")
    assert 8 <= raised.value.retry_after <= 10
    assert len(pauses) == 2 and all(8 <= pause <= 11 for pause in pauses)


def test_a_date_gone_by_is_now(service):
    with pytest.raises(Unavailable) as raised:
        service.get("/until/-3600")
    assert raised.value.retry_after == 0


def test_too_long_a_wait_is_for_the_caller(service, pauses):
    before = asked(service, "/wait/429/3600")
    with pytest.raises(Throttled) as raised:
        service.get("/wait/429/3600")
    assert (raised.value.retry_after, pauses) == (3600, [])
    assert asked(service, "/wait/429/3600") - before == 1


@pytest.mark.parametrize(
    "said", ["", "soon", "-5", "1.5", "٣", "Wed, 21 Oct 99999999999 07:28:00 GMT"]
)
def test_a_wait_that_is_none_is_not_guessed(said):
    assert http._seconds(httpx.Headers({"Retry-After": said.encode()})) is None


@settings(suppress_health_check=[HealthCheck.too_slow])  # a loaded machine is no fault
@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=255))
    | st.from_regex(
        r"[A-Z][a-z]{2}, \d{1,12} [A-Z][a-z]{2} \d{1,30} \d+:\d+:\d+ ([+-]\d{1,20}|GMT)",
        fullmatch=True,
    )
)
def test_no_header_breaks_it(said):
    wait = http._seconds(httpx.Headers({"Retry-After": said.encode()}))
    assert wait is None or wait >= 0


@given(st.integers(min_value=-100_000, max_value=100_000))
def test_a_date_is_the_seconds_to_it(seconds):
    at = formatdate(time.time() + seconds, usegmt=True)
    wait = http._seconds(httpx.Headers({"Retry-After": at}))
    assert abs(wait - max(0, seconds)) <= 2


# --- Nothing leaks ---


@pytest.mark.parametrize("key", [KEY, f"{KEY}\nX-Other: 1", f"{KEY}é"])
def test_a_key_is_in_no_error_and_no_description(url, key):
    service = Service(url, {"Authorization": f"Bearer {key}"}, tries=1)
    seen = repr(service)
    for path in ("/status/401", "/status/500", "/nothing"):
        with pytest.raises(Unavailable) as raised:
            service.get(path, {"q": "personne@example.fr"})
        seen += f"{raised.value} {raised.value!r}"
    assert KEY not in seen and "personne" not in seen
