"""Somebody reads a code: noted, since one that was read may have to be changed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from preau.access import sealing, showing
from preau.access.models import AccessGrant
from preau.access.showing import Shown
from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal


def read(grants: Iterable[AccessGrant]) -> list[Shown]:
    """What their holder reads now; that they read it is kept."""
    found = [showing.shown(grant) for grant in grants]
    seen = [one.grant.pk for one in found if one.how == "code" and one.grant.shown_at is None]
    if seen:
        AccessGrant.objects.filter(pk__in=seen, shown_at=None).update(shown_at=clock.now())
    return found


@transaction.atomic
def reveal(grant: AccessGrant, *, actor: Actor) -> str:
    """The digits, for who runs the place and is on the phone with somebody; noted.

    Raises:
        Refusal: there are none, or it is over.
    """
    if not allowed(actor, "access.reveal", grant):
        raise Forbidden
    rows = AccessGrant.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("door__place").get(pk=grant.pk)
    if not showing.is_ready(locked):
        raise Refusal("La serrure n’a pas de code pour cet horaire.", code="no_code")
    code = sealing.code_of(locked)
    if not code:
        raise Refusal("Cette porte s’ouvre sans code.", code="no_code")
    audit.record(actor, "access.revealed", locked)
    if locked.shown_at is None:
        locked.shown_at = clock.now()
        locked.save(update_fields=["shown_at"])
    return code
