"""Time comes from the authority, a real process here; when it fails, nothing is signed."""

import hashlib
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import tsp

from preau.core import clock
from preau.documents import sealing, timestamps, trial
from preau.documents.verification import verify
from preau.outside.models import ServiceFailure, ServiceState
from tests.documents_pdf.agreement import AT, LINES, OCCUPANT, OWNER
from tests.documents_pdf.conftest import authority

DIGEST = hashlib.sha256(b"convention").digest()


def test_a_token_proves_its_digest_alone():
    with clock.frozen(AT):
        token = timestamps.stamp(DIGEST)
    assert timestamps.check(token, DIGEST) == AT
    with pytest.raises(timestamps.TokenRefused):
        timestamps.check(token, hashlib.sha256(b"autre").digest())
    with pytest.raises(timestamps.TokenRefused):
        timestamps.check(token[:-40] + bytes(40), DIGEST)
    with pytest.raises(timestamps.TokenRefused):
        timestamps.check(b"token", DIGEST)
    with pytest.raises(ValueError, match="32 bytes"):
        timestamps.stamp(b"short")


@pytest.mark.django_db(transaction=True)  # the threads of a signature have their own connections
def test_the_authority_stops_and_comes_back(prepared, signed_twice, settings):
    with authority() as (url, process):
        settings.TSA = {**settings.TSA, "url": url}
        signed = sealing.sign(prepared, field=OWNER, lines=LINES[OWNER])
        assert verify(signed).signatures[0].proven
        process.kill()
        process.wait()
        for attempt in (
            lambda: timestamps.stamp(DIGEST),
            lambda: sealing.sign(signed, field=OCCUPANT, lines=LINES[OCCUPANT]),
            lambda: sealing.seal(signed_twice),
            lambda: sealing.sign_evidence(b"{}"),
        ):
            with pytest.raises(timestamps.TimestampUnavailable):
                attempt()
    ServiceState.objects.update(failures=0, paused_until=None)  # the pause is over
    with authority() as (url, _):
        settings.TSA = {**settings.TSA, "url": url}
        assert verify(sealing.seal(signed_twice)).authentic


def test_an_authority_we_do_not_know_is_not_believed(prepared, settings, tmp_path):
    """Its answer is in form, signed, for this digest: its certificate is not one of ours."""
    ours = settings.VAR_DIR
    settings.VAR_DIR = tmp_path
    trial.folder()
    theirs = trial.stamp(DIGEST)
    settings.VAR_DIR = ours
    with pytest.raises(timestamps.TokenRefused):
        timestamps.check(theirs, DIGEST)


@contextmanager
def false_authority(answer):
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            question = self.rfile.read(int(self.headers["Content-Length"]))
            status, body = answer(question)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def _refused(question):
    return 200, tsp.TimeStampResp({"status": {"status": "rejection"}}).dump()


def _another_digest(question):
    request = tsp.TimeStampReq.load(question)
    request["message_imprint"]["hashed_message"] = bytes(32)
    return 200, trial.answer(request).dump()


def _another_nonce(question):
    request = tsp.TimeStampReq.load(question)
    request["nonce"] = 12345
    return 200, trial.answer(request).dump()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answer",
    [
        lambda question: (500, b""),
        lambda question: (200, b""),
        lambda question: (200, b"<html>"),
        lambda question: (200, bytes(300_000)),
        _refused,
        _another_digest,
        _another_nonce,
    ],
)
def test_any_other_answer_is_a_failure(answer, settings):
    with false_authority(answer) as url:
        settings.TSA = {**settings.TSA, "url": url}
        with pytest.raises(timestamps.TimestampUnavailable):
            timestamps.stamp(DIGEST)
    assert ServiceFailure.objects.get().state.service == timestamps.KEY


@pytest.mark.django_db
def test_a_silent_authority_is_left_in_time(settings, monkeypatch):
    monkeypatch.setattr(timestamps._believed, "__defaults__", (0.2,))
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings.TSA = {**settings.TSA, "url": f"http://127.0.0.1:{deaf.getsockname()[1]}/"}
        with pytest.raises(timestamps.TimestampUnavailable):
            timestamps.stamp(DIGEST)


def test_the_trial_authority_is_made_once(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    threads = [threading.Thread(target=trial.folder) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.name for one in tmp_path.iterdir()] == ["trial-authority"]
    assert (trial.folder() / "seal.key").stat().st_mode & 0o077 == 0
