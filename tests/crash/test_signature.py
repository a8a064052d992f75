"""A round whose worker is killed at each step, whose authority goes silent: one signature each."""

import io
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from ops.bootstrap import ROOT
from preau.agreements.actions import outcome
from preau.agreements.enums import AgreementState
from preau.agreements.models import Evidence
from preau.agreements.signing_enums import RoundState, SignatoryState
from preau.agreements.traces import chain_of
from preau.documents import journal, store
from preau.documents.enums import DocumentKind
from preau.documents.models import Document, JournalEntry
from preau.notifications.models import Email
from tests.crash import signing_worker
from tests.ops.conftest import _free_port
from tests.signatures import factories

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

ADVANCING = "preau.agreements.actions.advancing"
#: Where the worker of the first signature is killed, from its first line to after its last.
SIGNING = [
    f"before {ADVANCING}._sign",
    "before preau.documents.sealing.sign",
    "after preau.documents.sealing.sign",
    "after preau.documents.store.put",
    "after preau.agreements.traces.write",
    f"before {ADVANCING}.invite_next",
    f"after {ADVANCING}.invite_next",
    f"after {ADVANCING}.keep_signature",
]
#: Where the worker of the last one is killed, once all have signed.
ENDING = [
    "before preau.documents.sealing.seal",
    "after preau.documents.sealing.seal",
    f"after {ADVANCING}._seal",
    "after preau.documents.timestamps.stamp",
    "after preau.documents.sealing.sign_evidence",
    "after preau.agreements.evidence.make",
    f"after {ADVANCING}._deposit_proof",
    "after preau.agreements.actions.outcome.finish",
    f"after {ADVANCING}._prove",
]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path, transactional_db):
    settings.MEDIA_ROOT = tmp_path
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def work(dies="", tsa=""):
    """Run a worker until nothing waits, or until it dies."""
    log = Path(settings.MEDIA_ROOT, "worker.log")
    status = signing_worker.run(log=log, dies=dies, authority=tsa)
    assert status == (-signal.SIGKILL if dies else 0), log.read_text()[-3000:]


def time_passes():
    """The dead worker has been silent for a minute, and what was to be tried later is due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now()"
            " WHERE status = 'todo' AND scheduled_at > now()"
        )


def finish(round_):
    """The others sign; whatever happened before, the round must end well."""
    for position in range(1, round_.signatories.count() + 1):
        one = factories.signatory(round_, position)
        if one.state == SignatoryState.INVITED:
            factories.consented(one)
        work()


def wrong_with(round_):
    """Everything that is not as it must be at the end of a round."""
    round_.refresh_from_db()
    yield from _wrong_states(round_)
    chain = chain_of(round_.agreement_id)
    if (broken := journal.verify(chain)) is not None:
        yield f"the journal is broken at {broken}"
    kinds = Counter(
        (entry.kind, entry.data.get("position"))
        for entry in JournalEntry.objects.filter(chain=chain)
    )
    people = round_.signatories.count()
    once = [(f"signature.{what}", None) for what in ("opened", "sealed", "proved")]
    once += [
        (f"signature.{what}", position)
        for position in range(1, people + 1)
        for what in ("invited", "consented", "signed")
    ]
    yield from (f"{what} is told {kinds[what]} times" for what in once if kinds[what] != 1)
    yield from _wrong_files(round_, people)
    letters = Counter(Email.objects.values_list("recipient", "subject"))
    yield from (f"{letter} written {n} times" for letter, n in letters.items() if n != 1)


def _wrong_states(round_):
    if round_.state != RoundState.DONE or round_.agreement.state != AgreementState.SIGNED:
        yield f"the round is {round_.state}, the agreement {round_.agreement.state}"
    for one in round_.signatories.all():
        if one.state != SignatoryState.SIGNED:
            yield f"{one} is {one.state}"


def _wrong_files(round_, people):
    fields = signed_fields(store.read(round_.outcome.file))
    wanted = sorted([*(f"signataire-{n}" for n in range(1, people + 1)), "cachet"])
    if fields != wanted:
        yield f"signed fields: {fields}"
    revisions = {one.revision_id for one in round_.signatories.all()} | {round_.revision_id}
    if len(revisions) != people + 1:
        yield f"{len(revisions)} revisions"
    if Evidence.objects.count() != 1 or Document.objects.filter(kind="preuve").count() != 3:
        yield "there is not one proof"
    locked = Document.objects.filter(kind=DocumentKind.AGREEMENT, locked_until__isnull=False)
    if locked.count() != 1:
        yield f"{locked.count()} signed agreements"


def signed_fields(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as file:
        fields = list(file.Root.AcroForm.Fields)
        return sorted(str(one.T) for one in fields if "/V" in one and str(one.T)[0].islower())


def test_nobody_is_killed():
    round_ = factories.open_round()
    finish(round_)
    assert list(wrong_with(round_)) == []


@pytest.mark.parametrize("point", SIGNING)
def test_killed_while_signing(point):
    round_ = factories.open_round()
    factories.consented(factories.signatory(round_))
    work(dies=point)
    assert journal.verify(chain_of(round_.agreement_id)) is None
    time_passes()
    work()
    assert factories.signatory(round_).state == SignatoryState.SIGNED
    finish(round_)
    assert list(wrong_with(round_)) == []


@pytest.mark.parametrize("point", ENDING)
def test_killed_while_sealing_and_proving(point):
    round_ = factories.open_round()
    factories.consented(factories.signatory(round_))
    factories.work(round_)
    factories.consented(factories.signatory(round_, 2))
    work(dies=point)
    assert journal.verify(chain_of(round_.agreement_id)) is None
    time_passes()
    work()
    assert list(wrong_with(round_)) == []


def test_a_round_whose_job_vanished_is_found_again(monkeypatch):
    from preau.agreements import signing_tasks

    round_ = factories.open_round()
    factories.consented(factories.signatory(round_))
    ProcrastinateJob.objects.filter(task_name=outcome.ADVANCE_ROUND).update(status="failed")
    monkeypatch.setattr(signing_tasks, "timedelta", lambda **_: timedelta())
    assert signing_tasks.resume_rounds(timestamp=0) == 1
    assert signing_tasks.resume_rounds(timestamp=0) == 0
    finish(round_)
    assert list(wrong_with(round_)) == []


# --- The authority


@contextmanager
def authority(port):
    """The trial authority over HTTP, as a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "manage.py", "trial_tsa", "--port", str(port)],
        env={**os.environ, "PREAU_VAR": str(settings.VAR_DIR)}, cwd=ROOT,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        process.stdout.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_the_authority_is_silent_for_a_while():
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    round_ = factories.open_round()
    factories.consented(factories.signatory(round_))
    work(tsa=url)
    round_.refresh_from_db()
    assert round_.held_up_since is not None
    assert factories.signatory(round_).state == SignatoryState.CONSENTED
    job = ProcrastinateJob.objects.get(task_name=outcome.ADVANCE_ROUND)
    assert (job.status, job.scheduled_at is not None) == ("todo", True)
    for _ in range(2):
        time_passes()
        work(tsa=url)
    with authority(port):
        time_passes()
        work(tsa=url)
    round_.refresh_from_db()
    assert round_.held_up_since is None
    assert factories.signatory(round_).state == SignatoryState.SIGNED
    finish(round_)
    assert list(wrong_with(round_)) == []
