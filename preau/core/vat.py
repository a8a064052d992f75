"""The French rates of VAT, in hundredths of a percent (2000 is 20 %), and where each exists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import IntegerChoices

from preau.core.formats import NBSP, number


class VatRate(IntegerChoices):
    """Every rate of some part of France, and none for what is exempt."""

    NORMAL = 2000, "20 %"
    OIL_IN_CORSICA = 1300, "13 %"
    MIDDLE = 1000, "10 %"
    NORMAL_OVERSEAS = 850, "8,5 %"
    REDUCED = 550, "5,5 %"
    LOWEST = 210, "2,1 %"
    CATTLE_OVERSEAS = 175, "1,75 %"
    PRESS_OVERSEAS = 105, "1,05 %"
    LOWEST_IN_CORSICA = 90, "0,9 %"
    EXEMPT = 0, "0 %, exonéré"


@dataclass(frozen=True, slots=True)
class Territory:
    """A part of France which has its own rates.

    Attributes:
        where: « en Corse ».
        rates: the highest first; none where no VAT is asked at all.
        why_none: what is said then.
    """

    where: str
    rates: tuple[VatRate, ...]
    why_none: str = ""


def _own_taxes(where: str) -> Territory:
    """Outside the territory of the VAT, with taxes of its own (CGI, article 256-0)."""
    sentence = f"La TVA française ne s’applique pas {where} ; les taxes locales se tiennent à part."
    return Territory(where, (), sentence)


def _no_vat(where: str) -> Territory:
    return Territory(where, (), f"La TVA ne s’applique pas {where} (article 294 du CGI).")


#: CGI, articles 278 to 281 nonies.
_MAINLAND = Territory(
    "en métropole",
    (VatRate.NORMAL, VatRate.MIDDLE, VatRate.REDUCED, VatRate.LOWEST, VatRate.EXEMPT),
)
#: Those of the mainland, and its own (CGI, article 297; BOI-TVA-GEO-10).
_CORSICA = Territory(
    "en Corse",
    (
        VatRate.NORMAL,
        VatRate.OIL_IN_CORSICA,
        VatRate.MIDDLE,
        VatRate.REDUCED,
        VatRate.LOWEST,
        VatRate.LOWEST_IN_CORSICA,
        VatRate.EXEMPT,
    ),
)
#: CGI, articles 296 and 296 ter.
_ANTILLES_AND_REUNION = (
    VatRate.NORMAL_OVERSEAS,
    VatRate.LOWEST,
    VatRate.CATTLE_OVERSEAS,
    VatRate.PRESS_OVERSEAS,
    VatRate.EXEMPT,
)
#: By the département's INSEE code.
_OTHERS = {
    "2A": _CORSICA,
    "2B": _CORSICA,
    "971": Territory("en Guadeloupe", _ANTILLES_AND_REUNION),
    "972": Territory("en Martinique", _ANTILLES_AND_REUNION),
    "974": Territory("à La Réunion", _ANTILLES_AND_REUNION),
    # CGI, article 294, 1.
    "973": _no_vat("en Guyane"),
    "976": _no_vat("à Mayotte"),
    "975": _own_taxes("à Saint-Pierre-et-Miquelon"),
    "977": _own_taxes("à Saint-Barthélemy"),
    "978": _own_taxes("à Saint-Martin"),
    "986": _own_taxes("à Wallis-et-Futuna"),
    "987": _own_taxes("en Polynésie française"),
    "988": _own_taxes("en Nouvelle-Calédonie"),
}


#: Codes of the départements where none is asked.
WITHOUT_VAT = frozenset(code for code, there in _OTHERS.items() if not there.rates)


def territory_of(departement: str) -> Territory:
    """By the département's INSEE code: « 38 », « 2A », « 971 »."""
    return _OTHERS.get(departement, _MAINLAND)


def rates_in(departements: Iterable[str]) -> list[VatRate]:
    """Those that exist in one of these départements at least, the highest first."""
    found = {rate for one in departements for rate in territory_of(one).rates}
    return sorted(found, reverse=True)


def choices_in(departements: Iterable[str]) -> list[tuple[int, str]]:
    """For a list to choose from."""
    return [(rate.value, rate.label) for rate in rates_in(departements)]


def why_not(rate: int, departements: Iterable[str]) -> str:
    """A sentence about the first of these départements where this rate does not exist, or ""."""
    for one in sorted(set(departements)):
        there = territory_of(one)
        if not there.rates:
            return there.why_none
        if rate not in there.rates:
            return f"Le taux de {percent(rate)} n’existe pas {there.where}."
    return ""


def percent(rate: int) -> str:
    """« 5,5 % », « 1,75 % »"""
    decimals = 0 if rate % 100 == 0 else 1 if rate % 10 == 0 else 2
    return f"{number(rate / 100, decimals)}{NBSP}%"
