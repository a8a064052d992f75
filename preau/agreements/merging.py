"""When an organisation is merged into another: models, signatories, settings of signature.

Agreements keep their numbers, which bear the mark of who gave them; what they say stays frozen.
"""

from __future__ import annotations

from preau.accounts.actions.merging import rename_twins
from preau.accounts.models import Organization
from preau.agreements.models import Model, SignatureRound, SigningAuthority, SigningSettings
from preau.agreements.signing_enums import ProviderName
from preau.core import clock
from preau.core.errors import Refusal


def settle(source: Organization, target: Organization) -> None:
    """
    Raises:
        Refusal: a signature is under way with a service that only the first one uses.
    """
    rename_twins(Model.objects.filter(is_archived=False), source, target, longest=120)
    _signatories(source, target)
    _settings(source, target)


def _signatories(source: Organization, target: Organization) -> None:
    """Where both have named somebody for the same thing, the other's signs."""
    theirs = SigningAuthority.objects.filter(ended_at=None, organization=target)
    named = set(theirs.values_list("place", "role"))
    for one in SigningAuthority.objects.filter(ended_at=None, organization=source):
        if (one.place_id, one.role) in named:
            one.ended_at = clock.now()
            one.save(update_fields=["ended_at"])


def _settings(source: Organization, target: Organization) -> None:
    own = SigningSettings.objects.filter(organization=source).first()
    if own is None or not SigningSettings.objects.filter(organization=target).exists():
        return
    rounds = SignatureRound.objects.filter(agreement__owner=source, closed_at=None)
    if own.provider != ProviderName.INTERNAL and rounds.exists():
        raise Refusal(
            f"Des signatures sont en cours avec le service de signature de « {source} » : attendez"
            " leur fin, ou annulez-les.",
            code="signing",
        )
    own.delete()
