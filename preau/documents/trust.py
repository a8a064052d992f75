"""The seal's key, and whom we believe: certificates of the settings, or the trial authority's.

One place reads them; parsed once a process.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from asn1crypto import crl, x509
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder
from pyhanko.sign import SimpleSigner
from pyhanko_certvalidator import ValidationContext

from preau.documents import trial

#: A document's field that the platform seals, last.
SEAL = "cachet"


@dataclass(frozen=True, slots=True)
class Files:
    """Where the keys and certificates are. A chain file may also hold earlier authorities'."""

    key: Path
    certificate: Path
    chain: Path
    stamping_chain: Path
    former: Path | None = None
    revoked: Path | None = None
    passphrase: str = ""


def is_trial() -> bool:
    """No seal was bought: whatever is sealed is worth nothing, and says so."""
    return not settings.SEAL["certificate"]


def files() -> Files:
    if is_trial():
        place = trial.folder()
        chain = place / "root.crt"
        return Files(
            place / "seal.key", place / "seal.crt", chain, chain, revoked=place / "root.crl"
        )
    former = settings.SEAL["former"]
    return Files(
        Path(settings.SEAL["key"]),
        Path(settings.SEAL["certificate"]),
        Path(settings.SEAL["chain"]),
        Path(settings.TSA["chain"]),
        former=Path(former) if former else None,
        passphrase=settings.SEAL["passphrase"],
    )


def signer() -> SimpleSigner:
    return _signer(files())


def seal_name() -> str:
    """Whom the seal's certificate names."""
    names = _certificates(files().certificate)[0].subject.native
    return str(names.get("common_name") or names.get("organization_name") or "Préau")


@cache
def _signer(where: Files) -> SimpleSigner:
    found: SimpleSigner | None = SimpleSigner.load(
        str(where.key),
        str(where.certificate),
        ca_chain_files=[str(where.chain)],
        key_passphrase=where.passphrase.encode() or None,
    )
    if found is None:
        raise RuntimeError("The seal's key and certificate cannot be read (PREAU_SEAL_…).")
    return found


def own_certificates() -> frozenset[bytes]:
    """The digests of the seal's certificate and of those it had before."""
    where = files()
    known = list(_certificates(where.certificate))
    if where.former is not None:
        known += _certificates(where.former)
    return frozenset(one.sha256 for one in known)


def context(*, stamping: bool = False, moment: datetime | None = None) -> ValidationContext:
    """To judge a certificate as of a moment, on what we have: nothing is fetched."""
    where = files()
    known = _certificates(where.stamping_chain if stamping else where.chain)
    return ValidationContext(
        trust_roots=[one for one in known if one.self_issued],
        other_certs=[one for one in known if not one.self_issued],
        crls=_revoked(where.revoked),
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def sealing_context() -> ValidationContext:
    """To gather, while sealing, what proves that no certificate was revoked (B-LT)."""
    where = files()
    known = {*_certificates(where.chain), *_certificates(where.stamping_chain)}
    return ValidationContext(
        trust_roots=[one for one in known if one.self_issued],
        other_certs=[one for one in known if not one.self_issued],
        crls=_revoked(where.revoked),
        allow_fetching=True,  # the trial's certificates name no address to fetch from
        revocation_mode="hard-fail",
    )


@cache
def _certificates(path: Path) -> tuple[x509.Certificate, ...]:
    return tuple(load_certs_from_pemder([str(path)]))


def _revoked(path: Path | None) -> list[crl.CertificateList]:
    return [crl.CertificateList.load(path.read_bytes())] if path else []
