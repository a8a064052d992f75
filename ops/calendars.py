"""Debian's khal and vdirsyncer: the calendar programs that the tests of feeds read with."""

from __future__ import annotations

import shutil

from ops.packages import can_install, install


def install_missing() -> None:
    for name in ("khal", "vdirsyncer"):
        if not shutil.which(name) and can_install():
            install(name)
