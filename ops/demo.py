"""`make demo`: the whole of Préau with its demonstration, in one command, until Ctrl-C."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from ops import bootstrap, postgres, processes, stand_ins
from ops.bootstrap import ROOT
from ops.console import CannotGoOn, say, step, tail
from ops.stamps import Stamps

LARGEST_LOG = 5_000_000
STEPS = {
    "migrate": "Database schema",
    "load_territories": "Communes, départements, regions",
    "load_models": "Models of agreement",
    "load_resources": "Library of resources",
    "load_programmes": "Programmes and their questions",
    "load_demo": "Demonstration",
}
_OPTIONS = {
    "migrate": ["--no-input", "--verbosity", "0"],
    "collectstatic": ["--no-input", "--verbosity", "0"],
}


def run(var: Path, port: int) -> int:
    """Start everything, wait, stop everything; the exit status."""
    began = time.monotonic()
    processes.stop_when_asked()
    with ExitStack() as later:
        try:
            demo = Demo(var, port, later)
            demo.start()
            say(f"\n{_banner(port, demo.accounts, demo.pages, time.monotonic() - began)}")
            return demo.watch()
        except processes.Stop:
            say("\nStopping…")
            return 0
        finally:
            processes.finish_undisturbed()


class Demo:
    """The processes of one demonstration and the folder that they share."""

    def __init__(self, var: Path, port: int, later: ExitStack) -> None:
        self.var, self.port, self.later = var, port, later
        self.accounts = ""
        self.children: list[processes.Child] = []
        self.started: list[tuple[stand_ins.StandIn, processes.Child]] = []
        self.ports: dict[str, int] = {}
        self.env = dict(os.environ)

    def start(self) -> None:
        claim(self.var, self.port, self.later)
        processes.end_all(processes.marked(str(self.var)))
        check_port(self.port)
        self.python = bootstrap.environment("payfip")
        self.env |= {
            "PREAU_VAR": str(self.var),
            "PREAU_SITE_URL": f"http://localhost:{self.port}",
            "PREAU_MODE": self.env.get("PREAU_MODE") or "demo",
            "PYTHONUNBUFFERED": "1",
            processes.MARK: str(self.var),
        }
        database_stamps = self._database()
        self._stand_ins()
        self._prepare(database_stamps)
        self._wait_for_stand_ins(10, optional=True)
        self._serve()
        self._wait_for_answer()

    @property
    def pages(self) -> list[str]:
        """The simulated services that can be looked at, a line each."""
        standing = [one for one, child in self.started if child in self.children]
        return [f"  {one.page.format(**self.ports)}" for one in standing if one.page]

    def watch(self) -> int:
        """Wait until a child ends; none of them should."""
        while True:
            for child in self.children:
                if child.ended:
                    say(f"{child.name} ended unexpectedly; everything stops. Its last words:")
                    say(tail(child.log))
                    return 1
            time.sleep(0.2)

    def _database(self) -> Stamps | None:
        if self.env.get("DATABASE_URL"):
            say("→ Database: the one of DATABASE_URL")
            return None
        with step("PostgreSQL"):
            server = postgres.server(self.var)
            child = server.start()
            self.children.append(child)
            self.later.callback(server.stop, child)
            self.env["DATABASE_URL"] = server.url
        return Stamps(server.data)

    def _stand_ins(self) -> None:
        """Outside services that nobody can reach from a demonstration answer from this machine."""
        chosen = []
        for one in stand_ins.wanted(self.env):
            if one.missing:
                say(f"→ Without {one.title}: install {', '.join(one.missing)} to have it")
            else:
                chosen.append(one)
        if not chosen:
            return
        names = [name for one in chosen for name in one.opens]
        self.ports = stand_ins.ports(names, self.var / "stand-ins.json")
        known = {**self.ports, "site": self.env["PREAU_SITE_URL"], "var": self.var}
        for one in chosen:
            self.env |= {name: text.format(**known) for name, text in one.settings.items()}
        for one in chosen:
            words = [word.format(**known) for word in one.command]
            self.started.append((one, self._child(one.name, [self.python, *words], one.name)))
        self._wait_for_stand_ins(30, optional=False)

    def _wait_for_stand_ins(self, seconds: float, *, optional: bool) -> None:
        """Those that we may go without are let go; the others have to answer."""
        for one, child in self.started:
            if bool(one.needs) is not optional or self._stands(one, child, seconds):
                continue
            if not optional:
                raise CannotGoOn(f"A stand-in did not start ({one.name}):\n{tail(child.log)}")
            say(f"→ Without {one.title}, which did not start (see {child.log})")
            self.children.remove(child)
            processes.stop(child)
            self.env = {key: text for key, text in self.env.items() if key not in one.settings}

    def _stands(self, one: stand_ins.StandIn, child: processes.Child, seconds: float) -> bool:
        opened = [self.ports[name] for name in one.opens]
        processes.wait_until(lambda: child.ended or _all_answer(opened), seconds)
        return not child.ended and _all_answer(opened)

    def _prepare(self, database: Stamps | None) -> None:
        static, stamps = self.var / "static", Stamps(self.var)
        if stamps.result("collectstatic") is None or not static.is_dir():
            with step("Style sheets, scripts, images"):
                shutil.rmtree(static, ignore_errors=True)
                self._manage("collectstatic")
                stamps.record("collectstatic")
        for name, title in STEPS.items():
            if database is None or database.result(name) is None:
                with step(title):
                    self._manage(name)
                if database:
                    database.record(name)
        known = database.result("demo_accounts") if database else None
        self.accounts = known if known is not None else self._manage("demo_accounts", quiet=True)
        if database and known is None:
            database.record("demo_accounts", self.accounts)

    def _manage(self, command: str, *, quiet: bool = False) -> str:
        """Run a management command to its end; what it printed, if it was to be quiet."""
        words: list[str | Path] = [self.python, "manage.py", command, *_OPTIONS.get(command, [])]
        status, said = processes.run(words, env=self.env, cwd=ROOT, quiet=quiet, apart=True)
        if status:
            raise CannotGoOn(f"`manage.py {command}` failed (see above).")
        return said

    def _serve(self) -> None:
        web: list[str | Path] = [
            self.python,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
        ]
        web += ["--port", str(self.port), "--workers", "2", "--blocking-threads", "4"]
        web += ["--workers-kill-timeout", "3", "--no-access-log", "config.wsgi:application"]
        self._child("web server", web, "web")
        self._child(
            "worker", [self.python, ROOT / "manage.py", "procrastinate", "worker"], "worker"
        )

    def _child(self, name: str, command: list[str | Path], log: str) -> processes.Child:
        path = self.var / "log" / f"{log}.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.unlink()
        child = processes.start(name, command, env=self.env, log=path, cwd=ROOT)
        self.children.append(child)
        self.later.callback(processes.stop, child)
        return child

    def _wait_for_answer(self) -> None:
        with step("Web server and worker"):
            ready = processes.wait_until(lambda: bool(self._ended()) or answers(self.port), 60)
        ended = self._ended()
        if ended or not ready:
            child = ended or self.children[-2]
            raise CannotGoOn(f"The {child.name} did not start; its log says:\n{tail(child.log)}")

    def _ended(self) -> processes.Child | None:
        return next((child for child in self.children if child.ended), None)


def _all_answer(ports: list[int]) -> bool:
    return all(stand_ins.answers(port) for port in ports)


def claim(var: Path, port: int, later: ExitStack) -> None:
    """Take the data folder for ourselves; the kernel gives it back however we end."""
    try:
        (var / "log").mkdir(parents=True, exist_ok=True)
        lock: IO[str] = later.enter_context((var / "lock").open("a+"))
    except OSError as error:
        raise CannotGoOn(
            f"The data folder {var} cannot be written ({error.strerror}): "
            "choose another one, for example `make demo VAR=~/preau-demo`."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        raise CannotGoOn(
            f"The data folder {var} is in use by another run ({lock.read().strip()}): "
            "stop it first, or choose another folder with VAR=…"
        ) from error
    lock.truncate(0)
    lock.write(f"process {os.getpid()}, port {port}")
    lock.flush()


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotGoOn(
                f"Port {port} cannot be used ({error.strerror}): "
                "choose another one, for example `make demo PORT=8123`."
            ) from error


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:  # an HTTP error is one too
        return False


def _banner(port: int, accounts: str, pages: list[str], seconds: float) -> str:
    return "\n".join(
        [
            f"Préau est prêt / is ready ({seconds:.1f} s):  http://localhost:{port}/",
            *(["", accounts.rstrip()] if accounts.strip() else []),
            *(["", "Services simulés / simulated:", *pages] if pages else []),
            "",
            "Ctrl-C arrête tout / stops everything.",
        ]
    )
