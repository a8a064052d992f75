"""Who is told of what waits: the sheet's manager, else the nearest authority, else the operator."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from preau.accounts.audiences import DECIDERS
from preau.accounts.enums import OrganizationKind
from preau.accounts.models import Organization, User
from preau.directory.models import Sheet, SheetClaim, Signal
from preau.territories.models import Commune


def moderators_of(commune: Commune, sheet: Sheet | None = None) -> list[User]:
    """Those who decide of a sheet, or of a place missing in a commune."""
    if sheet is not None and sheet.manager_id:
        found = _deciders(Q(pk=sheet.manager_id))
        if found:
            return found
    return authorities_of(commune)


def authorities_of(commune: Commune) -> list[User]:
    """The commune's people if it is here, else its EPCI's, else its département's."""
    tests = [Q(kind=OrganizationKind.COMMUNE, commune=commune)]
    if commune.epci_id:
        tests.append(Q(kind=OrganizationKind.EPCI, epci=commune.epci_id))
    tests.append(Q(kind=OrganizationKind.DEPARTEMENT, commune__departement=commune.departement_id))
    for test in tests:
        if found := _deciders(test & Q(verified_at__isnull=False)):
            return found
    return list(User.objects.filter(is_operator=True, is_active=True).order_by("pk"))


def _deciders(which: Q) -> list[User]:
    of = Organization.objects.filter(which)
    people = User.objects.filter(
        is_active=True,
        memberships__organization__in=of,
        memberships__ended_at=None,
        memberships__role__in=DECIDERS,
    )
    return list(people.distinct().order_by("pk"))


def personal_data(user: User) -> dict[str, Any]:
    """What a person signalled or asked for, for their export."""
    signals = Signal.objects.filter(sender=user).select_related("sheet", "commune")
    claims = SheetClaim.objects.filter(asked_by=user).select_related("sheet", "organization")
    return {
        "signalements de l’annuaire": [
            {
                "nature": one.get_kind_display(),
                "lieu": one.sheet.name if one.sheet else str(one.proposed.get("name", "")),
                "précisions": one.text,
                "état": one.get_state_display(),
                "envoyé le": one.created_at,
            }
            for one in signals.order_by("pk")
        ],
        "demandes de gestion d’une fiche": [
            {
                "lieu": one.sheet.name,
                "structure": one.organization.name,
                "état": one.get_state_display(),
                "envoyée le": one.created_at,
            }
            for one in claims.order_by("pk")
        ],
    }


def merge_claims(source: Organization, target: Organization) -> None:
    """Two organisations that asked for one sheet become one: one demand is enough."""
    waiting = SheetClaim.objects.filter(decided_at=None)
    asked = waiting.filter(organization=target).values("sheet")
    waiting.filter(organization=source, sheet__in=asked).delete()
