"""Links in letters by which somebody accepts to be of a jury."""

from __future__ import annotations

from django.urls import reverse

from preau.initiatives.models import Reviewer
from preau.notifications import links
from preau.notifications.links import Expired

PURPOSE = "initiatives.jury"
DAYS = 90

__all__ = ["DAYS", "PURPOSE", "Expired", "page_for", "read"]


def page_for(reviewer: Reviewer) -> str:
    token = links.sign(PURPOSE, {"reviewer": reviewer.pk}, days=DAYS)
    return reverse("initiatives:jury_invitation", args=[token])


def read(token: str) -> Reviewer | None:
    """Whom a link invites; None when it leads nowhere, or no longer.

    Raises:
        Expired: it was a good link; its time is over.
    """
    facts = links.read(PURPOSE, token)
    if facts is None:
        return None
    found = Reviewer.objects.select_related("call__organization", "user")
    return found.filter(pk=int(facts["reviewer"]), removed_at=None).first()
