"""Signing at an outside service, through Yousign's API v3: https://developers.yousign.com

A request is drafted, given a document and signers, then activated; the service writes to the
signers. Each call asks for one thing, so that a caller that was cut can see what is already there.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx

from preau.integrations import http

#: Seconds for a whole exchange; bytes of the longest document that the service takes.
TIMEOUT_SECONDS = 20.0
LARGEST_DOCUMENT = 50_000_000
#: The header that signs a notification.
SIGNATURE_HEADER = "X-Yousign-Signature-256"


class Refused(Exception):
    """The service understood and said no: asking the same again changes nothing."""


@dataclass(frozen=True, slots=True)
class Person:
    """One signer, and where their signature goes: points from the bottom left of a page."""

    first_name: str
    last_name: str
    email: str
    page: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Signer:
    id: str
    status: str


@dataclass(frozen=True, slots=True)
class Request:
    """A signature request as the service knows it. Signers in their order."""

    id: str
    status: str
    external_id: str
    signers: tuple[Signer, ...]
    documents: tuple[str, ...]
    decline_reason: str


class Client:
    """One organisation's access.

    Args:
        url: the API's root ("https://api.yousign.app/v3").
        key: the organisation's bearer key.
    """

    def __init__(self, url: str, key: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        # Asked again by the task that asked, minutes later: never twice here.
        headers = {"Authorization": f"Bearer {key}"}
        self._service = http.Service(
            url.rstrip("/"), headers, timeout, largest_answer=LARGEST_DOCUMENT
        )

    def find(self, external_id: str) -> Request | None:
        """The request made under our name for it, if it was."""
        answer = self._json("GET", "/signature_requests", params={"external_id": external_id})
        with _their_shape():
            same = [
                str(one["id"]) for one in answer["data"] if one.get("external_id") == external_id
            ]
        return self.get(same[0]) if same else None

    def create(self, name: str, external_id: str, expires: date) -> Request:
        body = {
            "name": name[:128],
            "delivery_mode": "email",
            "ordered_signers": True,
            "external_id": external_id,
            "expiration_date": expires.isoformat(),
            "timezone": "Europe/Paris",
        }
        return _request(self._json("POST", "/signature_requests", json=body))

    def add_document(self, request_id: str, pdf: bytes, name: str) -> str:
        answer = self._json(
            "POST",
            f"/signature_requests/{request_id}/documents",
            data={"nature": "signable_document", "parse_anchors": "false"},
            files={"file": (name, pdf, "application/pdf")},
        )
        with _their_shape():
            return str(answer["id"])

    def add_signer(self, request_id: str, document_id: str, person: Person) -> str:
        place = {"document_id": document_id, "type": "signature"}
        body = {
            "info": {
                "first_name": person.first_name,
                "last_name": person.last_name,
                "email": person.email,
                "locale": "fr",
            },
            "signature_level": "electronic_signature",
            "signature_authentication_mode": "otp_email",
            "fields": [place | {"page": person.page, "x": person.x, "y": person.y}],
        }
        answer = self._json("POST", f"/signature_requests/{request_id}/signers", json=body)
        with _their_shape():
            return str(answer["id"])

    def activate(self, request_id: str) -> None:
        self._json("POST", f"/signature_requests/{request_id}/activate")

    def get(self, request_id: str) -> Request:
        return _request(self._json("GET", f"/signature_requests/{request_id}"))

    def cancel(self, request_id: str, note: str) -> None:
        body = {"reason": "contractualization_aborted", "custom_note": note[:255]}
        self._json("POST", f"/signature_requests/{request_id}/cancel", json=body)

    def download(self, request_id: str) -> bytes:
        """The signed document."""
        path = f"/signature_requests/{request_id}/documents/download"
        return self._pdf(path, {"version": "completed", "archive": "false"})

    def download_proof(self, request_id: str) -> bytes:
        """The service's own proof, all signers in one file."""
        path = f"/signature_requests/{request_id}/audit_trails/download"
        return self._pdf(path, {"merge": "true"})

    def _json(self, method: str, path: str, **what: Any) -> Any:
        return self._ask(method, path, **what).json()

    def _pdf(self, path: str, params: dict[str, str]) -> bytes:
        content = self._ask("GET", path, params=params).body
        if not content.startswith(b"%PDF-"):
            raise http.Unavailable("the answer is no PDF")
        return content

    def _ask(
        self, method: str, path: str, *, params: dict[str, str] | None = None, **body: Any
    ) -> http.Answer:
        """Args: body: `json`, or `data` and `files`, as the library writes them."""
        written = httpx.Request(method, self._service.url, **body)
        kind = written.headers.get("content-type")
        headers = {"Content-Type": kind} if kind else None
        try:
            return self._service.send(
                method, path, params=params, content=written.read(), headers=headers
            )
        except http.Rejected as error:
            raise Refused(f"status {error.status} for {method} {path}") from None


@contextmanager
def _their_shape() -> Iterator[None]:
    """
    Raises:
        Unavailable: what is read of an answer is not where the service says it is.
    """
    try:
        yield
    except (KeyError, TypeError, AttributeError):
        raise http.Unavailable("the answer has another shape") from None


def is_theirs(body: bytes, signature: str, secret: str) -> bool:
    """Whether a notification was signed with the secret shared with the service."""
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


def notified_request(body: bytes) -> str:
    """The request that a notification is about; nothing else in it is believed.

    Raises:
        ValueError: it is about something else, or has another shape.
    """
    try:
        return str(json.loads(body)["data"]["signature_request"]["id"])
    except (KeyError, TypeError) as error:
        raise ValueError("not about a signature request") from error


def _request(content: Any) -> Request:
    with _their_shape():
        declined = content.get("decline_information") or {}
        return Request(
            id=str(content["id"]),
            status=str(content["status"]),
            external_id=str(content.get("external_id") or ""),
            signers=_signers(content.get("signers") or ()),
            documents=tuple(str(one["id"]) for one in content.get("documents") or ()),
            decline_reason=str(declined.get("reason") or ""),
        )


def _signers(content: Sequence[dict[str, Any]]) -> tuple[Signer, ...]:
    return tuple(Signer(str(one["id"]), str(one.get("status", ""))) for one in content)
