"""PgBouncer, which the tests put before their database: Debian's, the oldest we promise to."""

from __future__ import annotations

import shutil

from ops.packages import can_install, install


def path() -> str:
    """Where it is; empty where it is not. Debian keeps it out of the way of ordinary users."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin") or ""


def install_missing() -> None:
    """Install it where we may; else the tests that need it say what to install."""
    if not path() and can_install():
        install("pgbouncer")
