"""Node and npm, which the tests' stand-ins of ProConnect and FranceConnect run on: Debian's."""

from __future__ import annotations

import shutil

from ops.packages import can_install, install


def install_missing() -> None:
    """Install what is missing, where we may; else the tests that need it say what to install."""
    for name, package in (("node", "nodejs"), ("npm", "npm")):
        if shutil.which(name) is None and can_install():
            install(package)
