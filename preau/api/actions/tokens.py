"""Making and ending tokens."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Membership, Organization
from preau.accounts.perms import allowed
from preau.api.enums import Scope
from preau.api.http.access import MARK, digest
from preau.api.models import ApiToken
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal

#: An organisation has few programs; many tokens are forgotten tokens.
MOST_LIVE = 20
LIVES = (30, 90, 180, 365)


@transaction.atomic
def create(
    organization: Organization,
    *,
    actor: Actor,
    name: str,
    scopes: Iterable[Scope],
    days: int,
) -> tuple[ApiToken, str]:
    """A token that acts as this person through the membership they now wear.

    Returns:
        The row, and the token itself: shown once, kept nowhere.

    Raises:
        Refusal: too many are alive already.
    """
    membership = require_manager(actor, organization)
    Organization.objects.select_for_update().get(pk=organization.pk)
    if ApiToken.objects.live().filter(organization=organization).count() >= MOST_LIVE:
        raise Refusal(
            f"Cette structure a déjà {MOST_LIVE} jetons valables. Révoquez ceux qui ne servent"
            " plus.",
            code="too_many_tokens",
        )
    token = MARK + secrets.token_urlsafe(32)
    now = clock.now()
    made = ApiToken.objects.create(
        membership=membership,
        organization=organization,
        name=name,
        prefix=token[: len(MARK) + 6],
        digest=digest(token),
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    audit.record(actor, "api.token_created", made, scopes=made.scopes, days=days)
    return made, token


@transaction.atomic
def revoke(token: ApiToken, *, actor: Actor) -> None:
    """It opens nothing from this moment on. Twice is harmless."""
    require_manager(actor, token.organization)
    ended = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(
        revoked_at=clock.now(), revoked_by=actor.user
    )
    if ended:
        audit.record(actor, "api.token_revoked", token)


def require_manager(actor: Actor, organization: Organization) -> Membership:
    """The membership through which the actor may.

    Raises:
        Forbidden: they may not.
    """
    if actor.membership is None or not allowed(actor, "api.manage", organization):
        raise Forbidden
    return actor.membership
