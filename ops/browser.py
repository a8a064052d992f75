"""A Chromium for the journeys: the machine's, else installed once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ops import processes
from ops.bootstrap import PYTHON, ROOT
from ops.console import CannotGoOn, step
from ops.packages import can_install, install

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def path() -> str:
    """Where the browser is; empty when it is the browser tool's own."""
    chosen = os.environ.get("PREAU_CHROMIUM", "")
    found = chosen or _on_machine()
    if not found and can_install():
        install("chromium")
        found = _on_machine()
    if not found and not _own_download():
        with step("Chromium"):
            status, _ = processes.run([PYTHON, "-m", "playwright", "install", "chromium"], cwd=ROOT)
        if status:
            raise CannotGoOn(
                "No browser could be installed for the journeys: install Chromium "
                "(on Debian: apt install chromium), or give its path in PREAU_CHROMIUM."
            )
    return found


def _on_machine() -> str:
    return next((found for name in _NAMES if (found := shutil.which(name))), "")


def _own_download() -> bool:
    ask = (
        "from playwright.sync_api import sync_playwright as p\n"
        "with p() as tools: print(tools.chromium.executable_path)"
    )
    status, said = processes.run([PYTHON, "-c", ask], cwd=ROOT, quiet=True)
    return status == 0 and Path(said.strip()).exists()
