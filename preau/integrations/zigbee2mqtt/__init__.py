"""Codes of Zigbee locks behind Zigbee2MQTT, over an MQTT broker: https://www.zigbee2mqtt.io

Read in « MQTT Topics and Messages » and in the pages of locks with a keypad: a device publishes on
`zigbee2mqtt/NAME`, is written to on `zigbee2mqtt/NAME/set` and asked on `zigbee2mqtt/NAME/get`;
`{"pin_code": {"user": 7, "user_type": "unrestricted", "user_enabled": true, "pin_code": "1234"}}`
sets the code of one user, `"pin_code": null` clears it; the lock then says `{"action":
"pin_code_added", "action_user": 7}`, or `pin_code_deleted`; `battery` is in per cent.
A lock knows no date: whoever gives a code takes it back.

Not verified, for want of a lock: that each model acknowledges so (those that do not are told apart
by `users` in the state, which is understood as well); that what is asked of a device is done in the
order of asking.
"""

from __future__ import annotations

import json
import queue
import secrets
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from preau.integrations.http import TIMEOUT_SECONDS, Unauthorized, Unavailable
from preau.integrations.locks import Capabilities, Offline

CAPABILITIES = Capabilities(
    digits_min=4,
    digits_max=8,
    takes_our_code=True,
    step=timedelta(minutes=1),
    longest=None,
    revocable=True,
    movable=True,
    needs_online=True,
    codes=None,
    refuses_runs=True,
)
#: Answers of brokers to who may not: 3.1.1's and 5's.
_REFUSALS = {"Not authorized", "Bad user name or password", "Banned"}
#: Never in a topic: wildcards, levels, controls.
_NOT_IN_A_NAME = frozenset("+#\x00")


@dataclass(frozen=True, slots=True)
class State:
    """What the lock last said of itself; None for what it did not say."""

    locked: bool | None
    battery: int | None


@dataclass(frozen=True, slots=True)
class Broker:
    """Where, and as whom.

    Attributes:
        url: `mqtt://host:1883` or `mqtts://host:8883`.
        base: first level of the topics, as the gateway was told.
        timeout: seconds for the broker to let us in; and again for the lock to answer.
    """

    url: str
    username: str = field(repr=False)
    password: str = field(repr=False)
    base: str = "zigbee2mqtt"
    timeout: float = TIMEOUT_SECONDS

    def set_code(self, name: str, user: int, code: str) -> None:
        """Give a user of the lock this code; the same again changes nothing.

        Raises:
            Offline: the lock did not acknowledge in time: it may have it, or get it later.
            Unavailable: the broker; Unauthorized: it refuses us.
        """
        said = {"user": user, "user_type": "unrestricted", "user_enabled": True, "pin_code": code}
        self._write(name, user, {"pin_code": said}, "pin_code_added", enabled=True)

    def clear_code(self, name: str, user: int) -> None:
        """Take a user's code back; one without a code counts as done.

        Raises:
            Offline: it may still open; Unavailable; Unauthorized.
        """
        said = {"user": user, "pin_code": None}
        self._write(name, user, {"pin_code": said}, "pin_code_deleted", enabled=False)

    def state(self, name: str) -> State:
        """Ask the lock how it is.

        Raises:
            Offline; Unavailable; Unauthorized.
        """
        with self._line(name) as line:
            line.publish("get", {"state": "", "battery": ""})
            said = line.first(lambda one: "state" in one or "lock_state" in one)
        battery = said.get("battery")
        return State(
            locked={"LOCK": True, "UNLOCK": False}.get(said.get("state", "")),
            battery=int(battery) if isinstance(battery, int | float) else None,
        )

    def _write(
        self, name: str, user: int, body: dict[str, Any], action: str, *, enabled: bool
    ) -> None:
        def acknowledges(said: dict[str, Any]) -> bool:
            if said.get("action") == action:
                return said.get("action_user") == user
            users = said.get("users")
            one = users.get(str(user)) if isinstance(users, dict) else None
            return isinstance(one, dict) and (one.get("status") == "enabled") == enabled

        with self._line(name) as line:
            line.publish("set", body)
            line.first(acknowledges)

    @contextmanager
    def _line(self, name: str) -> Iterator[_Line]:
        if not name or "/" in name or _NOT_IN_A_NAME & set(name + self.base):
            raise ValueError("a name is one level of a topic")
        line = _Line(self, f"{self.base}/{name}")
        try:
            line.open()
            yield line
        finally:
            line.close()


class _Line:
    """One short connection to the broker, listening to one lock."""

    def __init__(self, broker: Broker, topic: str) -> None:
        self._broker, self._topic = broker, topic
        self._heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self._steps: queue.Queue[tuple[str, str]] = queue.Queue()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"preau-{secrets.token_hex(6)}",
            protocol=mqtt.MQTTv5,
            reconnect_on_failure=False,
        )
        self._client.username_pw_set(broker.username, broker.password)
        self._client.connect_timeout = broker.timeout
        self._client.on_connect = lambda _c, _u, _f, code, _p: self._step("connect", code)
        self._client.on_connect_fail = lambda _c, _u: self._steps.put(("connect", "no answer"))
        self._client.on_subscribe = lambda _c, _u, _m, codes, _p: self._step("hear", codes[0])
        self._client.on_publish = lambda _c, _u, _m, code, _p: self._step("publish", code)
        self._client.on_message = lambda _c, _u, message: self._hear(message)

    def open(self) -> None:
        parts = urlsplit(self._broker.url)
        secure = parts.scheme == "mqtts"
        if secure:
            self._client.tls_set_context(ssl.create_default_context())
        try:
            self._client.connect(parts.hostname or "", parts.port or (8883 if secure else 1883))
        except (OSError, ValueError) as error:
            raise Unavailable(type(error).__name__) from None
        self._client.loop_start()
        self._await("connect")
        self._client.subscribe(self._topic, qos=1)
        self._await("hear")

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, verb: str, said: dict[str, Any]) -> None:
        self._client.publish(f"{self._topic}/{verb}", json.dumps(said), qos=1)
        self._await("publish")

    def first(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first message of the lock that is what we wait for.

        Raises:
            Offline: none in time.
        """
        end = time.monotonic() + self._broker.timeout
        while (left := end - time.monotonic()) > 0:
            try:
                said = self._heard.get(timeout=left)
            except queue.Empty:
                break
            if wanted(said):
                return said
        raise Offline("the lock does not answer")

    def _step(self, name: str, code: ReasonCode) -> None:
        self._steps.put((name, str(code) if code.is_failure else ""))

    def _await(self, step: str) -> None:
        end = time.monotonic() + self._broker.timeout
        while (left := end - time.monotonic()) > 0:
            try:
                name, trouble = self._steps.get(timeout=left)
            except queue.Empty:
                break
            if trouble:
                kind = Unauthorized if trouble in _REFUSALS else Unavailable
                raise kind(f"the broker says: {trouble}"[:100])
            if name == step:
                return
        raise Unavailable("the broker does not answer")

    def _hear(self, message: mqtt.MQTTMessage) -> None:
        """What was kept from before is no answer; what is not understood is no answer either."""
        if message.retain:
            return
        try:
            said = json.loads(message.payload)
        except (ValueError, RecursionError):
            return
        if isinstance(said, dict):
            self._heard.put(said)
