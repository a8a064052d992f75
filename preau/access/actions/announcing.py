"""The day before: the code is ready to read, or another way in is."""

from __future__ import annotations

from django.db import transaction

from preau.access import showing
from preau.access.actions import acting, telling
from preau.access.drivers.traits import traits_of
from preau.access.enums import LIVE, GrantState
from preau.access.models import SHOWN_BEFORE, AccessGrant
from preau.core import clock


@transaction.atomic
def announce_due() -> int:
    """Tell whom it is for, once a code and a window; how many were."""
    now = clock.now()
    rows = AccessGrant.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    due = rows.filter(
        announced_at=None,
        state__in=LIVE,
        starts_at__lte=now + SHOWN_BEFORE,
        ends_at__gt=now,
    )
    related = due.select_related("door__place__owner", "holder_user", "holder_organization")
    return sum(_announced(one) for one in related.order_by("starts_at", "pk")[:500])


def _announced(grant: AccessGrant) -> bool:
    early = grant.state == GrantState.WANTED and not traits_of(grant.door).keeps_dates
    if early and not acting.drawn(grant):  # the lock has it at the last moment
        return False
    how = showing.shown(grant).how
    if how in ("code", "hand"):
        telling.announce(grant)
    elif how == "fallback":
        telling.announce_fallback(grant)
    else:
        return False
    grant.announced_at = clock.now()
    grant.save(update_fields=["announced_at", "sealed_code"])
    return True
