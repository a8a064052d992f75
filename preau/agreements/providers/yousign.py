"""Yousign: our words on one side, theirs on the other."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pikepdf

from preau.agreements.providers import (
    NotTheirs,
    Progress,
    ProviderDown,
    ProviderRefused,
    RemoteState,
    Wanted,
)
from preau.integrations import signature_provider as api
from preau.integrations.http import Unauthorized, Unavailable
from preau.outside import calls

_PROGRESS = {
    "done": Progress.DONE,
    "declined": Progress.DECLINED,
    "rejected": Progress.DECLINED,
    "expired": Progress.ENDED,
    "canceled": Progress.ENDED,
    "deleted": Progress.ENDED,
}


KEY = "yousign"


@contextmanager
def _in_our_words(account: str) -> Iterator[None]:
    refused: api.Refused | None = None
    try:
        with calls.calling(KEY, account):
            try:
                yield
            except api.Refused as error:
                refused = error  # it answered: the service is well
    except Unauthorized as error:  # somebody must give another key
        raise ProviderRefused(str(error)) from None
    except Unavailable as error:
        raise ProviderDown(str(error)) from None
    if refused is not None:
        raise ProviderRefused(str(refused)) from None


class Yousign:
    """An organisation's account at Yousign."""

    def __init__(self, url: str, key: str, webhook_secret: str, account: str = "") -> None:
        self._client, self._secret = api.Client(url, key), webhook_secret
        self._account = account

    def create(self, wanted: Wanted) -> str:
        """Each part is added only if it is not there yet: cut anywhere, it goes on from there."""
        with _in_our_words(self._account):
            request = self._client.find(wanted.key)
            if request is None:
                request = self._client.create(wanted.title, wanted.key, wanted.expires)
            if request.status != "draft":
                return request.id
            document = (
                request.documents[0]
                if request.documents
                else self._client.add_document(request.id, wanted.pdf, f"{wanted.title}.pdf")
            )
            places = _places(wanted.pdf)
            for one in wanted.people[len(request.signers) :]:
                page, x, y = places.get(one.field, (1, 50, 50))
                first, _, last = one.name.partition(" ")
                person = api.Person(first, last or first, one.email, page, x, y)
                self._client.add_signer(request.id, document, person)
            self._client.activate(request.id)
            return request.id

    def state(self, remote_id: str) -> RemoteState:
        with _in_our_words(self._account):
            request = self._client.get(remote_id)
        signed = 0
        for one in request.signers:
            if one.status != "signed":
                break
            signed += 1
        progress = _PROGRESS.get(request.status, Progress.UNDER_WAY)
        return RemoteState(progress, signed, request.decline_reason)

    def cancel(self, remote_id: str, reason: str) -> None:
        with _in_our_words(self._account):
            if self._client.get(remote_id).status in {"approval", "ongoing"}:
                self._client.cancel(remote_id, reason)

    def receive_notification(self, body: bytes, headers: dict[str, str]) -> str:
        given = {name.lower(): value for name, value in headers.items()}
        signature = given.get(api.SIGNATURE_HEADER.lower(), "")
        if not self._secret or not api.is_theirs(body, signature, self._secret):
            raise NotTheirs
        return api.notified_request(body)

    def download(self, remote_id: str) -> tuple[bytes, bytes]:
        with _in_our_words(self._account):
            return self._client.download(remote_id), self._client.download_proof(remote_id)


def _places(pdf: bytes) -> dict[str, tuple[int, int, int]]:
    """Where the fields of our file are: page, and points from its bottom left."""
    found = {}
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for number, page in enumerate(document.pages, start=1):
            for one in page.get("/Annots", []):
                name, box = one.get("/T"), one.get("/Rect")
                if name is not None and box is not None:
                    found[str(name)] = (number, int(float(box[0])), int(float(box[1])))
    return found
