"""When an organisation is merged into another: both may be in one allocation, or one round."""

from __future__ import annotations

from preau.accounts.models import Organization
from preau.economics.models import Invitation, ProviderLine


def settle(source: Organization, target: Organization) -> None:
    """Where both are, the line of the one that goes keeps its name and figures, nobody answers."""
    allocations = ProviderLine.objects.filter(organization=target).values("allocation")
    ProviderLine.objects.filter(organization=source, allocation__in=allocations).update(
        organization=None
    )
    rounds = Invitation.objects.filter(organization=target).values("round")
    Invitation.objects.filter(organization=source, round__in=rounds).update(organization=None)
