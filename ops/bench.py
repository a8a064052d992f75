"""`make bench`: a country in a PostgreSQL of its own, then the measures on it.

The cluster is built with nothing safe (a crash loses it, and it is built again), then served with
the settings of a small production machine: what is measured is durable.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar

from ops import bootstrap, postgres, processes
from ops.bootstrap import ROOT
from ops.console import CannotGoOn, say, step
from ops.demo import claim
from ops.stamps import Stamps, digest

DESCRIPTION = "country.json"
#: Measures of the demonstration's pages, on its database: only when named.
OF_THE_DEMO = ("territories", "pages", "documents", "outside")
#: Measures of a country of projects, in a folder of its own: only when named.
OF_PROJECTS = "projects"
SMALLEST = 200
_BUILDING = {
    "shared_buffers": "1GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "1h",
    "maintenance_work_mem": "2GB",
    "max_parallel_maintenance_workers": "0",
    "max_parallel_workers_per_gather": "0",
}
MEASURING = {
    "shared_buffers": "4GB",
    "effective_cache_size": "12GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "fsync": "on",
    "synchronous_commit": "on",
}


@dataclass(frozen=True)
class Wanted:
    """Which country: two of the same are the same, row for row."""

    spaces: int = 20_000
    bookings_per_space: int = 100
    past: int = 1  # times as many bookings before today
    per_place: int = 5
    seed: int = 38
    builder: ClassVar[str] = "bench.country"

    @property
    def folder(self) -> str:
        parts = [f"bench-{self.spaces}"]
        parts += [f"b{self.bookings_per_space}"] if self.bookings_per_space != 100 else []
        parts += [f"past{self.past}"] if self.past != 1 else []
        parts += [f"per{self.per_place}"] if self.per_place != 5 else []
        return "-".join(parts)

    @property
    def words(self) -> str:
        return f"A country of {self.spaces:,} spaces"

    def check(self) -> None:
        others = (self.bookings_per_space, self.past, self.per_place)
        if self.spaces < SMALLEST or min(others) < 1:
            raise CannotGoOn(
                f"A country has {SMALLEST} spaces or more; the other settings, 1 or more."
            )


@dataclass(frozen=True)
class WantedProjects:
    """Which country of projects; nothing else is in it."""

    projects: int = 40_000
    seed: int = 38
    builder: ClassVar[str] = "bench.projects"

    @property
    def folder(self) -> str:
        return f"bench-projects-{self.projects}"

    @property
    def words(self) -> str:
        return f"A country of {self.projects:,} projects"

    def check(self) -> None:
        if self.projects < SMALLEST:
            raise CannotGoOn(f"A country has {SMALLEST} projects or more.")


def run(
    var: Path | None, wanted: Wanted | WantedProjects, only: list[str], *, serve: bool = False
) -> int:
    """Build what is not built yet, then measure; or serve until Ctrl-C."""
    wanted.check()
    python = bootstrap.environment("dev")
    if only == ["projects.build"]:
        only = ["build"]
    if only and all(word.startswith(OF_THE_DEMO) for word in only):
        return processes.run([python, "-m", "bench", *only], cwd=ROOT)[0]
    var = var or ROOT / "var" / wanted.folder
    processes.stop_when_asked()
    with ExitStack() as later:
        try:
            if only == ["build"] and is_built(var, wanted):
                say("→ This country is built already.")
                return 0
            if is_built(var, wanted) and postgres.server(var).is_ready():
                say("→ The server of this country runs already: measuring on it.")
                _migrate(python, var)
                return _measure(python, var, only)
            claim(var, 0, later)
            processes.end_all(processes.marked(str(var)))
            if not is_built(var, wanted):
                _build(python, var, wanted)
            if only == ["build"]:
                return 0
            with serving(var, MEASURING) as server:
                _migrate(python, var)
                return _serve(server) if serve else _measure(python, var, only)
        except processes.Stop:
            say("\nStopping…")
            return 1
        finally:
            processes.finish_undisturbed()


def is_built(var: Path, wanted: Wanted | WantedProjects) -> bool:
    """Whether the folder holds that very country, whole: its description is written last."""
    try:
        about = json.loads((var / DESCRIPTION).read_text())
    except (OSError, ValueError):
        return False
    return all(about.get(name) == value for name, value in asdict(wanted).items())


@contextmanager
def serving(var: Path, settings: dict[str, str]) -> Iterator[postgres.Server]:
    server = postgres.server(var)
    server.settings = settings
    child = server.start()
    try:
        yield server
    finally:
        server.stop(child)


def _build(python: Path, var: Path, wanted: Wanted | WantedProjects) -> None:
    began, migrations = time.monotonic(), digest("migrate")
    description = var / DESCRIPTION
    description.unlink(missing_ok=True)
    unfinished = var / f"{DESCRIPTION}.new"
    unfinished.unlink(missing_ok=True)
    data = postgres.server(var).data
    shutil.rmtree(data, ignore_errors=True)
    with step(wanted.words), serving(var, _BUILDING) as server:
        command: list[str | Path] = [python, "-m", wanted.builder, "--json", unfinished]
        for name, value in asdict(wanted).items():
            command += [f"--{name.replace('_', '-')}", str(value)]
        status, _ = processes.run(command, env=_environment(var, server.url), cwd=ROOT)
        if status:
            raise CannotGoOn("The country could not be built (see above).")
        closing = time.monotonic()
    os.sync()  # built without fsync: from here on it must survive
    about = json.loads(unfinished.read_text())
    about["seconds"]["close"] = round(time.monotonic() - closing, 1)
    about["seconds"]["whole"] = round(time.monotonic() - began, 1)
    unfinished.write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n")
    if digest("migrate") == migrations:
        Stamps(data).record("migrate")
    unfinished.replace(description)
    say(f"bench build.whole {about['seconds']['whole']} s")


def _migrate(python: Path, var: Path) -> None:
    """What the migrations have added since it was built."""
    server = postgres.server(var)
    stamps = Stamps(server.data)
    if stamps.result("migrate") is None:
        with step("Database schema"):
            command: list[str | Path] = [python, "manage.py", "migrate", "--no-input"]
            env = _environment(var, server.url)
            if processes.run([*command, "--verbosity", "0"], env=env, cwd=ROOT)[0]:
                raise CannotGoOn("The country cannot be migrated (see above): build it again.")
        stamps.record("migrate")


def _measure(python: Path, var: Path, only: list[str]) -> int:
    command: list[str | Path] = [
        python,
        "-m",
        "bench",
        "--var",
        var,
        "--json",
        var / "figures.json",
        *only,
    ]
    return processes.run(command, env=_environment(var, _url(var)), cwd=ROOT)[0]


def _serve(server: postgres.Server) -> int:
    say(f"DATABASE_URL='{server.url}'\nCtrl-C stops it.")
    while server.is_ready():
        time.sleep(2)
    raise CannotGoOn("PostgreSQL ended.")


def _url(var: Path) -> str:
    return postgres.server(var).url


def _environment(var: Path, url: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": url,
        "PREAU_MODE": os.environ.get("PREAU_MODE") or "demo",
        "PREAU_VAR": str(var),
        "PYTHONUNBUFFERED": "1",
        processes.MARK: str(var),
    }
