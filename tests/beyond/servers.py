"""Real servers beside the tests' PostgreSQL: PgBouncer before it, a standby that follows it."""

import os
import pwd
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connections

from ops import pooler, postgres, processes

#: Fewer than the clients of any test that goes through it.
POOL = 3
PATIENCE = 60
#: A standby is a copy of the whole server: not of somebody's large one.
LARGEST = 1_500_000_000


@dataclass
class Primary:
    """The PostgreSQL that the tests run on."""

    host: str
    port: str
    user: str
    password: str
    database: str

    @classmethod
    def now(cls):
        known = connections["default"].settings_dict
        port = str(known["PORT"] or 5432)
        return cls(known["HOST"], port, known["USER"], known["PASSWORD"], known["NAME"])

    @property
    def url(self):
        return url_of(self.host, self.port, self)

    @property
    def identity(self):
        """Who serves it, where that is not us: only they and we are let in, and root serves nothing."""
        if os.getuid():
            return None
        socket = Path(self.host, f".s.PGSQL.{self.port}")
        owner = socket.stat().st_uid if socket.exists() else pwd.getpwnam("nobody").pw_uid
        known = pwd.getpwuid(owner)
        return processes.Identity(known.pw_name, known.pw_uid, known.pw_gid)

    def _direct(self, role="", **options):
        """Past any pool; as the application, unless it takes PostgreSQL's own user."""
        known = {"host": self.host, "port": self.port, "dbname": self.database}
        known |= {"user": role or self.user, "password": "" if role else self.password}
        return psycopg.connect(**known, autocommit=True, **options)

    def ask(self, statement, role=""):
        with self._direct(role) as direct:
            cursor = direct.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def written(self):
        """How far its journal reaches, on the disk: a server of the tests does not hurry."""
        with self._direct(options="-c synchronous_commit=on") as direct:
            direct.execute("SELECT pg_logical_emit_message(true, 'tests', 'here')")
            return direct.execute("SELECT pg_current_wal_flush_lsn()").fetchone()[0]

    def pids(self, condition):
        """Its own processes that work for this database and are so."""
        own = f"datname = '{self.database}' AND pid <> pg_backend_pid()"
        rows = self.ask(f"SELECT pid FROM pg_stat_activity WHERE {own} AND {condition}")
        return {pid for (pid,) in rows}


def url_of(host, port, known):
    """An address of the tests' database at this door."""
    user = f"{quote(known.user)}:{quote(known.password)}"
    return f"postgresql://{user}@/{quote(known.database)}?host={quote(host)}&port={port}"


@contextmanager
def _folder(identity):
    """A short-lived folder of the user who runs the server."""
    folder = Path(tempfile.mkdtemp(prefix="preau-beyond-"))
    if identity:
        os.chown(folder, identity.uid, identity.gid)
        folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


# --- PgBouncer


@dataclass
class Pool:
    url: str
    folder: Path

    def ask(self, words):
        """What the console answers, a dictionary a row."""
        with psycopg.connect(
            host=str(self.folder), port=6432, user="preau", dbname="pgbouncer", autocommit=True
        ) as console:
            # The console knows the simple protocol alone.
            cursor = psycopg.ClientCursor(console).execute(words)
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def transactions(self, database):
        """How many of this database it has passed on."""
        rows = self.ask("SHOW STATS")
        return sum(row["total_xact_count"] for row in rows if row["database"] == database)


