"""Links in letters by which an invitee without an account answers a round."""

from __future__ import annotations

from django.urls import reverse

from preau.economics.models import Invitation
from preau.notifications import links
from preau.notifications.links import Expired

PURPOSE = "economics.round"
DAYS = 400

__all__ = ["DAYS", "PURPOSE", "Expired", "page_for", "read"]


def page_for(invitation: Invitation) -> str:
    token = links.sign(PURPOSE, {"invitation": str(invitation.key)}, days=DAYS)
    return reverse("economics:by_link", args=[token])


def read(token: str) -> Invitation | None:
    """Whom a link invites; None when it leads nowhere, or no longer.

    Raises:
        Expired: it was a good link; its time is over.
    """
    facts = links.read(PURPOSE, token)
    if facts is None:
        return None
    found = Invitation.objects.select_related("round__organization", "round__place")
    # Who has an account answers signed in; whose address was erased is no longer known.
    found = found.exclude(round__state="brouillon").exclude(email="").filter(organization=None)
    return found.filter(key=facts["invitation"]).first()
