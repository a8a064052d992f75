"""A throw-away house: Préau's commands over a tiny application, so that each start takes a second."""

import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from ops import processes, stand_ins

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
#: Below those that the kernel gives out (32768 and more).
FIRST_PORT, PORTS_EACH = 20_000, 1_000
#: Two stand-ins are enough here: `test_stand_ins` starts them all.
ELSEWHERE = {
    name: "https://elsewhere.example"
    for one in stand_ins.ALL
    if one.name not in {"companies", "grist"}
    for name in one.settings
}


class House:
    def __init__(self, folder):
        self.folder = folder
        self.var = folder / "var"
        self.port = _free_port()
        self.started = []

    def start(self, *, through_make=False, **changes):
        """Start the demo; give it back once it said that it is ready, or ended."""
        run = self.begin(through_make=through_make, **changes)
        assert run.ready.wait(PATIENCE), run.said
        return run

    def begin(self, *, through_make=False, **changes):
        run = Run(
            self,
            changes.get("var", self.var),
            changes.get("port", self.port),
            through_make,
            changes.get("mode", "demo"),
        )
        self.started.append(run)
        return run

    def clean(self):
        for run in self.started:
            if run.process.poll() is None:
                run.process.send_signal(signal.SIGINT)
                run.process.wait(PATIENCE)
            run.reader.join()
            run.process.stdout.close()


class Run:
    def __init__(self, house, var, port, through_make, mode="demo"):
        self.var, self.port, self.lines = Path(var), port, []
        command = [sys.executable, "-m", "ops", "demo", "--port", str(port), "--var", str(var)]
        if through_make:
            command = ["make", "demo", f"PORT={port}", f"VAR={var}"]
        hidden = re.compile("PREAU_|PG|MAKE|MFLAGS|DATABASE_URL|PYTEST")
        env = {name: value for name, value in os.environ.items() if not hidden.match(name)}
        env |= {"PREAU_MODE": mode, **ELSEWHERE}
        self.process = subprocess.Popen(
            command,
            cwd=house.folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.ready = threading.Event()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)
            if "arrête tout" in line:
                self.ready.set()
        self.ready.set()

    @property
    def said(self):
        return "".join(self.lines)

    def wait_until_said(self, words):
        assert processes.wait_until(lambda: words in self.said, PATIENCE, 0.001), self.said

    def ask_to_stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self.end()

    def end(self):
        status = self.process.wait(PATIENCE)
        self.reader.join()
        return status

    def servers(self):
        """PostgreSQL's processes, the postmaster first."""
        data = (self.var / "pg").resolve()
        first = int((data / "postmaster.pid").read_text().split()[0])
        others = processes.working_in(data, "postgres")
        return [first, *(pid for pid in others if pid != first)]

    def children(self):
        return processes.marked(str(self.var.resolve()))

    def web(self):
        """The main process of the web server."""
        return min(self.running("granian"))

    def running(self, word):
        """Processes with this word in their command."""
        words = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in self.children()}
        return [pid for pid, said in words.items() if word in said]

    def is_gone(self):
        data = (self.var / "pg").resolve()
        return processes.wait_until(
            lambda: not self.children() and not processes.working_in(data, "postgres"), PATIENCE
        )

    def get(self, path=""):
        return self._ask(path, "GET")

    def post(self, note):
        return self._ask(note, "POST")

    def _ask(self, path, method):
        assert "arrête tout" in self.said, self.said
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{path}", method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read().decode().split()


def own_ports(worker):
    """Ports that no other process of this run draws, nor the kernel for who asks for any: they
    stay free until their server starts. Another run starts elsewhere among them."""
    number = int(worker.removeprefix("gw") or 0)
    turn = os.getpid() % PORTS_EACH
    return [FIRST_PORT + number * PORTS_EACH + (turn + n) % PORTS_EACH for n in range(PORTS_EACH)]


#: Each port is given again after all the others.
_ports = itertools.cycle(own_ports(os.environ.get("PYTEST_XDIST_WORKER", "")))


def _free_port():
    for port in itertools.islice(_ports, PORTS_EACH):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


@pytest.fixture
def house():
    folder = Path(tempfile.mkdtemp(prefix="preau-"))
    folder.chmod(0o755)
    shutil.copytree(ROOT / "tests" / "ops" / "tiny_app", folder, dirs_exist_ok=True)
    shutil.copytree(ROOT / "ops", folder / "ops")
    shutil.copytree(ROOT / "fakes", folder / "fakes")
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    shutil.copy(ROOT / "Makefile", folder)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    house = House(folder)
    yield house
    house.clean()
    shutil.rmtree(folder)


@pytest.fixture
def writer():
    """Writes notes without a pause, and remembers those that were confirmed."""
    confirmed, stop, threads = [], threading.Event(), []

    def write(run):
        for number in itertools.count():
            if stop.is_set():
                return
            try:
                run.post(f"note-{number}")
            except OSError:  # the server is down: tried again with the next note
                time.sleep(0.01)
            else:
                confirmed.append(f"note-{number}")

    def begin(run):
        threads.append(threading.Thread(target=write, args=[run]))
        threads[-1].start()
        return confirmed

    yield begin
    stop.set()
    for thread in threads:
        thread.join()
