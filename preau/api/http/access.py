"""Who calls: the token of the header, or nobody. Cookies are not looked at."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest

from preau.accounts.actors import ANONYMOUS, Actor, actor_of
from preau.accounts.perms import Scope as Belongs
from preau.accounts.perms import allowed
from preau.api.enums import Scope
from preau.api.http import bodies
from preau.api.http.problems import RIGHTS, TOKEN, Problem
from preau.api.models import ApiToken
from preau.core import clock

#: What a token begins with, so that scanners of leaked secrets know one.
MARK = "preau_"
_LONGEST = 200


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def presented(request: HttpRequest) -> str:
    """The token of `Authorization: Bearer …`; "" when there is none.

    Raises:
        Problem: another kind of authorization.
    """
    header = request.headers.get("Authorization", "")
    if not header:
        return ""
    kind, _, value = header.partition(" ")
    if kind.lower() != "bearer" or not value.strip() or len(value) > _LONGEST:
        raise refused("L’en-tête attendu est « Authorization: Bearer <jeton> ».")
    return value.strip()


def known(token: str) -> ApiToken:
    """
    Raises:
        Problem: unknown, expired or revoked, or its owner is gone.
    """
    found = (
        ApiToken.objects.select_related("membership__organization", "membership__user")
        .filter(digest=digest(token))
        .first()
    )
    if found is None:
        raise refused("Ce jeton n’est pas connu.")
    if found.revoked_at is not None:
        raise refused("Ce jeton a été révoqué.", code="token_revoked")
    if found.is_expired:
        raise refused("Ce jeton a expiré : créez-en un autre.", code="token_expired")
    if not found.is_live:
        raise refused(
            "La personne qui a créé ce jeton n’est plus membre de la structure.",
            code="token_without_owner",
        )
    return found


def note_use(token: ApiToken) -> None:
    """Once a day at most."""
    today = clock.today()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)


def actor_behind(token: ApiToken) -> Actor:
    """The person through their membership: the same verbs and the same rights as on the pages."""
    return Actor(user=token.membership.user, membership=token.membership)


def refused(detail: str, *, code: str = "token_unknown") -> Problem:
    challenge = 'Bearer realm="preau", error="invalid_token"'
    return Problem(TOKEN, detail, code=code, headers={"WWW-Authenticate": challenge})


def bare_token(request: HttpRequest) -> bool:
    """Any token, whatever it is for.

    Raises:
        Problem: none was shown.
    """
    if request.api_token is not None:  # type: ignore[attr-defined]
        return True
    raise Problem(
        TOKEN,
        "Cette adresse demande un jeton : créez-le depuis la page de votre structure.",
        code="token_missing",
        headers={"WWW-Authenticate": 'Bearer realm="preau"'},
    )


class Access:
    """What an address asks of who calls: a scope, or nothing where anybody reads.

    A token that is shown must have the scope even there: it does what it was made for, no more.
    """

    def __init__(self, scope: Scope, *, public: bool = False) -> None:
        self.scope, self.public = scope, public

    def __call__(self, request: HttpRequest) -> bool:
        self._check(request)
        bodies.check(request)  # only now: an address that is none, or another method, is told first
        return True

    def _check(self, request: HttpRequest) -> None:
        token: ApiToken | None = request.api_token  # type: ignore[attr-defined]
        if token is None:
            if not self.public:
                bare_token(request)
        elif self.scope not in token.scopes:
            raise Problem(
                RIGHTS, f"Ce jeton n’a pas le droit « {self.scope} ».", code="insufficient_scope"
            )


@dataclass(frozen=True, slots=True)
class _ForTheOrganization:
    permission_scope: Belongs


def may(request: HttpRequest, action: str, subject: Any) -> bool:
    """Whether the token may: as the person, but for its organisation alone. What they hold in
    their own name, or for another organisation, is not for the programs of this one."""
    scope = replace(subject.permission_scope, holder_user_id=None)
    return allowed(actor_of(request), action, _ForTheOrganization(scope))


def nobody_yet(request: HttpRequest) -> None:
    """Forget whom a cookie names: only a token says who calls."""
    from django.contrib.auth.models import AnonymousUser

    bare: Any = request
    bare.user, bare.actor, bare.api_token = AnonymousUser(), ANONYMOUS, None
