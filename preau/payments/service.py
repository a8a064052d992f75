"""PayFiP, told to the operator."""

from __future__ import annotations

from preau.outside.registry import OutsideService
from preau.payments.enums import Provider
from preau.payments.models import Operation
from preau.payments.providers import payfip


def _waiting() -> int:
    found = Operation.objects.filter(provider=Provider.PAYFIP, check_at__isnull=False)
    return found.count()


PAYFIP = OutsideService(
    key=payfip.SERVICE,
    name="PayFiP",
    purpose="Le paiement en ligne des sommes dues aux régies, par le Trésor public.",
    without="On paie au guichet ; les paiements déjà faits sont retrouvés dès qu’il répond.",
    is_configured=payfip.is_configured,
    settings=("PREAU_PAYFIP_URL",),
    waiting=_waiting,
)
