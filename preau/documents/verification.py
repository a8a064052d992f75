"""Is a PDF ours, by whom, when, and untouched since? In plain French, for whoever holds the file.

The answer rests on the file alone: nothing is fetched, nothing is kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    async_validate_detached_cms,
    validate_pdf_signature,
    validate_pdf_timestamp,
)

from preau.core import clock, formats
from preau.documents import trial, trust
from preau.documents.loops import outside_any_loop
from preau.documents.trust import SEAL

LARGEST = 20_000_000
#: A round has 2 to 5 signatories, a seal and its time-stamp; more is somebody's trap.
MOST_SIGNATURES = 20
PARIS = ZoneInfo("Europe/Paris")


class Verdict(StrEnum):
    AUTHENTIC = "authentique"
    UNFINISHED = "en_cours"
    ALTERED = "modifie"
    UNPROVEN = "non_prouve"
    FOREIGN = "autre"
    UNSIGNED = "sans_signature"
    DAMAGED = "abime"
    ENCRYPTED = "protege"
    NOT_PDF = "pas_pdf"
    TOO_LARGE = "trop_gros"


#: What is said first, and what to do.
WORDS: dict[Verdict, tuple[str, str]] = {
    Verdict.AUTHENTIC: (
        "Ce document est authentique",
        "Il a été signé sur ce service et n’a pas été modifié depuis.",
    ),
    Verdict.UNFINISHED: (
        "Ce document n’est pas encore définitif",
        "Les signatures ci-dessous sont authentiques, mais le cachet final manque : "
        "ce n’est pas l’exemplaire définitif. Demandez-le à la structure qui gère le lieu.",
    ),
    Verdict.ALTERED: (
        "Ce document a été modifié après sa signature",
        "Ne vous y fiez pas. Demandez l’exemplaire d’origine à la structure qui gère le lieu.",
    ),
    Verdict.UNPROVEN: (
        "Nous ne pouvons pas confirmer ce document",
        "Son contenu n’a pas changé, mais la date ou le certificat de sa signature ne peut pas "
        "être vérifié. Demandez confirmation à la structure qui gère le lieu.",
    ),
    Verdict.FOREIGN: (
        "Ce document n’a pas été signé sur ce service",
        "Il porte une signature d’une autre origine, dont nous ne pouvons rien dire.",
    ),
    Verdict.UNSIGNED: (
        "Ce document n’est pas signé",
        "Il ne porte aucune signature électronique : rien ne prouve d’où il vient. "
        "Un document imprimé puis numérisé perd ses signatures ; vérifiez le fichier d’origine.",
    ),
    Verdict.DAMAGED: (
        "Ce fichier est abîmé ou a été modifié",
        "Il ne peut pas être lu en entier. Téléchargez-le de nouveau depuis le service, "
        "ou demandez l’exemplaire d’origine.",
    ),
    Verdict.ENCRYPTED: (
        "Ce fichier est protégé par un mot de passe",
        "Les documents de ce service ne le sont jamais. Vérifiez le fichier d’origine.",
    ),
    Verdict.NOT_PDF: (
        "Ce fichier n’est pas un PDF",
        "Choisissez le fichier PDF reçu ou téléchargé, et non une photo ou une copie d’écran.",
    ),
    Verdict.TOO_LARGE: (
        "Ce fichier est trop gros",
        "Les documents de ce service font moins de 20 Mo. Vérifiez le fichier d’origine.",
    ),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of the file. `at` is what the time-stamp proves, or nothing."""

    name: str
    lines: tuple[str, ...]
    field: str
    at: datetime | None
    certificate: str
    ours: bool
    intact: bool
    proven: bool

    @property
    def is_seal(self) -> bool:
        return self.field == SEAL

    @property
    def sentence(self) -> str:
        who = self.name or self.certificate
        if not self.intact:
            return f"{who} : signature rompue, le document a changé depuis."
        if not self.ours:
            return f"{who} : signature d’une autre origine."
        when = f"le {_in_words(self.at)}" if self.at else "à une date inconnue"
        return f"{who}, {when}."


