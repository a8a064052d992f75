"""Child processes that never outlive the command that started them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from ops.console import CannotGoOn

#: Carried by the web server and the worker, so that the next start finds those that were left over.
MARK = "PREAU_SUPERVISED"
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PROC = Path("/proc")


class Stop(BaseException):
    """Somebody asked us to stop."""


def stop_when_asked() -> None:
    """From now on, Ctrl-C and its kin raise Stop once; so does the end of the `make` above us."""
    _on_stop(_asked_to_stop)
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM)


def finish_undisturbed() -> None:
    """Stopping takes a bounded time: a second Ctrl-C would only leave processes behind."""
    _on_stop(signal.SIG_IGN)


def _on_stop(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def _asked_to_stop(_number: int, _frame: FrameType | None) -> None:
    finish_undisturbed()
    raise Stop


@dataclass(frozen=True)
class Identity:
    """The system user that a process runs as, where it is not our own."""

    name: str
    uid: int
    gid: int


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None


def die_with_parent(number: int) -> None:
    """Ask the kernel (Linux) to send us this signal when our parent ends."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, int(number))


def tied_to_us(number: int) -> Callable[[], None]:
    """What a child runs before its program, so that it gets this signal when we end."""
    parent = os.getpid()

    def prepare() -> None:
        die_with_parent(number)
        if os.getppid() != parent:  # it died before the kernel was asked
            os._exit(1)

    return prepare


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path,
    cwd: Path,
    death_signal: int = signal.SIGTERM,
    identity: Identity | None = None,
) -> Child:
    """Start a child in a session of its own, writing to its log, tied to our life."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command),
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tied_to_us(death_signal),
            user=identity.uid if identity else None,
            group=identity.gid if identity else None,
            extra_groups=[] if identity else None,
        )
    return Child(name, process, log)


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path,
    quiet: bool = False,
    apart: bool = False,
) -> tuple[int, str]:
    """Run a command to its end: its status, and what it said if it was quiet.

    One that runs apart does not get the terminal's Ctrl-C: it is ended when we are.
    """
    process = subprocess.Popen(
        list(command),
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE if quiet else None,
        text=True,
        start_new_session=apart,
        preexec_fn=tied_to_us(signal.SIGTERM),
    )
    try:
        said, _ = process.communicate()
    except BaseException:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.wait()
        raise
    return process.returncode, said or ""


def stop(child: Child, *, patience: float = 8.0) -> None:
    """End a child and its whole group: asked first, then forced."""
    signal_group(child, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.process.wait(patience)
    signal_group(child, signal.SIGKILL)
    child.process.wait(5)


def signal_group(child: Child, number: int) -> None:
    # PermissionError: only zombies are left (macOS)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, number)


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def alive(pid: int) -> bool:
    """Whether the process runs: a zombie does not."""
    try:
        state = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        if _PROC.joinpath("self").exists():
            return False
    else:
        return state not in "ZX"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def working_in(folder: Path, program: str) -> list[int]:
    """Processes of this program whose working folder is this one: a server and its backends."""
    return [
        pid
        for pid in _pids()
        if _read_link(pid, "cwd") == str(folder)
        and _read_link(pid, "exe").rpartition("/")[2].removesuffix(" (deleted)") == program
    ]


def marked(value: str) -> list[int]:
    """Processes started by an earlier command on the same data folder."""
    wanted = f"{MARK}={value}".encode()
    found = []
    for pid in _pids():
        try:
            words = (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in words:
            found.append(pid)
    return found


def end_all(pids: Iterable[int], *, first: int = signal.SIGTERM, patience: float = 5.0) -> None:
    """End processes that are not our children, and wait until they are gone."""
    left = list(pids)
    for number in (first, signal.SIGKILL):
        for pid in left:
            send(pid, number)
        if wait_until(lambda: not any(alive(pid) for pid in left), patience):
            return
    raise CannotGoOn(f"Processes left by an earlier run do not end: {left}.")


def _pids() -> list[int]:
    if not _PROC.is_dir():
        return []
    own = os.getpid()
    return [int(p.name) for p in _PROC.iterdir() if p.name.isdigit() and int(p.name) != own]


def _read_link(pid: int, name: str) -> str:
    try:
        return str((_PROC / str(pid) / name).readlink())
    except OSError:
        return ""
