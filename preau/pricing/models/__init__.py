"""Tariffs, options, free quotas, and prices once frozen."""

from preau.pricing.models.frozen import FrozenPrice
from preau.pricing.models.options import Option, OptionPrice, OptionTaken
from preau.pricing.models.quotas import Quota, QuotaUse
from preau.pricing.models.tariffs import (
    CancellationTier,
    Deposit,
    Rate,
    Season,
    Tariff,
    TariffAssignment,
)

__all__ = [
    "CancellationTier",
    "Deposit",
    "FrozenPrice",
    "Option",
    "OptionPrice",
    "OptionTaken",
    "Quota",
    "QuotaUse",
    "Rate",
    "Season",
    "Tariff",
    "TariffAssignment",
]
