"""`make check` and its kin: what needs neither a database nor a browser."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from ops import bootstrap, processes
from ops.bootstrap import ROOT, VENV
from ops.console import CannotGoOn, say, step

_LOCKS = ("main", "payfip", "dev")
_TEST = {"PREAU_MODE": "test", "DATABASE_URL": "postgresql://nobody@localhost:1/none"}
#: A certificate whose key nobody kept: the settings are only read, nothing is sealed.
_STAND_IN = str(ROOT / "ops" / "stand_in.crt")
_PRODUCTION = _TEST | {
    "PREAU_MODE": "production",
    "PREAU_HOSTS": "preau.example",
    "PREAU_SITE_URL": "https://preau.example",
    "PREAU_THEME": "dsfr",
    "PREAU_SMTP_HOST": "smtp.preau.example",
    "PREAU_PUBLISHER": "Préau",
    "PREAU_SUPPORT_EMAIL": "aide@preau.example",
    "PREAU_SEAL_KEY_FILE": "/etc/preau/seal.key",
    "PREAU_SEAL_CERT_FILE": _STAND_IN,
    "PREAU_SEAL_CHAIN_FILE": _STAND_IN,
    "PREAU_TSA_URL": "https://tsa.preau.example",
    "PREAU_TSA_CHAIN_FILE": _STAND_IN,
}


def check() -> int:
    """Run every check, and say at the end which ones failed."""
    python = bootstrap.environment("dev")
    tools = VENV / "bin"
    manage: list[str | Path] = [python, "-W", "ignore", "manage.py"]
    production = _PRODUCTION | {"PREAU_SECRET_KEY": secrets.token_urlsafe(50)}
    checks: dict[str, tuple[list[str | Path], dict[str, str]]] = {
        "Rules of style (ruff)": ([tools / "ruff", "check", "."], {}),
        "Form (ruff format)": ([tools / "ruff", "format", "--check", "."], {}),
        "Types (mypy)": ([tools / "mypy"], _TEST),
        "Imports only go down (import-linter)": ([tools / "lint-imports"], _TEST),
        "Migrations": ([*manage, "makemigrations", "--check", "--dry-run"], _TEST),
        "Production settings": (
            [*manage, "check", "--deploy", "--fail-level", "WARNING"],
            production,
        ),
    }
    failed = [] if _locks_name_no_host() else ["Locks"]
    for title, (command, extra) in checks.items():
        with step(title):
            status, _ = processes.run(command, env=os.environ | extra, cwd=ROOT)
        failed += [title] if status else []
    say("\nFailed: " + ", ".join(failed) if failed else "\nAll checks passed.")
    return 1 if failed else 0


def fix() -> int:
    bootstrap.environment("dev")
    ruff = VENV / "bin" / "ruff"
    for words in (["check", "--fix", "."], ["format", "."]):
        processes.run([ruff, *words], cwd=ROOT)
    return 0


def lock() -> int:
    """Renew the locks from requirements/*.in: hashes, and no registry's address."""
    uv = shutil.which("uv")
    if uv is None:
        raise CannotGoOn("Renewing the locks needs uv (pip install uv).")
    for kind in _LOCKS:
        command = [uv, "pip", "compile", f"{kind}.in", "-o", f"{kind}.lock", "--quiet"]
        command += ["--python-version", "3.11", "--generate-hashes", "--no-header"]
        command += ["--no-emit-index-url", "--no-emit-find-links"]
        status, _ = processes.run(command, cwd=ROOT / "requirements")
        if status:
            return status
    return 0 if _locks_name_no_host() else 1


def _locks_name_no_host() -> bool:
    for kind in _LOCKS:
        if "://" in (ROOT / "requirements" / f"{kind}.lock").read_text():
            say(f"requirements/{kind}.lock names a host: locks give versions and hashes only.")
            return False
    return True
