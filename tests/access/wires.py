"""A real broker with a door behind it, as processes of their own."""

import json
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.conf import settings

from fakes import mqtt_broker

USERS = [
    ("mairie", "secret", "zigbee2mqtt"),
    ("porte", "d", "zigbee2mqtt"),
    ("autre", "o", "autre"),
]


@dataclass
class Keypad:
    """The simulated door, as somebody stands in front of it."""

    port: int
    url: str

    def press(self, code):
        return self._post("/press", {"code": code})["open"]

    def set(self, **said):
        return self._post("/_set", said)

    @property
    def codes(self):
        return self._post("/_state", {})["codes"]

    def reset(self):
        self._post("/_clear", {})
        self.set(online=True, deaf=False, battery=87)

    def _post(self, path, said):
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data=json.dumps(said).encode(), method="POST"
        )
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return json.loads(answer.read())


@contextmanager
def standing(folder):
    """A keypad, and the broker between it and us."""
    if mqtt_broker.program() is None:
        pytest.fail("These tests need Debian's mosquitto: apt-get install mosquitto")
    process, port = mqtt_broker.start(folder, USERS)
    words = ["--broker", f"127.0.0.1:{port}", "--user", "porte", "--password", "d"]
    door = subprocess.Popen(
        [sys.executable, "-m", "fakes.mqtt_lock", *words],
        stdout=subprocess.PIPE,
        text=True,
        cwd=settings.BASE_DIR,
    )
    try:
        yield Keypad(int(door.stdout.readline()), f"mqtt://127.0.0.1:{port}")
    finally:
        for one in (door, process):
            one.kill()
            one.wait()
        door.stdout.close()
