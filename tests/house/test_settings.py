"""Production refuses to start on demonstration secrets."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from preau.documents import trial

SAFE = {
    "PREAU_MODE": "production",
    "PREAU_SECRET_KEY": "a-private-text-that-nobody-knows-but-this-test-" + "x" * 20,
    "PREAU_HOSTS": "preau.example",
    "PREAU_SITE_URL": "https://preau.example",
    "PREAU_THEME": "neutral",
    "PREAU_SMTP_HOST": "smtp.example",
    "PREAU_PUBLISHER": "Ville d’essai",
    "PREAU_SUPPORT_EMAIL": "aide@ville.example",
    "DATABASE_URL": "postgresql://preau@database.example/preau",
    "PREAU_SEAL_KEY_FILE": "/etc/preau/seal.key",
    "PREAU_TSA_URL": "https://tsa.example",
}


@pytest.fixture(scope="module")
def seal(tmp_path_factory):
    """A certificate that is not the trial's, for each setting that names one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Cachet de la ville")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2046, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("seal") / "seal.crt"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    names = ("PREAU_SEAL_CERT_FILE", "PREAU_SEAL_CHAIN_FILE", "PREAU_TSA_CHAIN_FILE")
    return dict.fromkeys(names, str(path))


def _read_settings(**changes):
    env = {name: value for name, value in os.environ.items() if not name.startswith("PREAU_")}
    env |= SAFE | changes
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_when_everything_is_given(seal):
    result = _read_settings(**seal)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"PREAU_SECRET_KEY": ""}, "PREAU_SECRET_KEY must be"),
        ({"PREAU_SECRET_KEY": "demonstration-only-" + "0" * 40}, "PREAU_SECRET_KEY must be"),
        ({"PREAU_DEBUG": "1"}, "PREAU_DEBUG must be off"),
        ({"DATABASE_URL": ""}, "DATABASE_URL must name"),
        ({"PREAU_HOSTS": "*"}, "PREAU_HOSTS must list"),
        ({"PREAU_THEME": ""}, "PREAU_THEME must be named"),
        ({"PREAU_SMTP_HOST": ""}, "PREAU_SMTP_HOST must name"),
        ({"PREAU_PUBLISHER": ""}, "PREAU_PUBLISHER and"),
        ({"PREAU_SEAL_KEY_FILE": ""}, "PREAU_SEAL_KEY_FILE, PREAU_SEAL_CERT_FILE and"),
        ({"PREAU_SEAL_CERT_FILE": "/nowhere"}, "PREAU_SEAL_CERT_FILE must be a file"),
        ({"PREAU_TSA_URL": ""}, "PREAU_TSA_URL and"),
        ({"PREAU_MODE": "prod"}, "PREAU_MODE must be one of"),
    ],
)
def test_production_refuses(changes, sentence, seal):
    result = _read_settings(**seal | changes)
    assert result.returncode != 0
    assert sentence in result.stderr


def test_production_refuses_the_trial_seal(seal, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    given = seal | {"PREAU_SEAL_CERT_FILE": str(trial.folder() / "seal.crt")}
    result = _read_settings(**given)
    assert "PREAU_SEAL_CERT_FILE must not be the trial certificate" in result.stderr


def test_every_fault_is_said_at_once(seal):
    result = _read_settings(**seal, PREAU_SECRET_KEY="", PREAU_HOSTS="", PREAU_SMTP_HOST="")
    assert result.stderr.count("\n- PREAU_") == 3


def test_every_setting_is_documented_and_nothing_else():
    root = Path(settings.BASE_DIR)
    code = "".join(path.read_text() for path in (root / "config").glob("*.py"))
    read = set(re.findall(r"\"(PREAU_[A-Z0-9_]+|DATABASE_URL)\"", code))
    table = (root / "docs" / "operations" / "settings.md").read_text().partition("The commands")[0]
    assert set(re.findall(r"`(PREAU_[A-Z0-9_]+|DATABASE_URL)`", table)) == read
