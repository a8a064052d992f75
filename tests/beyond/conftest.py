"""One PgBouncer and one standby for all the tests that need them; web processes and workers."""

import os
import sys
from contextlib import ExitStack, contextmanager

import pytest
from django.db import connections

from config import environment
from ops import demo, processes
from ops.bootstrap import ROOT
from preau.core import databases
from tests.beyond.servers import Primary, pool_before, standby_of
from tests.ops.conftest import _free_port


@pytest.fixture(scope="session")
def primary(django_db_setup):
    return Primary.now()


@pytest.fixture(scope="module")
def pool(primary):
    with pool_before(primary) as found:
        yield found


@pytest.fixture
def through_pool(transactional_db, pool):
    """Every connection of this process goes through PgBouncer, with the settings of a web process."""
    known = connections.settings["default"]
    before = dict(known)
    connections["default"].close()
    changes = environment.pooled(pool.url)
    known.update({name: changes[name] for name in changes if name != "ENGINE"})
    yield pool
    connections["default"].close()
    known.clear()
    known.update(before)


@pytest.fixture(scope="module")
def standby(primary):
    with standby_of(primary) as found:
        yield found


@pytest.fixture(scope="module")
def search_database(primary):
    """A second database is known; Django wants it so before a test that uses it."""
    connections.settings["search"] = dict(connections.settings["default"])
    yield connections.settings["search"]
    _forget_connection()
    del connections.settings["search"]


@pytest.fixture
def search_elsewhere(search_database, transactional_db, monkeypatch):
    """Searches read this address, with the settings of PREAU_SEARCH_DATABASE_URL."""
    monkeypatch.setattr(databases, "circuit", databases.Circuit())

    def point(url):
        monkeypatch.setenv("PREAU_SEARCH_DATABASE_URL", url)
        _forget_connection()
        search_database.update(environment.databases("")["search"])

    yield point
    _forget_connection()


def _forget_connection():
    connections["search"].close()
    del connections["search"]


@contextmanager
def running(folder, *, web=(), workers=0, **changes):
    """Web servers as production starts them, on these ports, and workers; the address of each."""
    env = os.environ | {"PREAU_TRUSTED_PROXIES": "1"} | changes
    with ExitStack() as later:
        children = []

        def start(name, command):
            child = processes.start(name, command, env=env, log=folder / name, cwd=ROOT)
            later.callback(processes.stop, child)
            children.append(child)

        for port in web:
            command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host"]
            command += ["127.0.0.1", "--port", str(port), "--workers", "1"]
            command += ["--blocking-threads", "4", "--no-access-log", "config.wsgi:application"]
            start(f"web-{port}.log", command)
        for number in range(workers):
            worker = [sys.executable, "manage.py", "procrastinate", "worker", "--concurrency", "4"]
            start(f"worker-{number}.log", worker)

        def settled():
            return any(child.ended for child in children) or all(map(demo.answers, web))

        assert processes.wait_until(settled, 60)
        said = [child.log.read_text() for child in children if child.ended]
        assert not said, said
        yield [f"http://127.0.0.1:{port}" for port in web]


@pytest.fixture
def free_ports():
    return [_free_port() for _ in range(2)]
