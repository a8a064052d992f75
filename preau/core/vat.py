"""The French rates of VAT, in hundredths of a percent: 2000 is 20 %."""

from __future__ import annotations

from django.db.models import IntegerChoices

from preau.core.formats import NBSP, number


class VatRate(IntegerChoices):
    """Those of mainland France (CGI, articles 278 to 281 nonies), and none for what is exempt."""

    NORMAL = 2000, "20 %"
    MIDDLE = 1000, "10 %"
    REDUCED = 550, "5,5 %"
    LOWEST = 210, "2,1 %"
    EXEMPT = 0, "0 %, exonéré"


def percent(rate: int) -> str:
    """« 5,5 % »"""
    return f"{number(rate / 100, 0 if rate % 100 == 0 else 1)}{NBSP}%"
