"""Documents and tables of a Grist server: https://support.getgrist.com/api/

A document takes 10 requests at once (then 429) and 1 MB in one body (`batches`). Hosted plans also
limit rows and calls in a day; a 429 then comes without a time to wait. `errors` tells refusals
apart, `cells` holds the formats, `webhooks` what comes back.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.parse import quote

from preau.integrations.grist.batches import Additions, Updates, Upserts
from preau.integrations.grist.cells import Column, Value, cell
from preau.integrations.grist.errors import WebhookRefused, told
from preau.integrations.grist.webhooks import Record, Webhook, read_webhook
from preau.integrations.http import (
    Params,
    Rejected,
    Service,
    Unauthorized,
    Unavailable,
    json_bytes,
)

#: Seconds: a body of 200 records recomputes every formula that depends on them.
TIMEOUT_SECONDS = 30.0
#: Row ids in one call that deletes.
DELETED_AT_ONCE = 1_000

OnMany = Literal["first", "none", "all"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Upserted:
    """What one body did: row ids.

    Attributes:
        records: for each record, in order, the rows that it found or added; empty when none was,
            or when the row was there and was not to be changed.
    """

    records: tuple[tuple[int, ...], ...]
    added: tuple[int, ...]
    updated: tuple[int, ...]


def server(
    url: str,
    key: str,
    *,
    timeout: float = TIMEOUT_SECONDS,
    tries: int = 1,
    sleep: Callable[[float], None] = time.sleep,
) -> Service:
    """A Grist server, to use as a context manager.

    Args:
        url: its root, without `/api` nor a final slash.
        key: an API key; it may do what its owner may.
        timeout: seconds for one exchange.
        tries: for what may be asked twice.
    """
    headers = {"Authorization": f"Bearer {key}"}
    return Service(f"{url}/api", headers, timeout=timeout, tries=tries, sleep=sleep)


def organizations(grist: Service) -> tuple[tuple[int, str], ...]:
    """The team sites that the key sees: id and name."""
    with _shaped():
        return tuple((int(one["id"]), str(one["name"])) for one in _ask(grist, "GET", "/orgs"))


def create_workspace(grist: Service, organization: int, name: str) -> int:
    """A new workspace's id."""
    with _shaped():
        return int(_ask(grist, "POST", f"/orgs/{organization}/workspaces", {"name": name}))


def create_document(grist: Service, workspace: int, name: str) -> Document:
    """A new document, with the empty `Table1` that Grist puts in each."""
    found = _ask(grist, "POST", f"/workspaces/{workspace}/docs", {"name": name})
    if not isinstance(found, str) or not found:
        raise Unavailable("the answer has another shape")
    return Document(grist, found)


