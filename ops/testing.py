"""`make test`: the tests on a PostgreSQL of their own; a running demo is left alone."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from ops import (
    bootstrap,
    browser,
    calendars,
    mosquitto,
    node,
    packages,
    pooler,
    postgres,
    processes,
    validators,
)
from ops.bootstrap import ROOT
from ops.console import say, step
from ops.demo import claim

#: These race connections, or need a server to themselves: one at a time.
ALONE = "concurrency or beyond"
#: These kill processes of their own, and wait more than they compute.
KILLING = "crash and not (concurrency or beyond)"
#: What speaks the database's own language, besides what races on it.
OF_DATA = ("territories", "availability", "pricing", "documents", "concurrency", "beyond")
NO_TEST_COLLECTED = 5
DEBIAN_15 = "/usr/lib/postgresql/15/bin"


def everything(var: Path, words: list[str]) -> int:
    """All tests; with words for pytest, one run of those."""
    python = bootstrap.environment("dev")
    env = _environment(var)
    env["PREAU_CHROMIUM"] = browser.path()
    validators.install_missing()
    pooler.install_missing()
    mosquitto.install_missing()
    calendars.install_missing()
    node.install_missing()
    # A browser's event loop stays in its process: journeys share none with the other tests.
    two, whole = ["-n", "2"], [words]
    if not words:
        whole = [
            [*two, "-m", f"not ({ALONE} or crash or journey)"],
            [*two, "-m", f"journey and not ({ALONE} or crash)"],
            [*two, "--dist", "worksteal", "-m", KILLING],
            ["-m", ALONE],
        ]
    return _on_database(var, "", env, [[python, "-m", "pytest", *run] for run in whole])


def on_debian_15(var: Path, words: list[str]) -> int:
    """The tests of data and concurrency on the oldest PostgreSQL that production may have."""
    python = bootstrap.environment("dev")
    if not Path(DEBIAN_15).is_dir() and packages.can_install():
        packages.install("postgresql-15")
    pooler.install_missing()
    env = _environment(var)
    env.pop("DATABASE_URL", None)
    where = words or [f"tests/{name}" for name in OF_DATA]
    runs = [["-n", "2", "-m", f"not ({ALONE} or crash)", *where], ["-m", ALONE, *where]]
    return _on_database(var, DEBIAN_15, env, [[python, "-m", "pytest", *run] for run in runs])


def _environment(var: Path) -> dict[str, str]:
    return os.environ | {"PREAU_MODE": "test", "PREAU_VAR": str(var), processes.MARK: str(var)}


def _on_database(var: Path, chosen: str, env: dict[str, str], runs: list[list[str | Path]]) -> int:
    processes.stop_when_asked()
    with ExitStack() as later:
        try:
            claim(var, 0, later)
            processes.end_all(processes.marked(str(var)))
            if not env.get("DATABASE_URL"):
                with step("PostgreSQL for the tests"):
                    server = postgres.server(var, chosen=chosen, throw_away=True)
                    later.callback(server.stop, server.start())
                    env["DATABASE_URL"] = server.url
            return _worst([processes.run(run, env=env, cwd=ROOT)[0] for run in runs])
        except processes.Stop:
            say("\nStopping…")
            return 1
        finally:
            processes.finish_undisturbed()


def _worst(statuses: list[int]) -> int:
    """A part without any test is not a failure, unless no part had one."""
    if all(status == NO_TEST_COLLECTED for status in statuses):
        return NO_TEST_COLLECTED
    return next((status for status in statuses if status not in {0, NO_TEST_COLLECTED}), 0)
