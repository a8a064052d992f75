"""Sign-in by OpenID Connect at ProConnect and FranceConnect: authorization code, PKCE, signed info.

After OpenID Connect Core 1.0 (§ 3.1, 5.3.2), PKCE (RFC 7636), RFC 9207 (`iss` in the answer) and
RP-Initiated Logout 1.0. Endpoints stand at fixed paths under the issuer of both (`/authorize`,
`/token`, `/userinfo`, `/session/end`, `/jwks`): no discovery, so nobody can lead us elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from preau.integrations.http import TIMEOUT_SECONDS, Answer, Rejected, Service, Unavailable
from preau.integrations.oidc.tokens import Untrusted, verified

__all__ = [
    "Attempt",
    "LevelTooLow",
    "Person",
    "Provider",
    "Untrusted",
    "authorization_url",
    "logout_url",
    "new_attempt",
    "redeem",
]

_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people sign in, and as what client we are known there.

    Attributes:
        issuer: the `iss` of its tokens and the root of its endpoints, without a final slash.
        levels: the `acr` we accept in an identity token, the plainest first.
        asks_by_claims: the levels are asked as an essential claim (ProConnect, which then asks the
            person for more if need be); else as `acr_values`, the first alone (FranceConnect).
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: str
    levels: tuple[str, ...]
    asks_by_claims: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """The secrets of one sign-in under way; used once."""

    state: str
    nonce: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Who they are there: `sub` names them for ever; what is not known is empty."""

    sub: str
    email: str = field(repr=False)
    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    siret: str
    level: str
    id_token: str = field(repr=False)


class LevelTooLow(Rejected):
    """They proved who they are, but less surely than we ask."""

    def __init__(self) -> None:
        super().__init__(403)


def new_attempt() -> Attempt:
    return Attempt(*(secrets.token_urlsafe(48) for _ in range(3)))


def authorization_url(provider: Provider, attempt: Attempt, *, redirect_uri: str) -> str:
    """Where to send the browser."""
    digest = hashlib.sha256(attempt.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": provider.scopes,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if provider.asks_by_claims:
        acr = {"essential": True, "values": list(provider.levels)}
        query["claims"] = json.dumps({"id_token": {"acr": acr}}, separators=(",", ":"))
    else:
        query["acr_values"] = provider.levels[0]
    return f"{provider.issuer}/authorize?{urlencode(query)}"


def logout_url(provider: Provider, *, id_token: str, back: str, state: str) -> str:
    """Where to send the browser so that the session there ends too."""
    query = {"id_token_hint": id_token, "post_logout_redirect_uri": back, "state": state}
    return f"{provider.issuer}/session/end?{urlencode(query)}"


def redeem(
    provider: Provider,
    attempt: Attempt,
    *,
    code: str,
    redirect_uri: str,
    timeout: float = TIMEOUT_SECONDS,
) -> Person:
    """Who came back with this code: three exchanges, each signature and name checked.

    Args:
        redirect_uri: the very one of the authorization.
        timeout: seconds for each exchange.

    Raises:
        Rejected: the code is not good (used, expired, somebody else's).
        LevelTooLow: see there.
        Untrusted: a token is not what we asked for, or not from whom we asked.
        Unavailable: see `preau.integrations.http`.
    """
    with Service(provider.issuer, timeout=timeout) as service:
        tokens = _tokens(service, provider, attempt, code, redirect_uri)
        claims = verified(service, provider.client_id, tokens["id_token"])
        if claims.get("nonce") != attempt.nonce:
            raise Untrusted("the token answers another request")
        if claims.get("azp", provider.client_id) != provider.client_id:
            raise Untrusted("the token is for somebody else")
        if claims.get("acr") not in provider.levels:
            raise LevelTooLow
        said = _said_of(service, provider, tokens["access_token"])
    if said.get("sub") != claims["sub"]:
        raise Untrusted("the two tokens are about two people")
    return _person(said, str(claims["acr"]), tokens["id_token"])


def _tokens(
    service: Service, provider: Provider, attempt: Attempt, code: str, redirect_uri: str
) -> dict[str, str]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": attempt.verifier,
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
    }
    content = urlencode(form).encode()
    said = service.send("POST", "/token", content=content, headers=_FORM).json()
    tokens = said if isinstance(said, dict) else {}
    found = {name: tokens.get(name) for name in ("id_token", "access_token")}
    if not all(isinstance(one, str) and one.isascii() and one for one in found.values()):
        raise Unavailable("the answer has another shape")
    return {name: str(one) for name, one in found.items()}


def _said_of(service: Service, provider: Provider, access_token: str) -> dict[str, Any]:
    """What the provider says of the person: a signed token, never plain JSON."""
    try:
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/jwt"}
        answer = service.send("GET", "/userinfo", headers=headers)
    except Rejected as error:  # a token it gave us a moment ago: the fault is its own
        raise Unavailable(f"status {error.status}") from None
    return verified(service, provider.client_id, _jwt(answer), expires=False)


def _jwt(answer: Answer) -> str:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/jwt":
        raise Unavailable("the answer is not a signed token")
    try:
        return answer.body.decode("ascii").strip()
    except UnicodeDecodeError:
        raise Unavailable("the answer is not a signed token") from None


def _person(said: dict[str, Any], level: str, id_token: str) -> Person:
    sub = _text(said, "sub", 255)
    if not sub:
        raise Unavailable("the answer has another shape")
    return Person(
        sub=sub,
        email=_text(said, "email", 254).lower(),
        first_name=_text(said, "given_name", 80),
        last_name=_text(said, "usual_name", 80) or _text(said, "family_name", 80),
        siret=_text(said, "siret", 20),
        level=level,
        id_token=id_token,
    )


def _text(said: dict[str, Any], name: str, longest: int) -> str:
    """A claim as one line of text; empty where it is missing, too long, or something else."""
    value = said.get(name)
    if not isinstance(value, str):
        return ""
    line = " ".join(value.split())
    return line if len(line) <= longest and line.isprintable() else ""
