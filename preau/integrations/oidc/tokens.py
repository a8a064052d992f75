"""Signed tokens (JWT, RFC 7519), checked against the keys that their issuer publishes."""

from __future__ import annotations

import time
from typing import Any

import jwt

from preau.integrations.http import Rejected, Service, Unavailable

#: Signatures by a key that only the issuer has: neither « none » nor a shared secret.
ALGORITHMS = ("RS256", "ES256")
#: Seconds that two clocks may differ, and that published keys are kept here.
LEEWAY = 30
KEYS_KEPT = 600.0

_kept: dict[str, tuple[float, dict[str, jwt.PyJWK]]] = {}


class Untrusted(Unavailable):
    """A token that its issuer did not sign, or not for us, not now."""


def verified(
    service: Service, client_id: str, token: str, *, expires: bool = True
) -> dict[str, Any]:
    """What a token says, once its signature, issuer, audience and dates are checked.

    Args:
        service: at the issuer's address, which is its name.
        client_id: the audience that it must have.
        expires: whether it must say when it ends; if it does, that counts in any case.

    Raises:
        Untrusted: one of them is wrong.
        Unavailable: the keys could not be read.
    """
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise Untrusted("the token is signed in another way")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(service, header),
            algorithms=[header["alg"]],
            audience=client_id,
            issuer=service.url,
            leeway=LEEWAY,
            options={"require": ["iss", "aud", "sub", *(["exp", "iat"] if expires else [])]},
        )
    except jwt.PyJWTError as error:
        raise Untrusted(f"token refused: {type(error).__name__}") from None
    return claims


def _key(service: Service, header: dict[str, Any]) -> jwt.PyJWK:
    """The issuer's key of that name; asked again when it is a new one."""
    name = str(header.get("kid", ""))
    read_at, keys = _kept.get(service.url, (0.0, {}))
    if not keys or name not in keys or time.monotonic() - read_at > KEYS_KEPT:
        keys = _published(service)
        _kept[service.url] = (time.monotonic(), keys)
    key = keys.get(name) or (next(iter(keys.values())) if not name and len(keys) == 1 else None)
    if key is None or key.algorithm_name != header["alg"]:
        raise Untrusted("the token is signed by an unknown key")
    return key


def _published(service: Service) -> dict[str, jwt.PyJWK]:
    try:
        said = service.get("/jwks").json()
    except Rejected as error:
        raise Unavailable(f"status {error.status}") from None
    listed = said.get("keys") if isinstance(said, dict) else None
    if not isinstance(listed, list):
        raise Unavailable("the answer has another shape")
    found: dict[str, jwt.PyJWK] = {}
    for one in listed:
        if not isinstance(one, dict) or one.get("kty") not in {"RSA", "EC"}:
            continue
        if one.get("use", "sig") != "sig":
            continue
        try:
            found[str(one.get("kid", ""))] = jwt.PyJWK(one)
        except (jwt.PyJWTError, TypeError):
            continue  # of a kind that this library does not read
    return found
