"""Links in letters by which a support is confirmed or taken back."""

from __future__ import annotations

from django.urls import reverse

from preau.initiatives.models import Support
from preau.notifications import links
from preau.notifications.links import Expired

PURPOSE = "initiatives.support"
#: As long as a support is kept.
DAYS = 366

__all__ = ["DAYS", "PURPOSE", "Expired", "page_for", "read"]


def page_for(support: Support) -> str:
    token = links.sign(PURPOSE, {"support": str(support.key)}, days=DAYS)
    return reverse("initiatives:support_by_link", args=[token])


def read(token: str) -> Support | None:
    """
    Raises:
        Expired: it was a good link; its time is over.
    """
    facts = links.read(PURPOSE, token)
    if facts is None:
        return None
    found = Support.objects.select_related("use__project", "use__version", "commune")
    return found.filter(key=str(facts["support"])).first()
