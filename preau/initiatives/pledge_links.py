"""Links in the letters of somebody who pledged without an account: to confirm, or to cancel."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from preau.initiatives.models import Pledge
from preau.notifications import links
from preau.notifications.links import Expired

PURPOSE = "initiatives.pledge"
#: As long as a campaign and what follows it.
DAYS = 400

__all__ = ["Expired", "page_for", "read"]


def page_for(pledge: Pledge) -> str:
    token = links.sign(PURPOSE, {"pledge": str(pledge.key)}, days=DAYS)
    return reverse("initiatives:pledge_by_link", args=[token])


def read(token: str) -> Pledge | None:
    """The pledge of a link; None when it leads nowhere, or no longer.

    Raises:
        Expired: it was a good link; its time is over.
    """
    facts = links.read(PURPOSE, token)
    if facts is None:
        return None
    try:
        key = UUID(str(facts["pledge"]))
    except (KeyError, ValueError):
        return None
    rows = Pledge.objects.select_related("target__campaign__commune", "user", "organization")
    return rows.filter(key=key).first()
