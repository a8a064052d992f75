"""What a document says by itself: https://support.getgrist.com/webhooks/

A delivery is a POST of rows, 100 at most, with the `Authorization` that was asked for: it is not
signed, tells of no deletion, comes again (20 tries) and late. So it is a hint to read the rows
again, never the news itself.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from preau.integrations.grist.cells import Cell


class NotADelivery(ValueError):
    """The body is not what Grist sends. Says nothing of it."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row: its id, its cells by column, and the columns whose formula failed."""

    id: int
    fields: Mapping[str, Cell]
    errors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook of a document, without the authorization it was given.

    Attributes:
        status: `idle`, `sending`, `retrying`, `postponed`, `error`, `invalid`; empty when the
            server says nothing.
        waiting: deliveries in its queue; past 1,000 the document's writers wait.
    """

    id: str
    name: str
    url: str
    table: str
    enabled: bool
    events: tuple[str, ...]
    status: str
    waiting: int


def is_ours(header: str | None, authorization: str) -> bool:
    """Whether a delivery carries the `Authorization` that we asked for, never an empty one."""
    return bool(authorization) and hmac.compare_digest(
        (header or "").encode(), authorization.encode()
    )


def read_delivery(body: bytes) -> tuple[Record, ...]:
    """The rows of a delivery.

    Raises:
        NotADelivery: not a JSON array of rows, each with its id.
    """
    try:
        rows = json.loads(body)
    except ValueError:
        raise NotADelivery("not JSON") from None
    if not isinstance(rows, list):
        raise NotADelivery("not an array")
    return tuple(_row(row) for row in rows)


def _row(row: Any) -> Record:
    found = row.get("id") if isinstance(row, dict) else None
    if type(found) is not int or found < 1:
        raise NotADelivery("a row without its id")
    return Record(found, {column: value for column, value in row.items() if column != "id"})


def read_webhook(one: Any) -> Webhook:
    """As the list of webhooks says it. KeyError, TypeError: another shape."""
    fields, usage = one["fields"], one.get("usage") or {}
    return Webhook(
        id=str(one["id"]),
        name=str(fields.get("name") or ""),
        url=str(fields["url"]),
        table=str(fields["tableId"]),
        enabled=fields["enabled"] is True,
        events=tuple(str(event) for event in fields["eventTypes"]),
        status=str(usage.get("status") or ""),
        waiting=int(usage.get("numWaiting") or 0),
    )
