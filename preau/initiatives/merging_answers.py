"""When an organisation is merged into another: both may have answered one listing."""

from __future__ import annotations

from preau.accounts.models import Organization
from preau.initiatives.models import Answer


def settle(source: Organization, target: Organization) -> None:
    """The conversation of the one that goes becomes its person's own; its readers are unchanged."""
    there = Answer.objects.filter(organization=target).values("listing")
    for mine in Answer.objects.filter(organization=source, listing__in=there).select_for_update():
        own = Answer.objects.filter(listing=mine.listing_id, user=mine.user_id, organization=None)
        if mine.user_id is not None and own.exists():
            mine.user = None
        mine.organization = None
        mine.save(update_fields=["user", "organization"])
