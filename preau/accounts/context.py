"""What every page shows about the person: who they are, for whom they act, who else they may be."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from preau.accounts.actors import ANONYMOUS


def actor(request: HttpRequest) -> dict[str, Any]:
    return {"actor": getattr(request, "actor", ANONYMOUS)}
