"""The MQTT broker that the tests of doors speak to: Debian's mosquitto."""

from __future__ import annotations

import shutil

from ops.packages import can_install, install


def path() -> str:
    """Where it is; empty where it is not. Debian keeps it out of the way of ordinary users."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin") or ""


def install_missing() -> None:
    """Install it where we may; else the tests that need it say what to install."""
    if not path() and can_install():
        install("mosquitto")
