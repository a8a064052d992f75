"""Nuki's client against a server as asynchronous, and as talkative, as the real one."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preau.integrations.http import Throttled, Unauthorized, Unavailable
from preau.integrations.locks import Busy, CodeRefused, CodeTaken, Gone, NoKeypad, Refused
from preau.integrations.nuki import EVERY_DAY, Authorisation, Client, State, Window
from tests.integrations.lock_fakes import TROUBLES, running, told

TOKEN, CODE, NAME = "nuki-token", "345678", "PR 9f3a"
PARIS = ZoneInfo("Europe/Paris")
EVENING = Window(
    datetime(2026, 11, 28, 18, tzinfo=PARIS), datetime(2026, 11, 28, 23, 30, tzinfo=PARIS)
)


@pytest.fixture(scope="module")
def server():
    with running("fakes.nuki") as doors:
        yield doors


@pytest.fixture
def fake(server):
    server.reset()
    return server


@pytest.fixture
def client(fake):
    return Client(TOKEN, url=fake.url)


def delivered(fake, client):
    fake.set(deliver=True)
    return client.named(17, NAME)


def queue(fake):
    return fake.state["queue"]


def test_locks_come_with_their_state(fake, client):
    state = fake.state["locks"]
    state[1]["serverState"] = 4
    state[1]["state"] |= {"state": 254, "batteryCritical": True, "keypadBatteryCritical": True}
    state[2]["state"]["state"] = 3
    del state[2]["config"]
    fake.set(locks=state)
    hall, gym, door = client.locks()
    assert (hall.id, hall.name, hall.online, hall.keypad) == (17, "Salle des fêtes", True, True)
    assert (hall.state, hall.battery_low, hall.keypad_battery_low) == (State.LOCKED, False, False)
    assert (gym.online, gym.state, gym.battery_low) == (False, State.JAMMED, True)
    assert gym.keypad_battery_low
    assert (door.state, door.keypad) == (State.UNKNOWN, None)


def test_a_state_not_known_is_said_so(fake, client):
    locks = fake.state["locks"]
    locks[0]["state"]["state"] = 99
    fake.set(locks=locks)
    assert client.locks()[0].state is State.UNKNOWN


def test_a_code_is_asked_for_then_found_by_its_name(fake, client):
    client.create(17, NAME, CODE, EVENING)
    assert client.named(17, NAME) == ()
    (found,) = delivered(fake, client)
    assert found.holds(CODE, EVENING)
    assert found.window == EVENING
    assert not found.holds("456789", EVENING)
    assert not found.holds(CODE, Window(EVENING.start, EVENING.end, frozenset({5})))


def test_what_is_sent(fake, client):
    client.create(17, NAME, CODE, Window(EVENING.start, EVENING.end, frozenset({0, 6}), (480, 840)))
    (job,) = queue(fake)
    assert job["body"] == {
        "name": NAME,
        "type": 13,
        "code": 345678,
        "smartlockIds": [17],
        "allowedFromDate": "2026-11-28T17:00:00.000Z",
        "allowedUntilDate": "2026-11-28T22:30:00.000Z",
        "allowedWeekDays": 65,
        "allowedFromTime": 480,
        "allowedUntilTime": 840,
    }
    fake.set(deliver=True)
    assert client.named(17, NAME)[0].window.minutes == (480, 840)


def test_week_days_go_with_dates_or_they_are_not_held_to(fake, client):
    client.create(17, NAME, CODE, EVENING)
    assert queue(fake)[0]["body"]["allowedWeekDays"] == 127
    delivered(fake, client)
    auths = fake.state["auths"]
    auths[0]["allowedWeekDays"] = 0
    fake.set(auths=auths)
    (found,) = client.named(17, NAME)
    assert found.window is None
    assert not found.holds(CODE, EVENING)


def test_a_lock_offline_never_receives_it_though_the_service_said_yes(fake, client):
    locks = fake.state["locks"]
    locks[0]["serverState"] = 4
    fake.set(locks=locks)
    client.create(17, NAME, CODE, EVENING)
    assert delivered(fake, client) == ()


def test_a_full_lock_does_not_take_it_and_nobody_says_so(fake, client):
    fake.set(most=0)
    client.create(17, NAME, CODE, EVENING)
    assert delivered(fake, client) == ()


def test_a_lost_answer_is_settled_by_looking(fake, client):
    fake.trouble("lost")
    with pytest.raises(Unavailable):
        client.create(17, NAME, CODE, EVENING)
    assert delivered(fake, client)[0].holds(CODE, EVENING)
    assert [call[0] for call in fake.calls].count("PUT") == 1


def test_creating_is_never_tried_twice(fake):
    fake.trouble("500", calls=5)
    with pytest.raises(Unavailable):
        Client(TOKEN, url=fake.url, tries=3, sleep=lambda _: None).create(17, NAME, CODE, EVENING)
    assert len(fake.calls) == 1


def test_reading_is_tried_again_after_the_time_asked(fake):
    slept = []
    fake.trouble("429")
    client = Client(TOKEN, url=fake.url, tries=2, sleep=slept.append)
    assert len(client.locks()) == 3
    assert 7 <= slept[0] < 8


def test_two_codes_of_a_name_are_both_told(fake, client):
    for _ in range(2):
        client.create(17, NAME, CODE, EVENING)
    assert len(delivered(fake, client)) == 2


def test_a_code_moves_once_its_operation_ended(fake, client):
    client.create(17, NAME, CODE, EVENING)
    (found,) = delivered(fake, client)
    later = Window(EVENING.start, EVENING.end + timedelta(hours=1))
    client.update(17, found.id, NAME, CODE, later)
    (moving,) = client.named(17, NAME)
    assert moving.pending
    assert not moving.holds(CODE, EVENING)
    with pytest.raises(Busy):
        client.update(17, found.id, NAME, "456789", later)
    with pytest.raises(Busy):
        client.delete(17, found.id)
    assert delivered(fake, client)[0].holds(CODE, later)


def test_a_change_the_lock_never_heard_of_has_failed(fake, client):
    client.create(17, NAME, CODE, EVENING)
    (found,) = delivered(fake, client)
    locks = fake.state["locks"]
    locks[0]["serverState"] = 4
    fake.set(locks=locks)
    client.update(17, found.id, NAME, CODE, EVENING)
    (found,) = delivered(fake, client)
    assert found.failed
    assert not found.holds(CODE, EVENING)


def test_a_deleted_code_is_gone_only_when_the_lock_said_so(fake, client):
    client.create(17, NAME, CODE, EVENING)
    (found,) = delivered(fake, client)
    client.delete(17, found.id)
    assert client.named(17, NAME)[0].pending
    assert delivered(fake, client) == ()
    client.delete(17, found.id)


def test_a_disabled_code_does_not_hold(fake, client):
    client.create(17, NAME, CODE, EVENING)
    delivered(fake, client)
    auths = fake.state["auths"]
    auths[0]["enabled"] = False
    fake.set(auths=auths)
    assert not client.named(17, NAME)[0].holds(CODE, EVENING)


def test_codes_of_others_may_be_of_any_shape(fake, client):
    strange = {"smartlockId": 17, "type": 13, "name": "Ménage", "allowedFromDate": "hier"}
    fake.set(auths=[strange, {"smartlockId": 17, "type": 0, "name": NAME}])
    assert client.named(17, NAME) == ()


@pytest.mark.parametrize("broken", [{"allowedFromDate": "hier"}, {"code": "345678"}, {"id": None}])
def test_ours_of_another_shape_is_a_failure(fake, client, broken):
    client.create(17, NAME, CODE, EVENING)
    delivered(fake, client)
    fake.set(auths=[fake.state["auths"][0] | broken])
    with pytest.raises(Unavailable):
        client.named(17, NAME)


@pytest.mark.parametrize("code", ["045678", "123456", "34567", "3456789", "34567x"])
def test_digits_that_do_not_suit_are_refused_here(fake, client, code):
    with pytest.raises(CodeRefused) as raised:
        client.create(17, NAME, code, EVENING)
    assert fake.calls == []
    assert code not in told(raised.value)


@pytest.mark.parametrize("name", ["", "a" * 21])
def test_a_name_has_a_length(fake, client, name):
    with pytest.raises(ValueError, match="20"):
        client.create(17, name, CODE, EVENING)
    assert fake.calls == []


def test_a_code_taken_is_said_without_repeating_it(fake, client):
    client.create(17, "Autre", CODE, EVENING)
    with pytest.raises(CodeTaken) as raised:
        client.create(17, NAME, CODE, EVENING)
    assert CODE not in told(raised.value)


def test_the_service_quotes_what_it_refuses_and_we_do_not(fake, client, monkeypatch):
    monkeypatch.setattr("preau.integrations.nuki.Capabilities.accepts", lambda *_: True)
    with pytest.raises(CodeRefused) as raised:
        client.create(17, NAME, "120000", EVENING)
    assert "120000" not in told(raised.value)


def test_no_keypad(client):
    with pytest.raises(NoKeypad) as raised:
        client.create(19, NAME, CODE, EVENING)
    assert raised.value.status == 422


def test_another_refusal_is_one(fake, client, monkeypatch):
    monkeypatch.setattr("preau.integrations.nuki.LONGEST_NAME", 99)
    with pytest.raises(Refused) as raised:
        client.create(17, "a" * 21, CODE, EVENING)
    assert type(raised.value) is Refused
    assert raised.value.status == 422


def test_a_lock_that_is_gone(client):
    with pytest.raises(Gone):
        client.named(99, NAME)
    with pytest.raises(Gone):
        client.update(17, "ffff", NAME, CODE, EVENING)


def test_a_wrong_token(fake):
    with pytest.raises(Unauthorized) as raised:
        Client("nuki-wrong", url=fake.url).locks()
    assert "nuki-wrong" not in told(raised.value)


@pytest.mark.parametrize(("kind", "error"), TROUBLES.items())
def test_every_failure(fake, kind, error):
    fake.trouble(kind)
    with pytest.raises(error) as raised:
        Client(TOKEN, url=fake.url, timeout=0.3).locks()
    assert TOKEN not in told(raised.value)
    if error is Throttled:
        assert raised.value.retry_after == 7


def test_nobody_there():
    with pytest.raises(Unavailable):
        Client(TOKEN, url="http://127.0.0.1:9", timeout=0.3).locks()


def test_nothing_shows_a_code_or_a_token(client):
    window = Window(EVENING.start, EVENING.end)
    one = Authorisation("a", NAME, True, window, False, False, code=CODE)
    assert CODE not in repr(one)
    assert TOKEN not in repr(client) + repr(vars(client))


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": EVENING.end},
        {"weekdays": frozenset()},
        {"weekdays": frozenset({7})},
        {"minutes": (600, 600)},
        {"minutes": (0, 1440)},
    ],
)
def test_a_window_makes_sense(wrong):
    with pytest.raises(ValueError):
        Window(**{"start": EVENING.start, "end": EVENING.end, **wrong})


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),
    length=st.timedeltas(timedelta(milliseconds=2), timedelta(days=400)),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    zone=st.sampled_from([PARIS, UTC, timezone(timedelta(hours=-9, minutes=-30))]),
)
def test_a_window_comes_back_as_it_went(start, length, days, zone):
    from preau.integrations.nuki import _body, _window

    at = start.replace(tzinfo=zone)
    window = Window(at, at.astimezone(UTC) + length, days)
    assert _window(_body(NAME, CODE, window)) == window
    assert days <= EVERY_DAY
