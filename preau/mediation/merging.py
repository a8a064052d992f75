"""Before everything of an organisation becomes another's: lines that would be there twice."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from preau.accounts.models import Organization
from preau.mediation.models import Training


def settle(source: Organization, target: Organization) -> None:
    """A training written in both registers is one training."""
    same = Training.objects.filter(
        organization=target,
        person=OuterRef("person"),
        title=OuterRef("title"),
        followed_on=OuterRef("followed_on"),
    )
    Training.objects.filter(Exists(same), organization=source).delete()
