"""TTLock's client against a platform that says its errors with 200, and a lock that is not it."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from preau.integrations.http import Throttled, Unauthorized, Unavailable
from preau.integrations.locks import (
    Busy,
    CodeRefused,
    CodeTaken,
    Full,
    Gone,
    Offline,
    Refused,
    WindowRefused,
)
from preau.integrations.ttlock import Account, Client, Passcode, Session, Token
from tests.integrations.lock_fakes import TROUBLES, running, told

PARIS = ZoneInfo("Europe/Paris")
START = datetime(2026, 11, 28, 18, 5, tzinfo=PARIS)
END = datetime(2026, 11, 28, 23, 30, tzinfo=PARIS)
CODE, NAME = "402517", "PR 9f3a"
ACCOUNT = Account("client", "secret", "mairie", "password")
KNOWN = Token("access-0", "refresh-0", 4e9)
SECRETS = ("402517", "access-0", "refresh-0", "secret", "password", "5f4dcc3b")


@pytest.fixture(scope="module")
def server():
    with running("fakes.ttlock") as doors:
        yield doors


@pytest.fixture
def fake(server):
    server.reset()
    return server


def opened(fake, token=KNOWN, account=ACCOUNT, **more):
    return Client(Session(account, token, url=fake.url, **more))


@pytest.fixture
def client(fake):
    return opened(fake)


def paths(fake):
    return [call[1] for call in fake.calls]


def opens(fake, lock=21):
    return fake.state["doors"].get(str(lock), [])


def test_signing_in_sends_the_md5_of_the_password_only(fake):
    session = Session(ACCOUNT, url=fake.url)
    assert len(Client(session).locks()) == 122
    assert session.token.access == "access-1"
    (sent, *_) = fake.calls
    assert "password=5f4dcc3b5aa765d61d8327deb882cf99" in sent[2]
    assert "password=password" not in sent[2]


def test_a_token_kept_is_used(fake, client):
    client.locks()
    assert "/oauth2/token" not in paths(fake)


@pytest.mark.parametrize("left", [0, 3000])
def test_a_token_near_its_end_is_renewed_by_its_refresh(fake, left):
    session = Session(
        ACCOUNT, Token("access-0", "refresh-0", 1000 + left), url=fake.url, clock=lambda: 1000
    )
    fake.set(skew=1000 - time.time())
    Client(session).locks()
    assert "grant_type=refresh_token" in fake.calls[0][2]
    assert session.token == Token("access-1", "refresh-1", 1000 + 7_776_000)


@pytest.mark.parametrize("tokens", [{"access-0": False}, {}])
def test_a_token_refused_is_renewed_once(fake, client, tokens):
    fake.set(tokens=tokens)
    assert client.online(21)
    assert paths(fake).count("/oauth2/token") == 1


def test_without_refresh_it_signs_in_again(fake, client):
    fake.set(tokens={"access-0": False}, refresh=[])
    assert client.online(21)
    assert ["grant_type" in call[2] for call in fake.calls if call[1] == "/oauth2/token"] == [
        True,
        False,
    ]


def test_a_token_refused_twice_is_a_refusal(fake, client):
    fake.set(errcode=10004)
    with pytest.raises(Unauthorized):
        client.locks()
    assert len(fake.calls) == 3


@pytest.mark.parametrize(
    "account",
    [
        Account("client", "wrong", "mairie", "password"),
        Account("client", "secret", "mairie", "wrong"),
    ],
)
def test_a_wrong_account(fake, account):
    with pytest.raises(Unauthorized) as raised:
        opened(fake, None, account).locks()
    assert "wrong" not in told(raised.value)


def test_locks_over_several_pages_without_their_keys(fake, client):
    locks = client.locks()
    assert len(locks) == 122
    assert (locks[0].id, locks[0].name, locks[0].battery) == (21, "Porte 21", 80)
    assert [lock.has_gateway for lock in locks[:2]] == [True, False]
    assert "must not leave" not in repr(locks)


def test_a_list_that_never_ends_is_not_believed(fake, client, monkeypatch):
    monkeypatch.setattr("preau.integrations.ttlock.PAGE", 1)
    monkeypatch.setattr("preau.integrations.ttlock.MOST_PAGES", 3)
    with pytest.raises(Unavailable):
        client.locks()


def test_online_is_a_gateway_that_is_connected(fake, client):
    assert client.online(21)
    assert not client.online(22)
    fake.set(gateways={"7": {"locks": [21], "isOnline": 0}, "8": {"locks": [], "isOnline": 1}})
    assert not client.online(21)
    with pytest.raises(Gone):
        client.online(999)


def test_a_code_is_written_in_the_lock_and_not_only_in_the_cloud(fake, client):
    pk = client.add(21, NAME, CODE, START, END)
    assert opens(fake) == [CODE]
    (found,) = client.named(21, NAME)
    assert (found.id, found.code) == (pk, CODE)
    assert (found.start, found.end) == (START, END)
    assert client.named(21, "autre") == ()


def test_instants_are_milliseconds(fake, client):
    client.add(21, NAME, CODE, START, END)
    (kept,) = fake.state["codes"]
    assert kept["startDate"] == int(START.timestamp() * 1000) == 1795885500000
    assert kept["endDate"] == int(END.timestamp() * 1000)


def test_a_lost_answer_is_settled_by_looking(fake, client):
    fake.trouble("lost")
    with pytest.raises(Unavailable):
        client.add(21, NAME, CODE, START, END)
    assert len(client.named(21, NAME)) == 1
    with pytest.raises(CodeTaken):
        client.add(21, NAME, CODE, START, END)
    assert opens(fake) == [CODE]


def test_adding_is_never_tried_twice(fake):
    fake.trouble("500", calls=9)
    with pytest.raises(Unavailable):
        opened(fake, tries=3, sleep=lambda _: None).add(21, NAME, CODE, START, END)
    assert len(fake.calls) == 1


def test_a_code_moves_in_the_lock(fake, client):
    pk = client.add(21, NAME, CODE, START, END)
    client.change(21, pk, START, END + timedelta(hours=1))
    (found,) = client.named(21, NAME)
    assert (found.end, found.code) == (END + timedelta(hours=1), CODE)
    client.change(21, pk, START, END, "730194")
    assert opens(fake) == ["730194"]


def test_a_deleted_code_no_longer_opens(fake, client):
    pk = client.add(21, NAME, CODE, START, END)
    client.delete(21, pk)
    assert opens(fake) == []
    assert client.named(21, NAME) == ()
    client.delete(21, pk)


def test_while_the_gateway_is_off_the_code_still_opens_and_it_is_said(fake, client):
    pk = client.add(21, NAME, CODE, START, END)
    fake.set(gateways={"7": {"locks": [21], "isOnline": 0}})
    for act in (
        lambda: client.delete(21, pk),
        lambda: client.change(21, pk, START, END),
        lambda: client.add(21, "b", "730194", START, END),
        lambda: client.add(22, "b", "730194", START, END),
    ):
        with pytest.raises(Offline):
            act()
    assert opens(fake) == [CODE]


def test_a_busy_gateway(fake, client):
    fake.set(busy=True)
    with pytest.raises(Busy):
        client.add(21, NAME, CODE, START, END)


def test_a_full_lock(fake, client):
    fake.set(most=1)
    client.add(21, NAME, CODE, START, END)
    with pytest.raises(Full):
        client.add(21, "b", "730194", START, END)


@pytest.mark.parametrize("code", ["123", "1234567890", "4321", "7777", "40251x"])
def test_digits_that_do_not_suit_are_refused_here(fake, client, code):
    for act in (
        lambda: client.add(21, NAME, code, START, END),
        lambda: client.change(21, 1, START, END, code),
    ):
        with pytest.raises(CodeRefused) as raised:
            act()
        assert code not in told(raised.value)
    assert fake.calls == []


def test_a_code_of_the_cloud_needs_no_gateway(fake, client):
    start, end = START.replace(minute=0), END.replace(hour=23, minute=0)
    drawn = client.draw(22, NAME, start, end)
    assert opens(fake, 22) == [drawn.code]
    assert client.named(22, NAME) == (drawn,)
    assert drawn.code not in repr(drawn)
    with pytest.raises(Offline):
        client.delete(22, drawn.id)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (START, END.replace(minute=0)),
        (START.replace(minute=0), END),
        (START.replace(minute=0), START.replace(minute=0) + timedelta(days=366)),
    ],
)
def test_a_code_of_the_cloud_is_of_whole_hours_and_a_year(fake, client, start, end):
    with pytest.raises(WindowRefused):
        client.draw(22, NAME, start, end)
    assert fake.calls == []


def test_a_code_of_the_cloud_once_deleted_is_never_drawn_again(fake, client):
    start, end = START.replace(minute=0), START.replace(minute=0, hour=20)
    drawn = client.draw(21, NAME, start, end)
    client.delete(21, drawn.id)
    with pytest.raises(Refused):
        client.draw(21, NAME, start, end)


def test_a_code_never_used_on_the_lock_does_not_change(fake, client):
    start, end = START.replace(minute=0), START.replace(minute=0, hour=20)
    drawn = client.draw(21, NAME, start, end)
    with pytest.raises(Refused):
        client.change(21, drawn.id, start, end + timedelta(hours=1))


def test_our_clock_is_off(fake, client):
    fake.set(skew=301)
    with pytest.raises(Unavailable, match="clock"):
        client.locks()
    fake.set(skew=-290)
    assert client.locks()


def test_the_calls_of_a_month_are_over(fake, client):
    fake.set(month=0)
    with pytest.raises(Throttled):
        client.locks()


@pytest.mark.parametrize(
    ("errcode", "error"),
    [
        (1, Unavailable),
        (90000, Unavailable),
        (424242, Unavailable),
        (30006, Throttled),
        (20002, Unauthorized),
        (-2018, Unauthorized),
        (30008, Unauthorized),
        (-3036, Offline),
        (-3035, Offline),
        (-3037, Busy),
        (-2032, CodeRefused),
        (-1003, Gone),
        (-4043, Refused),
    ],
)
def test_errors_come_with_200(fake, client, errcode, error):
    fake.set(errcode=errcode)
    with pytest.raises(error) as raised:
        client.add(21, NAME, CODE, START, END)
    assert type(raised.value) is error
    assert str(errcode) in str(raised.value)
    assert not any(secret in told(raised.value) for secret in SECRETS)


@pytest.mark.parametrize(
    "broken",
    [{"keyboardPwdId": "1"}, {"keyboardPwd": 402517}, {"startDate": "hier"}],
)
def test_a_code_of_another_shape_is_a_failure(fake, client, broken):
    client.add(21, NAME, CODE, START, END)
    fake.set(codes=[fake.state["codes"][0] | broken])
    with pytest.raises(Unavailable):
        client.named(21, NAME)


@pytest.mark.parametrize(("kind", "error"), TROUBLES.items())
def test_every_failure(fake, kind, error):
    for act in (
        lambda one: one.locks(),
        lambda one: one.online(21),
        lambda one: one.add(21, NAME, CODE, START, END),
    ):
        fake.trouble(kind)
        with pytest.raises(error) as raised:
            act(opened(fake, timeout=0.3))
        assert not any(secret in told(raised.value) for secret in SECRETS)


@pytest.mark.parametrize("kind", ["down", "shape", "html", "500"])
def test_a_failure_to_sign_in(fake, kind):
    fake.trouble(kind)
    with pytest.raises(Unavailable) as raised:
        opened(fake, None, timeout=0.3).locks()
    assert not any(secret in told(raised.value) for secret in SECRETS)


def test_another_status_was_said_by_something_else(fake):
    client = Client(Session(ACCOUNT, KNOWN, url=f"{fake.url}/elsewhere"))
    with pytest.raises(Unavailable, match="404"):
        client.locks()


def test_no_token_is_in_an_address(fake, client):
    client.locks()
    client.online(21)
    client.named(21, NAME)
    assert all(method == "POST" and "?" not in path for method, path, _ in fake.calls)


def test_nothing_shows_a_secret(client):
    code = Passcode(1, NAME, START, END, CODE)
    shown = repr(code) + repr(ACCOUNT) + repr(KNOWN) + repr(client)
    assert not any(secret in shown for secret in SECRETS)


@pytest.mark.parametrize(("by_hand", "still_opens"), [("1", True), ("2", False)])
def test_the_fake_tells_the_lock_from_the_cloud(fake, client, by_hand, still_opens):
    pk = client.add(21, NAME, CODE, START, END)
    form = {"clientId": "client", "accessToken": "access-0", "lockId": 21, "keyboardPwdId": pk}
    form |= {"deleteType": by_hand, "date": int(time.time() * 1000)}
    assert httpx.post(f"{fake.url}/v3/keyboardPwd/delete", data=form).json()["errcode"] == 0
    assert client.named(21, NAME) == ()
    assert opens(fake) == [CODE] * still_opens
