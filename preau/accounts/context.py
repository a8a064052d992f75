"""What every page shows about the person: who they are, for whom they act, who else they may be."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from preau.accounts import queries
from preau.accounts.actors import ANONYMOUS
from preau.accounts.models import Membership


def actor(request: HttpRequest) -> dict[str, Any]:
    present = getattr(request, "actor", ANONYMOUS)

    def mine() -> list[Membership]:
        return list(queries.memberships_of(present.user)) if present.user else []

    return {"actor": present, "my_memberships": SimpleLazyObject(mine)}
