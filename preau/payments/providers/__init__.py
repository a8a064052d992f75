"""Where money comes from online: one small interface, PayFiP and a trial that moves none."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings

from preau.payments.enums import OfficeMode, Provider, Saisie
from preau.payments.models import CollectingOffice, Operation
from preau.payments.providers import payfip, trial
from preau.payments.providers.results import Opened, Result


class Adapter(Protocol):
    """What a provider does. Both go out of the house: never in a transaction."""

    #: The least it takes, in cents.
    least_cents: int

    def open(self, operation: Operation, email: str) -> Opened: ...

    def ask(self, operation: Operation) -> Result: ...


_ADAPTERS: dict[str, Adapter] = {Provider.PAYFIP: payfip.PAYFIP, Provider.TEST: trial.TRIAL}


def adapter_of(operation: Operation) -> Adapter:
    return _ADAPTERS[operation.provider]


def provider_of(office: CollectingOffice) -> Provider | None:
    """By what one pays this office online now; None when one does not."""
    if office.mode == OfficeMode.TEST:
        return None if settings.IS_PRODUCTION else Provider.TEST
    if office.mode == OfficeMode.REGIE and office.numcli and payfip.is_configured():
        return None if moves_no_money(office) else Provider.PAYFIP
    return None


def moves_no_money(office: CollectingOffice) -> bool:
    """Whether PayFiP would say « payé » of a card that exists nowhere, on a real site."""
    return settings.IS_PRODUCTION and office.saisie == Saisie.TEST


def least_cents(provider: Provider) -> int:
    return _ADAPTERS[provider].least_cents
