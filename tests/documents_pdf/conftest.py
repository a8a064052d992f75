"""The life of one agreement, made once for all the tests that look at it."""

import subprocess
import sys
from contextlib import contextmanager

import pytest
from django.conf import settings

from preau.documents import rendering, sealing
from tests.documents_pdf.agreement import AT, LABELS, LINES, OCCUPANT, OWNER, TEMPLATE, data


@pytest.fixture(scope="session")
def rendered():
    return rendering.render(TEMPLATE, data(), at=AT)


@pytest.fixture(scope="session")
def prepared(rendered):
    boxes = rendering.boxes(TEMPLATE, data(), at=AT)
    return sealing.prepare(rendered, boxes, labels=LABELS)


@pytest.fixture(scope="session")
def signed_once(prepared):
    return sealing.sign(prepared, field=OWNER, lines=LINES[OWNER])


@pytest.fixture(scope="session")
def signed_twice(signed_once):
    return sealing.sign(signed_once, field=OCCUPANT, lines=LINES[OCCUPANT])


@pytest.fixture(scope="session")
def sealed(signed_twice):
    return sealing.seal(signed_twice)


@contextmanager
def authority():
    """The trial time-stamp authority as a process of its own: its address, and the process."""
    command = [sys.executable, "-W", "ignore", "manage.py", "trial_tsa"]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.kill()
