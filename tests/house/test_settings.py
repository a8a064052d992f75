"""Production refuses to start on demonstration secrets."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

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
}


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


def test_production_starts_when_everything_is_given():
    result = _read_settings()
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
        ({"PREAU_SEAL_CERTIFICATE": "trial"}, "must not be the trial certificate"),
        ({"PREAU_MODE": "prod"}, "PREAU_MODE must be one of"),
    ],
)
def test_production_refuses(changes, sentence):
    result = _read_settings(**changes)
    assert result.returncode != 0
    assert sentence in result.stderr


def test_every_fault_is_said_at_once():
    result = _read_settings(PREAU_SECRET_KEY="", PREAU_HOSTS="", PREAU_SMTP_HOST="")
    assert result.stderr.count("\n- PREAU_") == 3


def test_every_setting_is_documented_and_nothing_else():
    root = Path(settings.BASE_DIR)
    code = "".join(path.read_text() for path in (root / "config").glob("*.py"))
    read = set(re.findall(r"\"(PREAU_[A-Z0-9_]+|DATABASE_URL)\"", code))
    table = (root / "docs" / "operations" / "settings.md").read_text().partition("The commands")[0]
    assert set(re.findall(r"`(PREAU_[A-Z0-9_]+|DATABASE_URL)`", table)) == read
