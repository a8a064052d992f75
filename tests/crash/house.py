"""The real processes behind `make demo`, on a small database; killing them, starting them again."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

from ops import demo, postgres, processes
from ops.bootstrap import ROOT
from ops.stamps import Stamps
from tests.ops.conftest import Run, _free_port

#: Seconds. PostgreSQL mends the loss of one of its processes: then the command may go on.
END_IS_SEEN = 12


class House:
    """A data folder, a port, and the command that serves them."""

    def __init__(self):
        self.var = Path(tempfile.mkdtemp(prefix="preau-crash-"))
        self.var.chmod(0o755)  # PostgreSQL's user goes through it
        self.folder, self.port = ROOT, _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.server = postgres.server(self.var)
        hidden = re.compile("PREAU_|PG|DATABASE_URL|PYTEST|DJANGO")
        self.env = {name: value for name, value in os.environ.items() if not hidden.match(name)}
        self.env |= {
            "PREAU_MODE": "demo",
            "PREAU_VAR": str(self.var),
            "DATABASE_URL": self.server.url,
        }

    def prepare(self, **wish):
        """The database as the demonstration finds it on its second start, but small."""
        child = self.server.start()
        try:
            migrate = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
            subprocess.run(migrate, env=self.env, cwd=ROOT, check=True)
            seeded = self.inside("seed", wish)
            stamps = Stamps(self.server.data)
            for step in (*demo.STEPS, "demo_accounts"):
                stamps.record(step)
        finally:
            postgres.stop(child)
        return seeded

    def inside(self, verb, wish=None):
        """Ask something of the application, on the same database."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.crash.inside", verb],
            input=json.dumps(wish),
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    def start(self):
        run = Run(self, self.var, self.port, through_make=False)
        assert run.ready.wait(90), run.said
        assert "arrête tout" in run.said, run.said
        return run

    def remove(self):
        shutil.rmtree(self.var.resolve())


def _parent(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _commands(run):
    """The commands of the web server and of the worker, by process."""
    found = {}
    for pid in run.children():
        try:
            found[pid] = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # ended meanwhile
            continue
    return found


def _task_worker(run, _rng):
    return [next(pid for pid, words in _commands(run).items() if "procrastinate" in words)]


def _web_worker(run, rng):
    web = run.web()
    commands = _commands(run).items()
    children = [pid for pid, words in commands if "resource_tracker" not in words]
    return [rng.choice([pid for pid in children if _parent(pid) == web])]


def _backend(run, rng):
    return [rng.choice(run.servers()[1:])]


def _victims(kind, run, rng):
    """Nobody while what is to be killed is not there: a stop has begun."""
    try:
        return TARGETS[kind](run, rng)
    except (OSError, ValueError, LookupError, StopIteration):
        return []


#: What is killed, by name.
TARGETS = {
    "web worker": _web_worker,
    "web server": lambda run, _rng: [run.web()],
    "task worker": _task_worker,
    "database": lambda run, _rng: run.servers()[:1],
    "one of the database's processes": _backend,
    "supervisor": lambda run, _rng: [run.process.pid],
    "everything": lambda run, _rng: [run.process.pid, *run.servers(), *run.children()],
}


class Fate(threading.Thread):
    """Kills when its hour has come; whenever the command has ended, starts it again as one would.

    Args:
        progress: gives how much has been done; a kill is due when it reaches its hour.
        hours: for each kill its hour and its kind.
    """

    def __init__(self, house, progress, hours, seed):
        super().__init__(name="fate")
        self.house, self.progress, self.hours = house, progress, list(hours)
        self.rng = random.Random(seed)
        self.kills, self.starts, self.failure = Counter(), 0, None
        self._over = threading.Event()
        self.runs = [house.start()]

    def run(self):
        try:
            while not self._over.wait(0.02):
                self._watch()
        except BaseException as failure:
            self.failure = failure

    def _watch(self):
        run = self.runs[-1]
        if run.process.poll() is not None:
            run.end()
            self.runs.append(self.house.start())
            self.starts += 1
        elif self.hours and self.progress() >= self.hours[0][0]:
            self._over.wait(self.rng.random() / 10)
            self._kill(run)

    def _kill(self, run):
        kind = self.hours[0][1]
        if victims := _victims(kind, run, self.rng):
            for pid in victims:
                processes.send(pid, signal.SIGKILL)
            self.hours.pop(0)
            self.kills[kind] += 1
            processes.wait_until(lambda: run.process.poll() is not None, END_IS_SEEN, 0.02)

    def stop(self):
        """Stop as one would, with Ctrl-C; what went wrong on the way is raised here."""
        self._over.set()
        self.join()
        run = self.runs[-1]
        if run.process.poll() is None:
            run.ask_to_stop()
        for one in self.runs:
            one.reader.join()
            one.process.stdout.close()
        if self.failure:
            raise self.failure
