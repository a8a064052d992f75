"""Dossiers as agents see them, with a token of the démarche: its GraphQL API (v2).

https://doc.demarches-simplifiees.fr/api-graphql. The queries are those that the service keeps
(`ds-query-v2`): they follow its changes. A dossier that was not filed is never there, and who filed
it (name, e-mail) is not asked for here. 400 calls in a minute for one token; it stops working on a
query after 30 s. Most errors come with HTTP 200.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from preau.integrations.demarches import moment, shaped
from preau.integrations.demarches.states import State
from preau.integrations.http import Rejected, Service, Unauthorized, Unavailable, json_bytes

#: Seconds: longer than the service's own limit, whose answer says why.
TIMEOUT_SECONDS = 35.0
#: Dossiers in one page, the most that the service gives.
PAGE = 100
#: What of a dossier is not understood, not even its number.
NO_NUMBER = "?"
_PATH = "/api/v2/graphql"


class NotFound(Rejected):
    """No such démarche or dossier, or a dossier that is not filed."""


class Hidden(Rejected):
    """A démarche that is not open data, asked about without its token; or there is none."""


class TooLong(Unavailable):
    """The service gave up after 30 s: ask for fewer dossiers at once."""


@dataclass(frozen=True, slots=True)
class FiledChamp:
    """A champ of a filed dossier.

    Attributes:
        champ: id of the champ in the démarche.
        text: its value for people.
        prefilled: whether the value came from a prefilling.
        rows: those of a repetition.
    """

    champ: str
    label: str
    text: str
    prefilled: bool
    rows: tuple[tuple[FiledChamp, ...], ...] = ()

    def __repr__(self) -> str:
        return f"FiledChamp({self.champ!r})"


@dataclass(frozen=True, slots=True)
class Dossier:
    """A filed dossier. `champs` is empty when they were not asked for."""

    number: int
    state: State
    prefilled: bool
    filed_at: datetime | None
    instruction_at: datetime | None
    processed_at: datetime | None
    changed_at: datetime
    motivation: str
    siret: str
    champs: tuple[FiledChamp, ...]

    def __repr__(self) -> str:
        return f"Dossier({self.number}, {self.state.value})"


@dataclass(frozen=True, slots=True)
class Page:
    """Dossiers, and what to ask the next page with; None on the last one.

    Attributes:
        strange: numbers of those that are there too, and not understood; "?" without one.
    """

    dossiers: tuple[Dossier, ...]
    after: str | None
    strange: tuple[str, ...] = ()


def server(
    url: str,
    token: str,
    *,
    timeout: float = TIMEOUT_SECONDS,
    tries: int = 1,
    sleep: Callable[[float], None] = time.sleep,
) -> Service:
    """The service for one token (an administrator's, for some démarches, read-only or not)."""
    headers = {"Authorization": f"Bearer {token}"}
    return Service(url, headers, timeout=timeout, tries=tries, sleep=sleep)


def address_of(demarches: Service, number: int) -> str:
    """The public address of a démarche known by its number; open data asks for no token.

    Raises:
        Hidden, NotFound, TooLong, Unavailable, Rejected.
    """
    variables = {"demarche": {"number": number}}
    try:
        with shaped():
            found = _ask(demarches, "getDemarcheDescriptor", variables)["demarcheDescriptor"]
            # Renamed once: the stored query of a server may say either.
            address = found.get("demarcheURL") or found["demarcheUrl"]
            if not isinstance(address, str):
                raise TypeError
            return address
    except Unauthorized:
        raise Hidden(403) from None


def dossier(demarches: Service, number: int) -> Dossier:
    """One dossier with its champs.

    Raises:
        NotFound, TooLong, Unauthorized, Unavailable, Rejected.
    """
    variables = {"dossierNumber": number, **_without(champs=True)}
    with shaped():
        return _dossier(_ask(demarches, "getDossier", variables)["dossier"])


def dossiers(
    demarches: Service,
    number: int,
    *,
    since: datetime | None = None,
    state: State | None = None,
    after: str | None = None,
    champs: bool = False,
    first: int = PAGE,
) -> Page:
    """A page of a démarche's dossiers.

    Args:
        since: changed since then, with its time zone.
        state: only those; a filed one.
        after: `Page.after` of the page before; None for the first.
        champs: with their values.
        first: how many, `PAGE` at most.

    Raises:
        ValueError: `since` without its time zone.
        NotFound, TooLong, Unauthorized, Unavailable, Rejected: as `dossier`.
    """
    if since is not None and since.tzinfo is None:
        raise ValueError("a moment without its time zone")
    variables: dict[str, Any] = {
        "demarcheNumber": number,
        "includeDossiers": True,
        "first": min(first, PAGE),
        **_without(champs=champs),
        **({"updatedSince": since.isoformat()} if since else {}),
        **({"state": state.value} if state else {}),
        **({"after": after} if after else {}),
    }
    with shaped():
        found = _ask(demarches, "getDemarche", variables)["demarche"]["dossiers"]
        page = found["pageInfo"]
        more = str(page["endCursor"]) if page["hasNextPage"] is True else None
        # The same page for ever.
        if more is not None and more == after:
            raise ValueError
        nodes = list(found["nodes"])
    read = [_understood(node) for node in nodes]
    known = tuple(one for one in read if isinstance(one, Dossier))
    strange = tuple(one for one in read if isinstance(one, str))
    # Whoever reads on would never ask for them again: one alone may be odd, several are a change.
    if not known and (len(strange) > 1 or NO_NUMBER in strange):
        raise Unavailable("no dossier is understood")
    return Page(known, more, strange)


def _understood(node: Any) -> Dossier | str:
    """The number alone of a dossier in a state that came since, or of another shape: it hides no
    other."""
    try:
        with shaped():
            return _dossier(node)
    except Unavailable:
        number = node.get("number") if isinstance(node, dict) else None
        return str(number) if isinstance(number, int) else NO_NUMBER


def _without(*, champs: bool) -> dict[str, bool]:
    """People's names, agents' words: nothing that we do not need. (The spelling is theirs.)"""
    return {
        "includeChamps": champs,
        "includeAnotations": False,
        "includeTraitements": False,
        "includeInstructeurs": False,
        "includeAvis": False,
        "includeMessages": False,
    }


def _ask(demarches: Service, operation: str, variables: dict[str, Any]) -> Any:
    body = {"queryId": "ds-query-v2", "operationName": operation, "variables": variables}
    said = demarches.send(
        "POST",
        _PATH,
        content=json_bytes(body),
        headers={"Content-Type": "application/json"},
        again=True,
    ).json()
    if said.get("errors"):
        _fail(said["errors"])
    return said["data"]


def _fail(errors: Any) -> NoReturn:
    """An error of GraphQL as one of ours; its words are not kept."""
    code = ""
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        code = str((errors[0].get("extensions") or {}).get("code") or "")
    if code in {"unauthorized", "forbidden"}:
        raise Unauthorized(code)
    if code == "not_found":
        raise NotFound(404)
    if code == "timeout":
        raise TooLong("the service gave up")
    if code in {"bad_request", "graphql_parse_failed"}:
        raise Rejected(400, errors)
    raise Unavailable("an error of GraphQL")


def _dossier(found: Any) -> Dossier:
    changed = moment(found["dateDerniereModification"])
    state = State(found["state"])
    if changed is None or not state.is_filed:
        raise ValueError
    return Dossier(
        number=int(found["number"]),
        state=state,
        prefilled=found["prefilled"] is True,
        filed_at=moment(found["dateDepot"]),
        instruction_at=moment(found["datePassageEnInstruction"]),
        processed_at=moment(found["dateTraitement"]),
        changed_at=changed,
        motivation=str(found["motivation"] or ""),
        siret=str((found.get("demandeur") or {}).get("siret") or ""),
        champs=tuple(_champ(one) for one in found.get("champs") or ()),
    )


def _champ(found: Any) -> FiledChamp:
    if not isinstance(found["prefilled"], bool):
        raise TypeError
    return FiledChamp(
        champ=str(found["champDescriptorId"]),
        label=str(found["label"]),
        text=str(found["stringValue"] or ""),
        prefilled=found["prefilled"],
        rows=tuple(tuple(_champ(one) for one in row["champs"]) for row in found.get("rows") or ()),
    )
