"""The evidence of a round: what was shown, to whom, who did what and when, under a time-stamp.

Without a presumption of reliability, this file carries the proof (Code civil, art. 1366 and 1367).

It is locked for ten years and read by every party: what is personal in an event (name, address,
machine) stays in the journal's erasable side row; the file holds its salted digest.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from preau.agreements import traces
from preau.agreements.consent import LEVEL
from preau.agreements.instants import moment
from preau.agreements.models.rounds import Signatory, SignatureRound
from preau.agreements.signing_enums import ProviderName
from preau.core import clock
from preau.documents import journal, rendering, sealing, store, timestamps
from preau.documents.models import JournalEntry
from preau.documents.trust import SEAL

FORMAT = "preau-preuve-2"
TEMPLATE = "agreements/evidence.typ"
#: What the digest of an event's personal part proves; said in the file and on the page.
PERSONAL = (
    "Les données personnelles de chaque événement (nom, adresse, appareil) sont conservées à"
    " part : leur empreinte salée, inscrite dans le journal, prouve qu’elles n’ont pas été"
    " modifiées, sans les révéler, tant qu’elles n’ont pas été effacées."
)
#: What made the file and its signatures.
SOFTWARE = ("typst", "pyhanko", "pikepdf", "django")


@dataclass(frozen=True, slots=True)
class Made:
    """A proof, before it is deposited.

    Attributes:
        head: the digest of the journal's last line that it tells.
        data, signature: canonical JSON, and its detached signature with time-stamp.
        page: the same as a page to read, sealed.
        foreign: what an outside service gave as its own proof.
    """

    head: str
    data: bytes
    signature: bytes
    page: bytes
    foreign: bytes | None = None


def make(round_: SignatureRound) -> Made:
    """Make the proof of everything the journal says now. Asks the time-stamp authority.

    Raises:
        TimestampUnavailable: nothing was made.
    """
    lines = list(
        JournalEntry.objects.filter(chain=traces.chain_of(round_.agreement_id))
        .select_related("private")
        .order_by("seq")
    )
    head = lines[-1].hash
    token = timestamps.stamp(bytes.fromhex(head))
    at = clock.now()
    data = journal.canonical(_facts(round_, lines, token, at))
    foreign = round_.foreign_proof
    return Made(
        head=head,
        data=data,
        signature=sealing.sign_evidence(data),
        page=_page(round_, head, hashlib.sha256(data).hexdigest(), at),
        foreign=store.read(foreign) if foreign else None,
    )


def masked(email: str) -> str:
    """An address that its owner recognises and nobody else learns."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}***@{domain}"


def _level(round_: SignatureRound) -> str:
    if round_.provider == ProviderName.INTERNAL:
        return LEVEL
    return f"signature par {round_.get_provider_display()}, selon la preuve de ce service"


def _utc(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else ""


def _facts(
    round_: SignatureRound, lines: list[JournalEntry], token: bytes, at: datetime
) -> dict[str, Any]:
    agreement = round_.agreement
    return {
        "format": FORMAT,
        "level": _level(round_),
        "provider": round_.provider,
        "made_at": _utc(at),
        "agreement": {
            "number": agreement.number,
            "place": agreement.place.name,
            "model_version": agreement.version_id,
            "variables": agreement.variables,
        },
        "round": {
            "number": round_.number,
            "opened_at": _utc(round_.opened_at),
            "deadline": _utc(round_.deadline),
        },
        "revisions": _revisions(round_),
        "signatories": [_signatory(one) for one in round_.signatories.all()],
        "events": [_event(line) for line in lines],
        "journal": {
            "chain": traces.chain_of(agreement.pk),
            "lines": lines[-1].seq,
            "head": lines[-1].hash,
            "personal": PERSONAL,
            # Its message imprint is the head itself.
            "timestamp_token": token.hex(),
        },
        "software": {"preau": "0.1.0", **{name: version(name) for name in SOFTWARE}},
    }


def _revisions(round_: SignatureRound) -> list[dict[str, Any]]:
    """The digest of the file at each step: frozen, after each signature, sealed."""
    found = [("frozen", round_.frozen)]
    found += [(f"signature-{one.position}", one.revision) for one in round_.signatories.all()]
    found.append(("final", round_.revision))
    return [
        {"step": step, "file": file.pk, "sha256": file.sha256, "size": file.size}
        for step, file in found
        if file is not None
    ]


def _signatory(one: Signatory) -> dict[str, Any]:
    return {
        "position": one.position,
        "role": one.role,
        "name": one.name,
        "capacity": one.capacity,
        "party": one.party,
        "email": masked(one.email),
        "field": one.field,
        "invited_at": _utc(one.invited_at),
        "identified_at": _utc(one.identified_at),
        "identified_by": "provider" if one.signs_elsewhere else "email_code",
        "read_at": _utc(one.read_at),
        "consent": {
            "version": one.consent_version,
            "text": one.consent_text,
            "at": _utc(one.consented_at),
        },
        "signed_at": _utc(one.signed_at),
    }


def _event(line: JournalEntry) -> dict[str, Any]:
    """The line as chained, so that its digest can be computed anew from this file alone."""
    private = getattr(line, "private", None)
    address = private.data.get("email", "") if private is not None else ""
    return {
        "seq": line.seq,
        "at": _utc(line.at),
        "kind": line.kind,
        "data": line.data,
        "email": masked(address) if address else "",
        "private": line.private_hash,
        "prev": line.prev,
        "hash": line.hash,
    }


def _page(round_: SignatureRound, head: str, data_sha256: str, at: datetime) -> bytes:
    """One page that a person reads, sealed like the agreement."""
    agreement = round_.agreement
    zone = agreement.place.zone

    def when(instant: datetime | None) -> str:
        return moment(instant, zone) if instant else "–"

    facts = {
        "number": agreement.number,
        "place": agreement.place.name,
        "owner": agreement.owner.name,
        "level": _level(round_),
        "made_at": moment(at, zone),
        "signatories": [
            {
                "name": one.name,
                "capacity": f"{one.capacity}, pour {one.party}" if one.party else one.capacity,
                "email": masked(one.email),
                "identified": when(one.identified_at),
                "read": when(one.read_at),
                "consented": when(one.consented_at),
                "signed": when(one.signed_at),
            }
            for one in round_.signatories.all()
        ],
        "consent": next((one.consent_text for one in round_.signatories.all()), ""),
        "revisions": [
            {"step": _step(one["step"]), "sha256": one["sha256"]} for one in _revisions(round_)
        ],
        "head": head,
        "data_sha256": data_sha256,
        "personal": PERSONAL,
    }
    pdf = rendering.render(TEMPLATE, facts, at=at)
    boxes = rendering.boxes(TEMPLATE, facts, at=at)
    return sealing.seal(sealing.prepare(pdf, boxes, labels={SEAL: "Cachet de la plateforme"}))


def _step(name: str) -> str:
    """`signature-2` in a reader's words."""
    word, _, rank = name.partition("-")
    words = {
        "frozen": "Document présenté aux parties",
        "signature": f"Après la signature {rank}",
        "final": "Exemplaire final",
    }
    return words[word]
