"""Links in invitations by which a guest answers, signed out."""

from __future__ import annotations

from django.urls import reverse

from preau.initiatives.models import WorkshopGuest
from preau.notifications import links
from preau.notifications.links import Expired

PURPOSE = "initiatives.workshop"
DAYS = 180

__all__ = ["DAYS", "PURPOSE", "Expired", "page_for", "read"]


def page_for(guest: WorkshopGuest) -> str:
    token = links.sign(PURPOSE, {"guest": guest.pk}, days=DAYS)
    return reverse("initiatives:workshop_by_link", args=[token])


def read(token: str) -> WorkshopGuest | None:
    """
    Raises:
        Expired: it was a good link; its time is over.
    """
    facts = links.read(PURPOSE, token)
    if facts is None:
        return None
    found = WorkshopGuest.objects.select_related("workshop__organization", "workshop__space__place")
    return found.filter(pk=int(facts["guest"])).first()
