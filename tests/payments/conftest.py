"""PayFiP, as a server of its own."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class FakePayFiP:
    """Its address, and the strings that make it fail."""

    def __init__(self, url):
        self.url = url

    def _told(self, path, **said):
        request = urllib.request.Request(
            f"{self.url}/fake/{path}", data=json.dumps(said).encode(), method="POST"
        )
        urllib.request.urlopen(request).close()

    def trouble(self, mode="", **said):
        self._told("trouble", mode=mode, **said)

    def result(self, idop, result, **said):
        self._told("result", idop=idop, result=result, **said)

    def forget(self):
        self._told("forget")

    @property
    def calls(self):
        with urllib.request.urlopen(f"{self.url}/fake/calls") as answer:
            return json.load(answer)


@pytest.fixture(scope="session")
def payfip_process():
    process = subprocess.Popen(
        [sys.executable, "-m", "fakes.payfip", "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield FakePayFiP(f"http://127.0.0.1:{process.stdout.readline().strip()}")
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def payfip(payfip_process, settings):
    settings.PAYFIP_URL = payfip_process.url
    payfip_process.trouble()
    yield payfip_process
    payfip_process.trouble()
