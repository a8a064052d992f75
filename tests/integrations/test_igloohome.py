"""igloohome's client against a service that calculates codes, and takes none back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from preau.integrations import igloohome
from preau.integrations.http import Throttled, Unauthorized, Unavailable
from preau.integrations.igloohome import CAPABILITIES, Client, Pin
from preau.integrations.locks import Gone, Refused, WindowRefused
from tests.integrations.lock_fakes import TROUBLES, running, told

PARIS = ZoneInfo("Europe/Paris")
START = datetime(2026, 11, 28, 18, tzinfo=PARIS)
END = datetime(2026, 11, 28, 23, tzinfo=PARIS)
NAME = "PR 9f3a"
SECRETS = ("igloo-secret", "igloo-token", "Basic ")


@pytest.fixture(scope="module")
def server():
    with running("fakes.igloohome") as doors:
        yield doors


@pytest.fixture
def fake(server):
    server.reset()
    return server


def opened(fake, secret="igloo-secret", **more):
    return Client("igloo-id", secret, url=fake.url, auth_url=fake.url, **more)


@pytest.fixture
def client(fake):
    return opened(fake)


def signed_in(fake):
    return [call[1] for call in fake.calls].count("/oauth2/token")


def test_devices_over_several_pages(client):
    found = client.devices()
    assert [(one.id, one.kind) for one in found] == [
        ("IGP1", "Lock"),
        ("IGB4", "Lock"),
        ("EB1X", "Bridge"),
    ]
    assert found[0].name == "Porte IGP1"


def test_a_list_that_never_ends_is_not_believed(fake, client):
    fake.set(stuck=True)
    with pytest.raises(Unavailable):
        client.devices()


def test_a_token_serves_until_it_ends(fake):
    now = [1000.0]
    client = opened(fake, clock=lambda: now[0])
    client.devices()
    client.devices()
    assert signed_in(fake) == 1
    now[0] += 3600 - 61
    client.devices()
    assert signed_in(fake) == 1
    now[0] += 2
    client.devices()
    assert signed_in(fake) == 2


def test_a_token_refused_before_its_end_is_renewed_once(fake, client):
    client.devices()
    fake.set(tokens=[])
    assert client.devices()
    assert signed_in(fake) == 2
    fake.trouble("401", calls=9)
    with pytest.raises(Unauthorized):
        client.devices()


@pytest.mark.parametrize("status", [400, 401])
def test_wrong_credentials(fake, status):
    fake.set(refusal=status)
    with pytest.raises(Unauthorized) as raised:
        opened(fake, "igloo-wrong").devices()
    assert "igloo-wrong" not in told(raised.value)


def test_a_code_for_hours(fake, client):
    pin = client.window("IGP1", NAME, START, END, variance=2)
    assert (pin.start, pin.end, len(pin.code)) == (START, END, 9)
    assert fake.state["given"] == [
        {
            "pinId": pin.id,
            "kind": "hourly",
            "variance": 2,
            "startDate": "2026-11-28T18:00:00+01:00",
            "endDate": "2026-11-28T23:00:00+01:00",
            "accessName": NAME,
        }
    ]


def test_the_same_again_is_the_same_code_and_another_variance_is_another(client):
    codes = [client.window("IGP1", NAME, START, END, variance=n).code for n in (1, 2, 3, 1)]
    assert len(set(codes)) == 3
    assert codes[0] == codes[3]


def test_it_may_be_asked_twice(fake):
    client = opened(fake, tries=2, sleep=lambda _: None)
    client.devices()
    for trouble in ("500", "lost"):
        fake.trouble(trouble)
        assert client.window("IGP1", NAME, START, END, variance=1).code.isdigit()


@pytest.mark.parametrize(
    ("hours", "kind"),
    [(1, "hourly"), (671, "hourly"), (672, "hourly"), (673, "daily"), (366 * 24, "daily")],
)
def test_beyond_four_weeks_a_code_is_of_whole_days(fake, client, hours, kind):
    start = datetime(2026, 3, 10, 18, tzinfo=PARIS)
    window = CAPABILITIES.window(start, (start.astimezone(UTC) + timedelta(hours=hours)))
    client.window("IGP1", NAME, *(at.astimezone(PARIS) for at in window), variance=1)
    assert fake.state["given"][0]["kind"] == kind


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (START.replace(minute=30), END),
        (START, END.replace(minute=30)),
        (START, START + timedelta(days=28, hours=1)),
        (START, START + timedelta(days=368)),
        (END, START),
    ],
)
def test_a_window_not_rounded_is_refused_here(fake, client, start, end):
    with pytest.raises(WindowRefused):
        client.window("IGP1", NAME, start, end, variance=1)
    assert fake.calls == []


@pytest.mark.parametrize("variance", [0, 4])
def test_three_codes_for_a_window(fake, client, variance):
    with pytest.raises(ValueError, match="variance"):
        client.window("IGP1", NAME, START, END, variance=variance)
    assert fake.calls == []


@pytest.mark.parametrize("kind", ["one_time", "permanent"])
def test_codes_without_end_start_on_the_hour(fake, client, kind):
    pin = getattr(client, kind)("IGP1", NAME, START.replace(minute=40), variance=1)
    assert pin.start == START
    assert pin.end is None
    (given,) = fake.state["given"]
    assert given["startDate"] == "2026-11-28T18:00:00+01:00"
    assert given["kind"] == kind.replace("_", "")
    with pytest.raises(ValueError, match="variance"):
        getattr(client, kind)("IGP1", NAME, START, variance=0)


def test_a_refusal_does_not_repeat_what_was_sent(client):
    with pytest.raises(Refused) as raised:
        client.permanent("IGP1", NAME, START, variance=6)
    assert raised.value.status == 400
    assert NAME not in told(raised.value)


def test_an_unknown_device(fake, client):
    with pytest.raises(Gone):
        client.window("autre/part", NAME, START, END, variance=1)
    assert fake.calls[-1][1] == "/devices/autre%2Fpart/algopin/hourly"


def test_nothing_takes_a_code_back():
    assert not CAPABILITIES.revocable
    assert not CAPABILITIES.movable
    assert not [name for name in vars(Client) if "delete" in name or "revoke" in name]
    assert "nothing can be taken back" in " ".join(igloohome.__doc__.split())


@pytest.mark.parametrize(("digits", "is_one"), [(3, False), (4, True), (9, True), (11, False)])
def test_a_code_is_one_that_a_keypad_takes(fake, client, digits, is_one):
    fake.set(digits=digits)
    if is_one:
        assert len(client.window("IGP1", NAME, START, END, variance=1).code) == digits
    else:
        with pytest.raises(Unavailable):
            client.window("IGP1", NAME, START, END, variance=1)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(("kind", "error"), TROUBLES.items())
def test_every_failure(fake, kind, error, signed):
    for act in (Client.devices, lambda it: it.window("IGP1", NAME, START, END, variance=1)):
        client = opened(fake, timeout=0.3)
        if signed:
            client.devices()
        fake.trouble(kind, calls=2 if error is Unauthorized else 1)
        with pytest.raises(error) as raised:
            act(client)
        fake.trouble(kind, calls=0)
        assert not any(secret in told(raised.value) for secret in SECRETS)
        if error is Throttled:
            assert raised.value.retry_after == 7


def test_nothing_shows_a_secret(client):
    client.devices()
    pin = Pin("PIN0", START, END, "402517123")
    shown = repr(pin) + repr(client) + repr(client._service) + repr(client._auth)
    assert "402517123" not in shown
    assert not any(secret in shown for secret in SECRETS)
