"""The embedded PostgreSQL: a real server on a private socket, with nothing to install.

The choices are explained in docs/adr/0002-embedded-postgresql.md.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import quote

from ops import binaries, processes
from ops.console import CannotGoOn, tail

ROLE = "preau"
LONGEST_SOCKET_FOLDER = 100  # the kernel allows 107 bytes for the whole socket address
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
#: For clusters thrown away after use: nothing needs to survive a crash.
_THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Server:
    """One cluster: its folders, the programs that serve it, the user it runs as."""

    data: Path
    sockets: Path
    log: Path
    programs: binaries.Programs
    identity: processes.Identity | None
    throw_away: bool = False
    #: On top of the settings of every cluster: what a measure needs.
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@/{ROLE}?host={quote(str(self.sockets), safe='/')}"

    def start(self) -> processes.Child:
        """Recover what a crash left, make the cluster if there is none, and serve it."""
        self._recover()
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self._check_version()
        self._write_access_rules()
        settings = _SETTINGS | (_THROW_AWAY if self.throw_away else {}) | dict(self.settings)
        command: list[str | Path] = [self.programs["postgres"], "-D", self.data]
        command += ["-k", self.sockets]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        child = processes.start(
            "PostgreSQL",
            command,
            env=_environment(),
            log=self.log,
            cwd=self.data,
            death_signal=signal.SIGINT,  # PostgreSQL's "fast" shutdown
            identity=self.identity,
        )
        try:
            ready = processes.wait_until(lambda: child.ended or self.is_ready(), 60)
            if not ready or child.ended:
                raise CannotGoOn(f"PostgreSQL did not start; its log says:\n{tail(self.log)}")
            self._make_database()
        except BaseException:
            stop(child)
            raise
        return child

    def stop(self, child: processes.Child) -> None:
        stop(child)
        if self.sockets.parent != self.data.parent:  # the short folder of a long path
            with contextlib.suppress(OSError):
                self.sockets.rmdir()

    def psql(self, statement: str, *, role: str = "postgres", database: str = "postgres") -> str:
        command: list[str | Path] = [
            self.programs["psql"],
            "-X",
            "-A",
            "-t",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
        ]
        command += ["-h", self.sockets, "-U", role, "-d", database, "-c", statement]
        result = subprocess.run(
            command, env=_environment(), capture_output=True, text=True, check=False
        )
        if result.returncode:
            raise CannotGoOn(f"PostgreSQL refused “{statement}”: {result.stderr.strip()}")
        return result.stdout.strip()

    def is_ready(self) -> bool:
        command: list[str | Path] = [self.programs["pg_isready"], "-q", "-h", self.sockets]
        command += ["-U", "postgres", "-d", "postgres"]
        return subprocess.run(command, env=_environment(), check=False).returncode == 0

    def _make(self) -> None:
        """`initdb` beside, then rename: a half-made cluster is never taken for a whole one."""
        fresh = self.data.with_name(f"{self.data.name}.new")
        for folder in (fresh, self.data):
            if folder.exists():
                shutil.rmtree(folder)
        _private_folder(fresh, self.identity)
        command: list[str | Path] = [
            self.programs["initdb"],
            "-D",
            fresh,
            "-U",
            "postgres",
            "--auth=peer",
        ]
        command += ["--encoding=UTF8", *_locale(self.programs.major)]
        if self.throw_away:
            command.append("--no-sync")
        made = processes.start(
            "initdb", command, env=_environment(), log=self.log, cwd=fresh, identity=self.identity
        )
        try:
            status = made.process.wait()
        finally:
            processes.stop(made)
        if status:
            raise CannotGoOn(f"PostgreSQL's folder could not be made:\n{tail(self.log)}")
        fresh.rename(self.data)

    def _make_database(self) -> None:
        """The application's role may create databases (tests do), nothing more."""
        if not self.psql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):
            self.psql(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        if self.throw_away:  # tests empty their tables with it: tests/emptying.py
            self.psql(f"GRANT SET ON PARAMETER session_replication_role TO {ROLE}")
        if not self.psql(f"SELECT 1 FROM pg_database WHERE datname = '{ROLE}'"):
            self.psql(f"CREATE DATABASE {ROLE} OWNER {ROLE}")

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(self.programs.major):
            raise CannotGoOn(
                f"{self.data} was made by PostgreSQL {made_by} and this is {self.programs.major}: "
                "remove that folder (a demonstration is rebuilt), or choose another VAR."
            )

    def _write_access_rules(self) -> None:
        """Peer authentication: only the system user who runs the command may connect."""
        users = {pwd.getpwuid(os.getuid()).pw_name}
        if self.identity:
            users.add(self.identity.name)
        lines = [f'house "{user}" {role}' for user in sorted(users) for role in (ROLE, "postgres")]
        rules = [f"local {name} all peer map=house" for name in ("all", "replication")]
        self._write("pg_hba.conf", "\n".join(rules) + "\n")
        self._write("pg_ident.conf", "\n".join(lines) + "\n")

    def _write(self, name: str, text: str) -> None:
        fresh = self.data / f"{name}.new"
        fresh.write_text(text)
        fresh.chmod(0o600)
        if self.identity:
            os.chown(fresh, self.identity.uid, self.identity.gid)
        fresh.replace(self.data / name)

    def _recover(self) -> None:
        """After a crash: end what still runs on this folder, then remove the files it left."""
        postmaster = self._postmaster()
        if postmaster:
            processes.send(postmaster, signal.SIGINT)
            processes.wait_until(lambda: not processes.alive(postmaster), 15)
        left = [pid for pid in processes.working_in(self.data, "postgres") if processes.alive(pid)]
        if left:
            processes.wait_until(lambda: not any(processes.alive(pid) for pid in left), 5)
            processes.end_all(left, first=signal.SIGQUIT)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (self.sockets / name).unlink(missing_ok=True)

    def _postmaster(self) -> int | None:
        """The server that the pid file names, if the pid is not another program's by now."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None
        if not processes.alive(pid):
            return None
        if Path("/proc/self").exists():
            return pid if pid in processes.working_in(self.data, "postgres") else None
        command = ["ps", "-o", "command=", "-p", str(pid)]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        return pid if str(self.data) in said else None


def server(var: Path, *, chosen: str = "", throw_away: bool = False) -> Server:
    """The server whose folders are under this data folder."""
    identity = _server_user(var) if os.getuid() == 0 else None
    home = _home(var, identity)
    programs = binaries.find(chosen)
    if identity:
        programs = binaries.for_another_user(programs, home)
    log = var / "log"
    log.mkdir(parents=True, exist_ok=True)
    if throw_away:
        shutil.rmtree(home / "pg", ignore_errors=True)
    sockets = home / "run"
    if len(os.fsencode(sockets)) > LONGEST_SOCKET_FOLDER:
        sockets = Path(tempfile.gettempdir()) / f"preau-{os.getuid()}-{_key(var)}"
    _private_folder(sockets, identity)
    return Server(home / "pg", sockets, log / "postgres.log", programs, identity, throw_away)


def stop(child: processes.Child) -> None:
    """Fast shutdown, then immediate, then forced."""
    for number, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        if child.ended:
            return
        processes.send(child.process.pid, number)
        try:
            child.process.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def _server_user(var: Path) -> processes.Identity:
    """PostgreSQL refuses to run as root: the user of the existing cluster, else a system one."""
    lookups: list[Callable[[], pwd.struct_passwd]] = [
        lambda: pwd.getpwuid((var / "pg").stat().st_uid)
    ]
    lookups += [partial(pwd.getpwnam, name) for name in ("postgres", "nobody")]
    for look_up in lookups:
        try:
            user = look_up()
        except (OSError, KeyError):
            continue
        if user.pw_uid:
            return processes.Identity(user.pw_name, user.pw_uid, user.pw_gid)
    raise CannotGoOn("As root, PostgreSQL needs a system user named postgres or nobody.")


def _home(var: Path, identity: processes.Identity | None) -> Path:
    """The data folder, or a folder of root's where the server's user cannot reach it."""
    var.mkdir(parents=True, exist_ok=True)
    if identity is None or _can_enter(var, identity):
        return var
    home = Path("/var/lib/preau-demo") / _key(var)
    links = [(var / name, home / name) for name in ("pg", "run")]
    if any(link.resolve() != target for link, target in links):
        shutil.rmtree(home, ignore_errors=True)  # the data folder was emptied: so is its other half
    home.mkdir(parents=True, exist_ok=True)
    for folder in (home.parent, home):
        folder.chmod(0o755)
    for link, target in links:
        if link.resolve() != target:
            link.unlink(missing_ok=True)
            link.symlink_to(target)
    return home


def _can_enter(folder: Path, identity: processes.Identity) -> bool:
    test = subprocess.run(
        ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)],
        cwd="/",
        user=identity.uid,
        group=identity.gid,
        extra_groups=[],
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return test.returncode == 0


def _private_folder(folder: Path, identity: processes.Identity | None) -> None:
    """A folder that only the server's user may enter; one that is another's is refused."""
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    owners = {os.getuid()} | ({identity.uid} if identity else set())
    if not stat.S_ISDIR(state.st_mode) or state.st_uid not in owners:
        raise CannotGoOn(f"{folder} belongs to another user: choose another VAR.")
    if identity:
        os.chown(folder, identity.uid, identity.gid)
    folder.chmod(0o700)


def _key(var: Path) -> str:
    return hashlib.sha256(os.fsencode(var)).hexdigest()[:12]


def _locale(major: int) -> list[str]:
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _environment() -> dict[str, str]:
    """Ours, less the PG… variables that would lead elsewhere."""
    return {name: value for name, value in os.environ.items() if not re.match("PG[A-Z]", name)}
