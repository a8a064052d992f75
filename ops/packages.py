"""What the tests take from Debian, where we may install it."""

from __future__ import annotations

import os
import shutil

from ops import processes
from ops.bootstrap import ROOT
from ops.console import CannotGoOn, step


def can_install() -> bool:
    return os.getuid() == 0 and shutil.which("apt-get") is not None


def install(name: str) -> None:
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with step(f"Debian's {name}"):
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", name]):
            status, said = processes.run(["apt-get", *words], env=env, cwd=ROOT, quiet=True)
            if status:
                last = "\n".join(said.splitlines()[-10:])
                raise CannotGoOn(f"Debian's {name} could not be installed:\n{last}")
