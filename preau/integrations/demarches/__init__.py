"""Démarche numérique (once Démarches simplifiées): a démarche's champs, a dossier prefilled for
its holder, what becomes of it. None of these needs a key; `graphql` does.

https://doc.demarches-simplifiees.fr/pour-aller-plus-loin/api-de-preremplissage
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from preau.integrations.demarches.champs import Champ, Sent
from preau.integrations.demarches.states import State
from preau.integrations.http import (
    TIMEOUT_SECONDS,
    Rejected,
    Service,
    Unavailable,
    json_bytes,
)

#: To the letter: with a charset, or without this on a reading, the service answers 400.
_JSON = {"Content-Type": "application/json"}
#: Prefillings that the service takes from one address, in that many seconds.
PREFILLINGS_AT_ONCE, PREFILLINGS_SECONDS = 15, 15
#: Days that a prefilled dossier waits for its holder.
DAYS_TO_OPEN = 5
#: Tokens asked about in one call: they travel in the address.
TOKENS_AT_ONCE = 50


class NotFound(Rejected):
    """404: no such démarche, or closed, or not open data (its schema is then not public)."""


@dataclass(frozen=True, slots=True)
class Demarche:
    """A démarche and the champs of its version in force.

    Attributes:
        number: what a prefilling is sent to.
        revision: id of the version; champs change with it.
    """

    number: int
    title: str
    state: str
    revision: str
    champs: tuple[Champ, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """The person who asks, where the démarche is for individuals. `civility`: `M.` or `Mme`."""

    first_name: str
    last_name: str
    civility: str

    def __post_init__(self) -> None:
        if self.civility not in {"M.", "Mme", ""}:
            raise ValueError("not a civility of the service")

    def __repr__(self) -> str:
        return "Identity(…)"

    def sent(self) -> dict[str, str]:
        found = {
            "identite_prenom": self.first_name,
            "identite_nom": self.last_name,
            "identite_genre": self.civility,
        }
        return {key: value for key, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Prefilled:
    """A dossier that waits for its holder, `DAYS_TO_OPEN` days.

    Attributes:
        url: where the holder opens it; whoever has it may: keep it from everybody else.
        token: to ask later what became of it; as secret as the address.
        number: the dossier's, as agents see it.
    """

    url: str
    token: str
    number: int

    def __repr__(self) -> str:
        return f"Prefilled(number={self.number})"


@dataclass(frozen=True, slots=True)
class Status:
    """What became of a prefilled dossier.

    Attributes:
        number, url: None once expired; `url` only while nobody opened it.
    """

    state: State
    number: int | None = None
    url: str | None = None
    submitted_at: datetime | None = None
    processed_at: datetime | None = None


def service(
    url: str,
    *,
    timeout: float = TIMEOUT_SECONDS,
    tries: int = 1,
    sleep: Callable[[float], None] = time.sleep,
) -> Service:
    """The service at its address (`https://demarche.numerique.gouv.fr`, no final slash)."""
    return Service(url, timeout=timeout, tries=tries, sleep=sleep)


def schema(demarches: Service, path: str) -> Demarche:
    """A démarche by the last part of its public address.

    Raises:
        NotFound: also a démarche that is not open data.
    """
    found = _exchange(demarches, "GET", f"/preremplir/{quote(path, safe='')}/schema")
    with shaped():
        revision = found["revision"]
        return Demarche(
            number=int(found["number"]),
            title=str(found["title"]),
            state=str(found["state"]),
            revision=str(revision["id"]),
            champs=_champs(revision["champDescriptors"]),
        )


def prefill(
    demarches: Service,
    number: int,
    sent: Mapping[str, Sent],
    identity: Identity | None = None,
) -> Prefilled:
    """A new dossier, on its holder's click: it does not wait for long.

    Never asked twice: each time makes a dossier. It may have dropped some of what it was sent, and
    does not say which: `comparison.compared`, once the dossier is filed.

    Args:
        sent: made by `champs.prefilling`.

    Raises:
        NotFound: no such démarche, or closed.
        Throttled: more than `PREFILLINGS_AT_ONCE` in a moment.
    """
    body = {**sent, **(identity.sent() if identity else {})}
    found = _exchange(demarches, "POST", _dossiers(number), content=json_bytes(body))
    with shaped():
        return Prefilled(
            url=_address(demarches, found["dossier_url"]),
            token=_token(found["dossier_prefill_token"]),
            number=int(found["dossier_number"]),
        )


def statuses(demarches: Service, number: int, tokens: Sequence[str]) -> dict[str, Status]:
    """What became of prefilled dossiers: token → status, one for each that is understood.

    A token that the service does not know is of a dossier that is no more, if it ever was of this
    démarche: `State.EXPIRED`. One whose answer is not understood (a state that came since) is left
    out, and the others are given; where none of several is understood the service is `Unavailable`.
    """
    said: dict[str, Status] = {}
    strange: set[str] = set()
    for start in range(0, len(tokens), TOKENS_AT_ONCE):
        some = [_token(token) for token in tokens[start : start + TOKENS_AT_ONCE]]
        params = {"prefill_token": ",".join(some)}
        found = _exchange(demarches, "GET", _dossiers(number), params=params)
        with shaped():
            if not isinstance(found, list):
                raise TypeError
            answers = {str(one["dossier_prefill_token"]): one for one in found}
        for token, one in answers.items():
            try:
                with shaped():
                    said[token] = _status(demarches, one)
            except Unavailable:
                strange.add(token)
    if len(strange) > 1 and not said:
        raise Unavailable("no status is understood")
    known = (token for token in tokens if token not in strange)
    return {token: said.get(token, Status(State.EXPIRED)) for token in known}


def _status(demarches: Service, one: Any) -> Status:
    state = State(one["state"])
    if state is State.EXPIRED:
        raise ValueError
    prefilled = state is State.PREFILLED
    return Status(
        state=state,
        number=int(one["dossier_number"]),
        url=_address(demarches, one["dossier_url"]) if prefilled else None,
        submitted_at=moment(one.get("submitted_at")),
        processed_at=moment(one.get("processed_at")),
    )


def _dossiers(number: int) -> str:
    return f"/api/public/v1/demarches/{number}/dossiers"


def _champs(found: Any) -> tuple[Champ, ...]:
    return tuple(_champ(one) for one in found)


def _champ(found: Any) -> Champ:
    options = found.get("options") or ()
    return Champ(
        id=str(found["id"]),
        type=str(found["__typename"]).removesuffix("ChampDescriptor"),
        label=str(found["label"]),
        required=found["required"] is True,
        options=tuple(str(one["code"] if isinstance(one, dict) else one) for one in options),
        other=found.get("otherOption") is True,
        champs=_champs(found.get("champDescriptors") or ()),
    )


def _address(demarches: Service, found: Any) -> str:
    """People are sent there: an address of the same scheme, not anything."""
    parts = urlsplit(str(found))
    if parts.scheme != urlsplit(demarches.url).scheme or not parts.hostname:
        raise ValueError
    return str(found)


def _token(found: Any) -> str:
    if not isinstance(found, str) or not re.fullmatch("[A-Za-z0-9_-]+", found):
        raise ValueError("not a token of the service")
    return found


def moment(found: Any) -> datetime | None:
    """A date of the service, with its time zone. ValueError: something else."""
    if found is None:
        return None
    at = datetime.fromisoformat(found)
    if at.tzinfo is None:
        raise ValueError
    return at


def _exchange(
    demarches: Service,
    method: str,
    path: str,
    *,
    params: Mapping[str, str] | None = None,
    content: bytes | None = None,
) -> Any:
    again = method == "GET"
    try:
        return demarches.send(
            method, path, params=params, content=content, headers=_JSON, again=again
        ).json()
    except Rejected as error:
        raise (NotFound(404, error.said) if error.status == 404 else error) from None


@contextmanager
def shaped() -> Iterator[None]:
    """What is not understood is a failure."""
    try:
        yield
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise Unavailable("the answer has another shape") from None
