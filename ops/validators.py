"""What judges our PDFs in the tests: poppler’s pdfsig, and Java with JAXB for veraPDF."""

from __future__ import annotations

import shutil
from pathlib import Path

from ops.packages import can_install, install

#: veraPDF comes in a Python wheel, without this library of Java's.
JAXB = Path("/usr/share/java/jaxb-runtime.jar")


def install_missing() -> None:
    """Install what is missing, where we may; else the tests that need it say what to install."""
    if not can_install():
        return
    if shutil.which("javac") is None:
        install("default-jdk-headless")
    if not JAXB.exists():
        install("libjaxb-java")
    if shutil.which("pdfsig") is None:
        install("poppler-utils")