@contextmanager
def pool_before(primary):
    """PgBouncer in transaction mode, with fewer servers than clients and none of its leniencies."""
    program = pooler.path()
    if not program:
        pytest.fail("PgBouncer is needed: apt install pgbouncer (make test does, as root).")
    with _folder(primary.identity) as folder:
        password = f" password='{primary.password}'" if primary.password else ""
        (folder / "pgbouncer.ini").write_text(
            "[databases]\n"
            f"* = host={primary.host} port={primary.port} user={primary.user}{password}\n"
            "[pgbouncer]\n"
            "pool_mode = transaction\n"
            f"default_pool_size = {POOL}\n"
            "max_client_conn = 200\n"
            "listen_addr =\n"
            f"unix_socket_dir = {folder}\n"
            "listen_port = 6432\n"
            "auth_type = any\n"
        )
        log = folder / "pgbouncer.log"
        child = processes.start(
            "PgBouncer",
            [program, folder / "pgbouncer.ini"],
            env=os.environ,
            log=log,
            cwd=folder,
            identity=primary.identity,
        )
        try:
            there = folder / ".s.PGSQL.6432"
            assert processes.wait_until(lambda: child.ended or there.exists(), PATIENCE)
            assert not child.ended, log.read_text()
            yield Pool(url_of(str(folder), "6432", primary), folder)
        finally:
            processes.stop(child)


# --- A standby


@dataclass
class Standby:
    url: str
    folder: Path
    child: processes.Child
    primary: Primary

    def ask(self, statement):
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname=self.primary.database, autocommit=True
        ) as direct:
            return direct.execute(statement).fetchall()

    def pause(self):
        """From now on it receives what the primary writes, and shows none of it."""
        self.ask("SELECT pg_wal_replay_pause()")
        paused = "SELECT pg_get_wal_replay_pause_state()"
        assert processes.wait_until(lambda: self.ask(paused) == [("paused",)], PATIENCE)

    def resume(self):
        self.ask("SELECT pg_wal_replay_resume()")
        self.catch_up()

    def catch_up(self):
        written = self.primary.written()
        here = f"SELECT pg_last_wal_replay_lsn() >= '{written}'"
        assert processes.wait_until(lambda: self.ask(here) == [(True,)], PATIENCE)


def _programs(primary):
    """Where the primary's own programs are, and its data; or why a standby cannot be made."""
    try:
        [(data,)] = primary.ask("SHOW data_directory", "postgres")
        [(size,)] = primary.ask(
            "SELECT sum(pg_database_size(oid))::bigint FROM pg_database", "postgres"
        )
        pid = int(Path(data, "postmaster.pid").read_text().split()[0])
        folder = Path(f"/proc/{pid}/exe").readlink().parent
    except (psycopg.Error, OSError) as error:
        pytest.skip(f"A standby needs a PostgreSQL of this machine, run by us: {error}")
    if size > LARGEST:
        pytest.skip(f"The server holds {size / 1e9:.1f} GB: too much to copy for a test.")
    return folder


@contextmanager
def standby_of(primary):
    """A streaming replica, as `pg_basebackup` makes one."""
    programs = _programs(primary)
    with _folder(primary.identity) as folder:
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        data, log = folder / "pg", folder / "log"
        copy = [programs / "pg_basebackup", "-D", data, "-h", primary.host, "-p", primary.port]
        copy += ["-U", "postgres", "-X", "stream", "-c", "fast", "-R", "--no-sync"]
        copying = processes.start(
            "copy", copy, env=env, log=log, cwd=folder, identity=primary.identity
        )
        assert copying.process.wait(PATIENCE) == 0, log.read_text()
        command = [programs / "postgres", "-D", data, "-k", folder]
        # A standby must have at least as much room for connections as its primary.
        for name in ("max_connections", "max_worker_processes", "max_wal_senders"):
            [(value,)] = primary.ask(f"SHOW {name}")
            command += ["-c", f"{name}={value}"]
        # Followed without patience: what is read there gives way to what arrives.
        for words in ("max_standby_streaming_delay=0", "listen_addresses=", "port=5432"):
            command += ["-c", words]
        child = processes.start(
            "standby", command, env=env, log=log, cwd=folder, identity=primary.identity
        )
        try:
            yield _ready(Standby(url_of(str(folder), "5432", primary), folder, child, primary), log)
        finally:
            postgres.stop(child)


def _ready(standby, log):
    def answers():
        try:
            return standby.child.ended or standby.ask("SELECT pg_is_in_recovery()") == [(True,)]
        except psycopg.OperationalError:
            return False

    assert processes.wait_until(answers, PATIENCE), log.read_text()
    assert not standby.child.ended, log.read_text()
    return standby
