"""Which Grist servers may be called, and how one is.

The operator lists their names (`PREAU_GRIST_HOSTS`): an address typed on a page can make Préau call
nothing else, and in production nothing inside its own network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings

from preau.core.errors import Refusal
from preau.core.sealed import Unreadable
from preau.integrations.grist import Document, server
from preau.integrations.http import Unauthorized
from preau.mirrors.models import Mirror
from preau.outside.calls import calling

#: Seconds that somebody waits on a page.
ON_CLICK = 3.0
#: Seconds for a body of rows, in a worker.
IN_WORKER = 30.0
_DOCUMENT = re.compile(r"[A-Za-z0-9_-]{3,64}")
T = TypeVar("T")


class NotAllowed(Refusal):
    """Not a server that the operator listed, or not any more."""


@dataclass(frozen=True, slots=True)
class Address:
    server: str
    document: str


def is_configured() -> bool:
    return bool(settings.GRIST_HOSTS)


def read_address(text: str) -> Address:
    """The server and the document of an address copied from a browser.

    `https://grist.example/o/equipe/2Bx9…/Suivi`, `https://grist.example/doc/2Bx9…`, `…/2Bx9…`.

    Raises:
        Refusal: not an address of a document, or of a server that is not allowed.
    """
    try:
        parts = urlsplit(text.strip())
        netloc = parts.hostname or ""
        netloc += f":{parts.port}" if parts.port else ""
    except ValueError:
        netloc = ""
    if not netloc or "@" in (parts.netloc or ""):
        raise Refusal(
            "Copiez l’adresse du document depuis la barre de votre navigateur : elle commence par"
            " « https:// ».",
            field="address",
            code="address",
        )
    root = f"{parts.scheme}://{netloc}"
    check(root)
    names = [one for one in parts.path.split("/") if one]
    if len(names) >= 2 and names[0] == "o":
        names = names[2:]
    elif names[:1] == ["doc"]:
        names = names[1:]
    if not names or not _DOCUMENT.fullmatch(names[0]):
        raise Refusal(
            "Cette adresse n’est pas celle d’un document. Ouvrez le document dans Grist, puis"
            " copiez l’adresse de la page.",
            field="address",
            code="document",
        )
    return Address(root, names[0])


def check(root: str) -> None:
    """
    Raises:
        NotAllowed: its name is not listed, or it is not in HTTPS where it must be.
    """
    parts = urlsplit(root)
    if not is_configured():
        raise NotAllowed(
            "Les miroirs Grist ne sont pas ouverts sur ce site. Demandez à son exploitant"
            " d’autoriser votre serveur Grist.",
            field="address",
            code="off",
        )
    if not {parts.hostname, parts.netloc} & set(settings.GRIST_HOSTS):
        known = ", ".join(settings.GRIST_HOSTS)
        raise NotAllowed(
            f"Ce serveur n’est pas autorisé ici. Serveurs autorisés : {known}. Pour en ajouter un,"
            " écrivez à l’exploitant du site.",
            field="address",
            code="host",
        )
    if parts.scheme != "https" and (settings.IS_PRODUCTION or parts.scheme != "http"):
        raise NotAllowed(
            "L’adresse du document doit commencer par « https:// ».", field="address", code="https"
        )


class Link:
    """A document within reach: each exchange is counted, and goes through the circuit breaker."""

    def __init__(self, mirror: Mirror, document: Document) -> None:
        self._mirror, self._document = mirror, document
        self.calls = 0

    def ask(self, do: Callable[[Document], T]) -> T:
        """
        Raises:
            Unavailable, Rejected: see `integrations.http`; `NotAsked` while it is paused.
        """
        with calling("grist", self._mirror.account):
            self.calls += 1
            return do(self._document)


@contextmanager
def linked(mirror: Mirror, *, timeout: float = IN_WORKER) -> Iterator[Link]:
    """
    Raises:
        NotAllowed: the operator has taken that server off the list.
        Unauthorized: its key cannot be read any more.
    """
    check(mirror.server)
    try:
        key = mirror.api_key
    except Unreadable:
        raise Unauthorized("no key") from None
    with server(mirror.server, key, timeout=timeout) as grist:
        grist.only_public = settings.IS_PRODUCTION  # a listed name may still lead inside
        yield Link(mirror, Document(grist, mirror.document))