@dataclass(frozen=True, slots=True)
class Document:
    """A document by its id. Every call raises what `http.Service.send` does, and `errors`.

    A table is always named by its id, which is not what it was asked to be: `create_table`.
    """

    grist: Service
    id: str

    def tables(self) -> tuple[str, ...]:
        """Ids of the tables."""
        with _shaped():
            return tuple(str(one["id"]) for one in self._ask("GET", "/tables")["tables"])

    def create_table(self, name: str, columns: Sequence[Column]) -> str:
        """A new table's id, the only one to use from now on.

        Grist makes ids of names (`Projets été` → `Projets_ete`), and a name that exists yields
        another table (`Projets2`), never an error: so it is asked once, and the id is kept.
        """
        body = {"tables": [{"id": name, "columns": [one.written() for one in columns]}]}
        with _shaped():
            (made,) = self._ask("POST", "/tables", body)["tables"]
            return str(made["id"])

    def columns(self, table: str) -> tuple[Column, ...]:
        """Its columns; those with an id that we would not have chosen are left out."""
        with _shaped():
            found = self._ask("GET", f"{_table(table)}/columns")["columns"]
            return tuple(column for column in map(_column, found) if column is not None)

    def put_columns(
        self, table: str, columns: Sequence[Column], *, replace_all: bool = False
    ) -> None:
        """Columns that are missing are added, the others get this type and label.

        Args:
            replace_all: those not named are deleted, with what people wrote in them.
        """
        params = {"replaceall": "1"} if replace_all else None
        body = {"columns": [one.written() for one in columns]}
        self._ask("PUT", f"{_table(table)}/columns", body, params=params, again=True)

    def records(
        self,
        table: str,
        *,
        where: Mapping[str, Sequence[Value]] | None = None,
        sort: str = "",
        limit: int = 0,
    ) -> tuple[Record, ...]:
        """Rows, by default all of them.

        Args:
            where: column (`id` too) → values, one of which it has; all columns must agree. They
                travel in the address: about a thousand values, no more.
            sort: columns, comma between, `-` before one for the other way.
            limit: at most that many; 0 for no limit.
        """
        params: dict[str, str | int | float | Sequence[str]] = {}
        if where is not None:
            values = {column: [cell(one) for one in some] for column, some in where.items()}
            params["filter"] = json.dumps(values)
        if sort:
            params["sort"] = sort
        if limit:
            params["limit"] = limit
        with _shaped():
            found = self._ask("GET", f"{_table(table)}/records", params=params)["records"]
            return tuple(
                Record(int(one["id"]), dict(one["fields"]), frozenset(one.get("errors") or ()))
                for one in found
            )

    def add(self, table: str, batch: Additions) -> tuple[int, ...]:
        """The new rows' ids, in order. A cut answer may hide rows that were added: `upsert`
        says the same thing twice without harm."""
        with _shaped():
            made = self._send("POST", table, batch, None)["records"]
            return _as_many(tuple(int(one["id"]) for one in made), batch.rows)

    def update(self, table: str, batch: Updates) -> None:
        """All rows, or none when one of them is gone (`errors.RowNotFound`)."""
        self._send("PATCH", table, batch, None)

    def upsert(
        self,
        table: str,
        batch: Upserts,
        *,
        on_many: OnMany = "first",
        add: bool = True,
        update: bool = True,
    ) -> Upserted | None:
        """Find rows and write in them, or add them.

        Nothing is parsed: a string stays one in a number's column, where Grist would otherwise
        make a number of "01" and a date of "1/2".

        Args:
            on_many: which to write in when several are found: the first, none, all.
            add: add what is not found.
            update: write in what is found.

        Returns:
            None from a server older than this answer.
        """
        params: dict[str, str] = {"onmany": on_many}
        if not add:
            params["noadd"] = "1"
        if not update:
            params["noupdate"] = "1"
        found = self._send("PUT", table, batch, params)
        if found is None:
            return None
        with _shaped():
            return Upserted(
                _as_many(tuple(_ids(rows) for rows in found["recordIds"]), batch.rows),
                _ids(found["addRecordIds"]),
                _ids(found["updateRecordIds"]),
            )

    def delete(self, table: str, ids: Sequence[int]) -> None:
        """Rows by id, a thousand at once."""
        for start in range(0, len(ids), DELETED_AT_ONCE):
            some = list(ids[start : start + DELETED_AT_ONCE])
            self._ask("POST", f"{_table(table)}/records/delete", some)

    def webhooks(self) -> tuple[Webhook, ...]:
        """Those of the document; only its owners see them."""
        with _shaped():
            found = self._ask("GET", "/webhooks")["webhooks"]
            return tuple(read_webhook(one) for one in found)

    def create_webhook(
        self,
        table: str,
        *,
        url: str,
        authorization: str,
        name: str,
        columns: Sequence[str] = (),
    ) -> str:
        """Have rows of a table sent when they are added or changed; the webhook's id.

        Args:
            url: whom to call, in HTTPS.
            authorization: value of the header `Authorization` of each delivery, the only proof
                of where it comes from (`webhooks.is_ours`).
            columns: only when one of these changes; empty for any.

        Raises:
            errors.WebhookRefused: not an owner's key, or a forbidden address.
        """
        fields = {
            "url": url,
            "eventTypes": ["add", "update"],
            "tableId": table,
            "enabled": True,
            "authorization": authorization,
            "name": name,
            **({"watchedColIds": list(columns)} if columns else {}),
        }
        try:
            found = self._ask("POST", "/webhooks", {"webhooks": [{"fields": fields}]})
        except Unauthorized as error:
            if "403" not in str(error):
                raise
            raise WebhookRefused(str(error)) from None
        with _shaped():
            (made,) = found["webhooks"]
            return str(made["id"])

    def delete_webhook(self, webhook: str) -> None:
        self._ask("DELETE", f"/webhooks/{quote(webhook, safe='')}")

    def _send(
        self,
        method: str,
        table: str,
        batch: Additions | Updates | Upserts,
        params: Mapping[str, str] | None,
    ) -> Any:
        return _exchange(
            self.grist,
            method,
            f"{self._path}{_table(table)}/records",
            content=batch.content,
            params={**(params or {}), "noparse": "1"},
            again=batch.again,
        )

    def _ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        params: Params | None = None,
        again: bool = False,
    ) -> Any:
        return _ask(self.grist, method, f"{self._path}{path}", body, params=params, again=again)

    @property
    def _path(self) -> str:
        return f"/docs/{quote(self.id, safe='')}"


def _table(table: str) -> str:
    return f"/tables/{quote(table, safe='')}"


def _ask(
    grist: Service,
    method: str,
    path: str,
    body: object = None,
    *,
    params: Params | None = None,
    again: bool = False,
) -> Any:
    content = None if body is None else json_bytes(body)
    again = again or method == "GET"
    return _exchange(grist, method, path, content=content, params=params, again=again)


def _exchange(
    grist: Service,
    method: str,
    path: str,
    *,
    content: bytes | None,
    params: Params | None,
    again: bool,
) -> Any:
    # Without it, a body is not read and the call does as if it were empty.
    headers = {"Content-Type": "application/json"} if content is not None else None
    try:
        return grist.send(
            method, path, params=params, content=content, headers=headers, again=again
        ).json()
    except Rejected as error:
        raise told(error) from None


def _ids(found: Any) -> tuple[int, ...]:
    return tuple(int(one) for one in found)


def _as_many(found: tuple[T, ...], rows: int) -> tuple[T, ...]:
    """An answer about another number of records tells nothing of ours."""
    if len(found) != rows:
        raise ValueError
    return found


def _column(found: Any) -> Column | None:
    fields = found["fields"]
    try:
        return Column(str(found["id"]), str(fields["type"]), str(fields["label"]))
    except ValueError:
        return None


@contextmanager
def _shaped() -> Iterator[None]:
    """What is not understood is a failure."""
    try:
        yield
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise Unavailable("the answer has another shape") from None
