"""A trial certification authority, seal and time-stamp authority: for demonstrations and tests.

Made at first use in the data folder (a private key has no place in a repository), never used in
production. Whatever they seal says « ESSAI, sans valeur » on every page.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from asn1crypto import algos, tsp
from asn1crypto import keys as asn1_keys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from pyhanko.keys import load_cert_from_pemder
from pyhanko.sign.timestamps.common_utils import get_nonce
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from preau.core import clock

#: In the subject of every trial certificate; production refuses a certificate that carries it.
MARK = "ESSAI sans valeur"
#: On every page and in every stamp.
SENTENCE = "ESSAI, sans valeur"
# Far on both sides: a trial must not expire in the middle of a test that stops the clock.
_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_UNTIL = datetime(2049, 12, 31, tzinfo=UTC)


def folder() -> Path:
    """The trial authority's files: made once, by whichever process comes first."""
    place = Path(settings.VAR_DIR) / "trial-authority"
    if not place.is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="trial-", dir=place.parent))
        _write(draft)
        try:
            draft.rename(place)
        except OSError:  # another process was first: its authority is the one
            shutil.rmtree(draft)
    return place


def stamp(digest: bytes) -> bytes:
    """An RFC 3161 token by the trial authority, in this process. Its clock is ours: a trial."""
    request = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "hashed_message": digest,
            },
            "cert_req": True,
            "nonce": get_nonce(),
        }
    )
    token: bytes = answer(request)["time_stamp_token"].dump()
    return token


def answer(request: tsp.TimeStampReq) -> tsp.TimeStampResp:
    """The trial authority's answer to any request."""
    certificate, key = _authority(folder())
    return DummyTimeStamper(certificate, key, fixed_dt=clock.now()).request_tsa_response(request)


@cache
def _authority(place: Path) -> tuple[object, asn1_keys.PrivateKeyInfo]:
    pem = serialization.load_pem_private_key((place / "tsa.key").read_bytes(), password=None)
    der = pem.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    certificate = load_cert_from_pemder(str(place / "tsa.crt"))
    return certificate, asn1_keys.PrivateKeyInfo.load(der)


def _write(place: Path) -> None:
    """Root, seal, time-stamp authority and an empty revocation list; the root's key is not kept."""
    root_key = _key()
    root = _certificate("Autorité racine", root_key, None, root_key)
    (place / "root.crt").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    for name, title in (("seal", "Cachet de Préau"), ("tsa", "Horodatage")):
        key = _key()
        leaf = _certificate(title, key, root, root_key, stamps=name == "tsa")
        (place / f"{name}.crt").write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
        path = place / f"{name}.key"
        path.touch(mode=0o600)
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    revoked = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(_SINCE)
        .next_update(_UNTIL)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )
    (place / "root.crl").write_bytes(revoked.public_bytes(serialization.Encoding.DER))


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=3072)


def _certificate(
    title: str,
    key: rsa.RSAPrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: rsa.RSAPrivateKey,
    *,
    stamps: bool = False,
) -> x509.Certificate:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, MARK),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{title} ({MARK})"),
        ]
    )
    public = key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_SINCE)
        .not_valid_after(_UNTIL)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(_usage(root=issuer is None, stamps=stamps), critical=True)
    )
    if stamps:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(*, root: bool, stamps: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not root,
        content_commitment=not root and not stamps,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=root,
        crl_sign=root,
        encipher_only=False,
        decipher_only=False,
    )
