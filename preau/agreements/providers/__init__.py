"""Outside services that sign: one protocol, one adapter each. Ours is the room's own actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol

#: A notification is a small JSON; more is not one.
LONGEST_NOTIFICATION = 256 * 1024


class ProviderDown(Exception):
    """The service did not answer: asked again later."""


class ProviderRefused(Exception):
    """The service said no for good (key, quota, addresses): somebody must look."""


class NotTheirs(Exception):
    """A notification that the service did not sign."""


class Progress(Enum):
    """Where a request stands at the service."""

    UNDER_WAY = "under way"
    DONE = "done"
    DECLINED = "declined"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the service is asked to have signed. `key` is our name for it: the same, asked twice,
    makes one request."""

    key: str
    title: str
    pdf: bytes
    expires: date
    people: tuple[Someone, ...]


@dataclass(frozen=True, slots=True)
class Someone:
    name: str
    email: str
    field: str


@dataclass(frozen=True, slots=True)
class RemoteState:
    """`signed`: how many of the first signatories have signed."""

    progress: Progress
    signed: int
    reason: str = ""


class Provider(Protocol):
    """What a service offers. Every call may raise ProviderDown or ProviderRefused."""

    def create(self, wanted: Wanted) -> str:
        """Have it signed; the request's name at the service."""

    def state(self, remote_id: str) -> RemoteState: ...

    def cancel(self, remote_id: str, reason: str) -> None: ...

    def receive_notification(self, body: bytes, headers: dict[str, str]) -> str:
        """The request that a notification is about.

        Raises:
            NotTheirs: the signature is wrong.
            ValueError: it is about something else.
        """

    def download(self, remote_id: str) -> tuple[bytes, bytes]:
        """The signed document, and the service's proof."""
