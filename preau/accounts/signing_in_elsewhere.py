"""What a session knows of a sign-in elsewhere: attempts under way, who is to be linked, who came.

An attempt serves once and for one provider. A person recognised there whom no account knows yet is
*held* until they have proved an account of theirs too, then confirm (docs/adr/0019).
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from preau.accounts.models import Identity, User
from preau.core import clock
from preau.integrations.oidc import Attempt, Person, new_attempt

_ATTEMPTS, _HELD, _USED = "identity_attempts", "identity_held", "identity_used"
#: Tabs open at once; the oldest attempt gives way.
MOST_ATTEMPTS = 5
#: How long a person may take over there; then, to prove an account here.
ATTEMPT_LIFE = HELD_LIFE = settings.ACCOUNT_LOGIN_TIMEOUT
#: How fresh the proof of an account must be to link something to it.
PROOF_LIFE = settings.ACCOUNT_LOGIN_TIMEOUT
#: What allauth writes of a sign-in that owes nothing to an outside provider.
OWN_METHODS = frozenset({"code", "mfa"})
BY_IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Taken:
    """An attempt come back: its secrets, where it was to return, where the person was going."""

    attempt: Attempt
    redirect_uri: str
    onward: str


@dataclass(frozen=True, slots=True)
class Held:
    """A person recognised elsewhere, not yet linked to an account here."""

    provider: str
    sub: str
    email: str
    first_name: str
    last_name: str
    siret: str
    id_token: str
    onward: str

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def begin(request: HttpRequest, provider: str, *, redirect_uri: str, onward: str) -> Attempt:
    attempt = new_attempt()
    known: dict[str, Any] = request.session.get(_ATTEMPTS, {})
    while len(known) >= MOST_ATTEMPTS:
        known.pop(min(known, key=lambda state: known[state]["at"]))
    known[attempt.state] = {
        "provider": provider,
        "nonce": attempt.nonce,
        "verifier": attempt.verifier,
        "redirect_uri": redirect_uri,
        "onward": onward,
        "at": clock.now().timestamp(),
    }
    request.session[_ATTEMPTS] = known
    return attempt


def take(request: HttpRequest, provider: str, state: str) -> Taken | None:
    """The attempt of that state, which serves no more; None when it is unknown, old, or another
    provider's."""
    known: dict[str, Any] = request.session.get(_ATTEMPTS, {})
    kept = known.pop(state, None)
    if kept is None:
        return None
    request.session[_ATTEMPTS] = known
    # Before anything is asked outside: the same answer, sent again meanwhile, finds nothing.
    request.session.save()
    if kept["provider"] != provider or clock.now().timestamp() - kept["at"] > ATTEMPT_LIFE:
        return None
    attempt = Attempt(state, kept["nonce"], kept["verifier"])
    return Taken(attempt, kept["redirect_uri"], kept["onward"])


def hold(request: HttpRequest, held: Held) -> None:
    request.session[_HELD] = asdict(held) | {"at": clock.now().timestamp()}


def held_of(provider: str, person: Person, onward: str) -> Held:
    return Held(
        provider=provider,
        sub=person.sub,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        siret=person.siret,
        id_token=person.id_token,
        onward=onward,
    )


def held(request: HttpRequest) -> Held | None:
    kept = dict(request.session.get(_HELD) or {})
    if not kept or clock.now().timestamp() - kept.pop("at") > HELD_LIFE:
        return None
    return Held(**kept)


def let_go(request: HttpRequest) -> None:
    request.session.pop(_HELD, None)


def note_used(request: HttpRequest, identity: Identity, id_token: str) -> None:
    """Keep what ends the session over there too, when this one ends."""
    request.session[_USED] = {
        "provider": identity.provider,
        "user": identity.user_id,
        "identity": identity.pk,
        "id_token": id_token,
    }


def used(request: HttpRequest) -> dict[str, Any] | None:
    """The identity that this session came in with: its provider, pk and token."""
    kept: dict[str, Any] | None = request.session.get(_USED)
    user = request.user
    mine = kept and user.is_authenticated and kept["user"] == user.pk
    return kept if mine else None


def has_fresh_proof(request: HttpRequest, user: User) -> bool:
    """Whether they came into this account a few minutes ago, whatever the way."""
    records = get_authentication_records(request, user)
    return any(time.time() - record["at"] < PROOF_LIFE for record in records)


def came_by_own_means(request: HttpRequest, user: User) -> bool:
    """Whether this session was opened with a code or a key: they hold a way in of their own."""
    records = get_authentication_records(request, user)
    return any(record["method"] in OWN_METHODS for record in records)
