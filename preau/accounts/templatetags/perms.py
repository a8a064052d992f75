"""`{% can "place.edit" place as editable %}`: templates ask, they never decide."""

from __future__ import annotations

from typing import Any

from django import template

from preau.accounts.actors import ANONYMOUS
from preau.accounts.perms import allowed

register = template.Library()


@register.simple_tag(takes_context=True)
def can(context: dict[str, Any], action: str, subject: Any = None) -> bool:
    request = context.get("request")
    actor = getattr(request, "actor", ANONYMOUS)
    return allowed(actor, action, subject)