@dataclass(frozen=True, slots=True)
class Report:
    """What is said of a file."""

    verdict: Verdict
    sha256: str
    signatures: tuple[Signature, ...] = ()
    trial: bool = False
    sealed_at: datetime | None = None

    @property
    def authentic(self) -> bool:
        return self.verdict is Verdict.AUTHENTIC

    @property
    def altered(self) -> bool:
        return self.verdict is Verdict.ALTERED

    @property
    def title(self) -> str:
        return WORDS[self.verdict][0]

    @property
    def text(self) -> str:
        return WORDS[self.verdict][1]

    @property
    def sentences(self) -> tuple[str, ...]:
        return (
            f"{self.title}.",
            self.text,
            *(one.sentence for one in self.signatures),
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is said of a detached signature over an evidence file."""

    authentic: bool
    at: datetime | None


def sha256_of(pdf: bytes) -> str:
    return hashlib.sha256(pdf).hexdigest()


@outside_any_loop
def verify(pdf: bytes) -> Report:
    """Everything a file tells about itself. Never raises, whatever the file."""
    sha256 = sha256_of(pdf)
    if len(pdf) > LARGEST:
        return Report(Verdict.TOO_LARGE, sha256)
    if b"%PDF-" not in pdf[:1024]:
        return Report(Verdict.NOT_PDF, sha256)
    try:
        return _read(pdf, sha256)
    except Exception:  # a parser fed by strangers fails in more ways than it names
        return Report(Verdict.DAMAGED, sha256)


@outside_any_loop
def verify_evidence(payload: bytes, signature: bytes) -> Evidence:
    """Whether `sealing.sign_evidence` made this signature over these very bytes, and when."""
    try:
        signed = cms.ContentInfo.load(signature, strict=True)["content"]
        at = _claimed(signed["signer_infos"][0])
        status: Any = asyncio.run(
            async_validate_detached_cms(
                payload,
                signed,
                signer_validation_context=trust.context(moment=at),
                ts_validation_context=trust.context(stamping=True, moment=clock.now()),
            )
        )
    except Exception:  # as above
        return Evidence(False, None)
    proven = _stamped(status)
    authentic = bool(
        status.intact and status.valid and status.trusted and proven and _is_ours(status)
    )
    return Evidence(authentic, proven if authentic else None)


def _read(pdf: bytes, sha256: str) -> Report:
    reader = PdfFileReader(io.BytesIO(pdf))
    if reader.encrypted:
        return Report(Verdict.ENCRYPTED, sha256)
    found = list(reader.embedded_signatures)
    if not found:
        return Report(Verdict.UNSIGNED, sha256)
    if len(found) > MOST_SIGNATURES:
        return Report(Verdict.DAMAGED, sha256)
    return _judge(found, sha256)


def _judge(found: list[EmbeddedPdfSignature], sha256: str) -> Report:
    stamps = [one for one in found if one.sig_object_type == "/DocTimeStamp"]
    people = [one for one in found if one.sig_object_type != "/DocTimeStamp"]
    closed, archived_at = _archive(stamps)
    closed = closed and _covers_everything(found[-1])
    signatures = tuple(_signature(one, archived_at) for one in people)
    seal = next((one for one in signatures if one.is_seal and one.ours), None)
    return Report(
        verdict=_verdict(signatures, closed=closed, sealed=seal is not None),
        sha256=sha256,
        signatures=signatures,
        trial=any(trial.MARK in one.certificate for one in signatures if one.ours),
        sealed_at=seal.at if seal else None,
    )


def _verdict(signatures: tuple[Signature, ...], *, closed: bool, sealed: bool) -> Verdict:
    ours = [one for one in signatures if one.ours]
    if not ours:
        return Verdict.FOREIGN
    if not closed or not all(one.intact for one in signatures):
        return Verdict.ALTERED
    if len(ours) < len(signatures) or not all(one.proven for one in ours):
        return Verdict.UNPROVEN
    return Verdict.AUTHENTIC if sealed else Verdict.UNFINISHED


def _covers_everything(last: EmbeddedPdfSignature) -> bool:
    """Nothing follows the last signature, not even what a reader would not show."""
    last.compute_integrity_info(skip_diff=True)
    return last.coverage == SignatureCoverageLevel.ENTIRE_FILE


def _archive(stamps: list[EmbeddedPdfSignature]) -> tuple[bool, datetime | None]:
    """Whether nothing changed since the archival time-stamps, and when the first was made."""
    closed, at = True, None
    for one in stamps:
        status = validate_pdf_timestamp(one, trust.context(stamping=True, moment=clock.now()))
        closed = closed and bool(
            status.intact and status.valid and _within(status, ModificationLevel.LTA_UPDATES)
        )
        if closed and status.trusted and at is None:
            at = status.timestamp
    return closed, at


def _signature(one: EmbeddedPdfSignature, archived_at: datetime | None) -> Signature:
    status = validate_pdf_signature(
        one,
        trust.context(moment=_claimed(one.signer_info)),
        trust.context(stamping=True, moment=archived_at or clock.now()),
    )
    most = ModificationLevel.FORM_FILLING
    if one.field_name == SEAL:
        most = ModificationLevel.LTA_UPDATES
    at = _stamped(status)
    return Signature(
        name=_text(one, "/Name"),
        lines=tuple(part for part in _text(one, "/Reason").split(" — ") if part),
        field=str(one.field_name),
        at=at,
        certificate=_common_name(one),
        ours=_is_ours(status),
        intact=bool(status.intact and status.valid and _within(status, most)),
        proven=bool(status.trusted and at is not None),
    )


def _within(status: Any, most: ModificationLevel) -> bool:
    level = status.modification_level
    return level is not None and level <= most and status.docmdp_ok is not False


def _stamped(status: Any) -> datetime | None:
    """The time the signature's own time-stamp proves."""
    stamp = status.timestamp_validity
    if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted):
        return None
    found: datetime = stamp.timestamp
    return found.astimezone(UTC)


def _claimed(signer_info: cms.SignerInfo) -> datetime:
    """The time its time-stamp gives, not judged yet: as of when to judge the certificate."""
    attributes = signer_info["unsigned_attrs"]
    for attribute in attributes if attributes else ():
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0]["content"]["encap_content_info"]["content"].parsed
            found: datetime = token["gen_time"].native
            return found
    return clock.now()


def _is_ours(status: Any) -> bool:
    # A public authority certifies others too: the certificate itself must be one of ours.
    return status.signing_cert.sha256 in trust.own_certificates()


def _in_words(at: datetime) -> str:
    here = formats.local(at, PARIS)
    return f"{formats.day(here.date())} à {formats.hour(here)} (heure de Paris)"


def _text(one: EmbeddedPdfSignature, key: str) -> str:
    value = one.sig_object.get(key, "")
    return value if isinstance(value, str) else ""


def _common_name(one: EmbeddedPdfSignature) -> str:
    name = one.signer_cert.subject.native
    return str(name.get("common_name") or name.get("organization_name") or "")
