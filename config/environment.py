"""Reading and checking the environment: the only place that looks at `os.environ`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
MODES = ("demo", "test", "production")
#: Known to everybody: good for a demonstration, refused in production.
DEMO_SECRET_KEY = "demonstration-only-" + "0" * 40
#: In the name of every certificate of the trial authority (preau/documents/trial.py).
TRIAL_MARK = "ESSAI sans valeur"
#: How long a search waits for a replica gone silent (s, ms); the same words in its address win.
REPLICA_PATIENCE = {"connect_timeout": "2", "tcp_user_timeout": "3000"}
#: Whether this process answers pages (config/wsgi.py); commands and workers do not.
serves_pages = False


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name)
    if not value:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?host=/socket/folder`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("The address of a database must start with postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or query.pop("password", "")),
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": query.pop("port", "") or parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def databases(embedded: str) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: the primary, and the replica that searches read when there is one.

    Pages go through PgBouncer where one is named. Commands do not (a migration locks and alters for
    minutes), nor do workers, which listen: transaction mode would lose what they wait for.
    """
    direct, pool = text("DATABASE_URL") or embedded, text("PREAU_POOL_URL")
    found = {"default": pooled(pool) if pool and serves_pages else database(direct)}
    if replica := text("PREAU_SEARCH_DATABASE_URL"):
        found["search"] = pooled(replica)
        found["search"]["OPTIONS"] = REPLICA_PATIENCE | found["search"]["OPTIONS"]
        found["search"]["TEST"] = {"MIRROR": "default"}
    return found


def pooled(url: str) -> dict[str, Any]:
    """A connection that keeps nothing on the server from one transaction to the next.

    It stays open: in transaction mode, PgBouncer lends a server for a transaction alone.
    """
    known = database(url)
    known["DISABLE_SERVER_SIDE_CURSORS"] = True
    known["OPTIONS"]["prepare_threshold"] = None  # nothing prepared
    return known


def _seal_faults(seal: dict[str, str], tsa: dict[str, str]) -> list[str]:
    """What keeps documents from being sealed for good."""
    faults = []
    if not (seal["key"] and seal["certificate"] and seal["chain"]):
        faults.append(
            "PREAU_SEAL_KEY_FILE, PREAU_SEAL_CERT_FILE and PREAU_SEAL_CHAIN_FILE must name "
            "the seal of documents."
        )
    if not (tsa["url"] and tsa["chain"]):
        faults.append("PREAU_TSA_URL and PREAU_TSA_CHAIN_FILE must name a time-stamp authority.")
    named = {
        "PREAU_SEAL_CERT_FILE": seal["certificate"],
        "PREAU_SEAL_CHAIN_FILE": seal["chain"],
        "PREAU_SEAL_FORMER_CERTS_FILE": seal["former"],
        "PREAU_TSA_CHAIN_FILE": tsa["chain"],
    }
    return faults + [
        fault for name, path in named.items() if path and (fault := _certificates_fault(name, path))
    ]


def _certificates_fault(name: str, path: str) -> str:
    """Why a file of certificates will not do; empty when it will."""
    from cryptography import x509  # here, since only production looks at certificates

    try:
        found = x509.load_pem_x509_certificates(Path(path).read_bytes())
    except (OSError, ValueError):
        return f"{name} must be a file of certificates (PEM) that this process can read."
    if any(TRIAL_MARK in one.subject.rfc4514_string() for one in found):
        return f"{name} must not be the trial certificate."
    return ""


def refuse_unsafe_production(settings: dict[str, Any]) -> None:
    """Stop a production start that would run on demonstration secrets.

    Raises:
        ImproperlyConfigured: with every reason, one a line.
    """
    faults = []
    if settings["SECRET_KEY"] in {"", DEMO_SECRET_KEY} or len(settings["SECRET_KEY"]) < 50:
        faults.append("PREAU_SECRET_KEY must be a private random text of 50 characters or more.")
    if settings["DEBUG"]:
        faults.append("PREAU_DEBUG must be off.")
    if not text("DATABASE_URL"):
        faults.append("DATABASE_URL must name the production PostgreSQL.")
    if not settings["ALLOWED_HOSTS"] or "*" in settings["ALLOWED_HOSTS"]:
        faults.append("PREAU_HOSTS must list the host names served, without a star.")
    if not text("PREAU_THEME"):
        faults.append("PREAU_THEME must be named (dsfr is for services of the State only).")
    faults += _seal_faults(settings["SEAL"], settings["TSA"])
    if not (settings["PUBLISHER"]["name"] and settings["PUBLISHER"]["email"]):
        faults.append(
            "PREAU_PUBLISHER and PREAU_SUPPORT_EMAIL must name whom the legal page names."
        )
    if not settings["EMAIL_HOST"]:
        faults.append("PREAU_SMTP_HOST must name the server that sends e-mails.")
    if faults:
        reasons = "".join(f"\n- {fault}" for fault in faults)
        raise ImproperlyConfigured(f"Préau refuses to start in production:{reasons}")
