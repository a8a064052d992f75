"""The production server, as docs/operations/production.md starts it, in front of a country."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.http import usage
from ops import processes
from ops.bootstrap import ROOT
from preau.core import clock

WORKERS, THREADS = 2, 4
#: What the reverse proxy of production sets: there, visitors come by HTTPS.
HEADERS = {"Host": "127.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}


@dataclass(frozen=True)
class Site:
    """A server that answers."""

    port: int
    secret: str
    parent: int

    @property
    def workers(self) -> list[int]:
        """The processes that serve: the biggest ones, whatever else granian starts."""
        found = usage.children(self.parent)
        return sorted(found, key=lambda pid: -usage.memory(pid)[0])[:WORKERS]


@contextmanager
def serving(url: str) -> Iterator[Site]:
    """The site on that database, on a free port of this machine, until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="preau-bench-") as folder:
        var, port, secret = Path(folder), _free_port(), secrets.token_urlsafe(50)
        env = _environment(url, var, port, secret)
        python = Path(sys.executable)
        words: list[str | Path] = [python, "manage.py", "collectstatic", "--no-input", "-v", "0"]
        status, said = processes.run(words, env=env, cwd=ROOT, quiet=True)
        if status:
            raise RuntimeError(f"The style sheets could not be collected: {said}")
        granian: list[str | Path] = [python, "-m", "granian", "--interface", "wsgi"]
        granian += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS)]
        granian += ["--blocking-threads", str(THREADS), "--workers-kill-timeout", "30"]
        granian += ["config.wsgi:application"]
        log = var / "web.log"
        child = processes.start("web server", granian, env=env, log=log, cwd=ROOT)
        try:
            if not processes.wait_until(lambda: child.ended or _answers(port), 60) or child.ended:
                raise RuntimeError(f"The web server did not start: {log.read_text()[-2000:]}")
            yield Site(port, secret, child.process.pid)
        finally:
            processes.stop(child)


def _environment(url: str, var: Path, port: int, secret: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREAU_")}
    key, certificate = _papers(var)
    return kept | {
        "PREAU_MODE": "production",
        "PREAU_SECRET_KEY": secret,
        "DATABASE_URL": url,
        "PREAU_HOSTS": "127.0.0.1",
        "PREAU_SITE_URL": f"https://127.0.0.1:{port}",
        "PREAU_TRUSTED_PROXIES": "1",
        "PREAU_THEME": "neutre",
        "PREAU_SMTP_HOST": "smtp.invalid",
        "PREAU_PUBLISHER": "Mesures",
        "PREAU_SUPPORT_EMAIL": "mesures@example.fr",
        "PREAU_VAR": str(var),
        "PREAU_SEAL_KEY_FILE": str(key),
        "PREAU_SEAL_CERT_FILE": str(certificate),
        "PREAU_SEAL_CHAIN_FILE": str(certificate),
        "PREAU_TSA_URL": "https://tsa.invalid",
        "PREAU_TSA_CHAIN_FILE": str(certificate),
    }


def _papers(var: Path) -> tuple[Path, Path]:
    """A seal for this run: production refuses to start without one, and reading uses none."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Measures")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    paths = var / "seal.key", var / "seal.crt"
    pem = serialization.Encoding.PEM
    paths[0].write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    paths[1].write_bytes(certificate.public_bytes(pem))
    return paths


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/sante/", headers=HEADERS)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
