"""The French words of a price."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from preau.core import formats
from preau.core.formats import NBSP
from preau.pricing.enums import OptionUnit, QuotaKind, QuotaPer, RateUnit
from preau.pricing.grids import OptionRule, QuotaRule, Who, people

_UNITS = {
    RateUnit.HOUR: ("heure", "heures"),
    RateUnit.HALF_DAY: ("demi-journée", "demi-journées"),
    RateUnit.EVENING: ("soirée", "soirées"),
    RateUnit.DAY: ("journée", "journées"),
    RateUnit.WEEKEND: ("week-end", "week-ends"),
    RateUnit.FLAT: ("forfait", "forfaits"),
}


def rental(unit: RateUnit, number: int) -> str:
    """« Location, 3 heures »"""
    return f"Location, {formats.count(number, *_UNITS[unit])}"


def rental_explanation(
    tariff: str, who: Who, season: str, *, dates: int, stations: int, begun: bool
) -> str:
    """« Tarif « Salle des fêtes », associations de la commune, été. »"""
    parts = [f"Tarif «{NBSP}{tariff}{NBSP}», {people(who.category, who.residence)}"]
    if season:
        parts.append(season)
    if dates > 1:
        parts.append(f"{formats.count(dates, 'date')} en tout")
    if stations > 1:
        parts.append(f"pour {formats.count(stations, 'poste')}")
    words = f"{', '.join(parts)}."
    return f"{words} Toute heure commencée est due." if begun else words


def free(quota: QuotaRule) -> str:
    """« Gratuité, associations de la commune »"""
    return f"Gratuité, {people(quota.audience, quota.residence)}"


def free_explanation(quota: QuotaRule, uses: Sequence[tuple[date, int, int]]) -> str:
    """« 1re réservation gratuite sur 2 en 2027. »

    Args:
        uses: the stretch, what is taken of it by each date, what was taken before.
    """
    term = ", en période scolaire" if quota.term_only else ""
    when = stretch(quota.per, uses[0][0]) if len({use[0] for use in uses}) == 1 else per(quota)
    if quota.kind == QuotaKind.MINUTES:
        taken = formats.duration(sum(use[1] for use in uses))
        if len({use[0] for use in uses}) > 1:  # « 68 h sur 10 h » would be read as one sum
            most = formats.duration(quota.limit)
            return f"{taken} gratuites en tout ; {most} au plus {when}{term}."
        return f"{taken} sur {formats.duration(quota.limit)} gratuites {when}{term}."
    if len(uses) == 1:
        rank = uses[0][2] + 1
        ordinal = "1re" if rank == 1 else f"{rank}e"
        return f"{ordinal} réservation gratuite sur {quota.limit} {when}{term}."
    return f"{len(uses)} dates gratuites ; {quota.limit} au plus {per(quota)}{term}."


def stretch(quota_per: QuotaPer, first: date) -> str:
    """« en 2027 », « en 2026-2027 », « en mars 2027 », « dans la semaine du 8 mars »"""
    if quota_per == QuotaPer.YEAR:
        return f"en {first.year}"
    if quota_per == QuotaPer.SCHOOL_YEAR:
        return f"en {first.year}-{first.year + 1}"
    if quota_per == QuotaPer.MONTH:
        return "dans le mois"
    return f"dans la semaine du {formats.day(first, weekday=False, year=False)}"


def per(quota: QuotaRule) -> str:
    return str(quota.per.label)


def quota_in_words(quota: QuotaRule) -> str:
    """« 2 réservations gratuites par année civile, associations de la commune »"""
    what = (
        formats.count(quota.limit, "réservation gratuite", "réservations gratuites")
        if quota.kind == QuotaKind.COUNT
        else f"{formats.duration(quota.limit)} gratuites"
    )
    term = ", en période scolaire" if quota.term_only else ""
    return f"{what} {per(quota)}{term}, {people(quota.audience, quota.residence)}"


def minimum_explanation(cents: int) -> str:
    return f"Le tarif prévoit au moins {formats.euros(cents)} par réservation."


def option_explanation(rule: OptionRule, wanted: int, dates: int) -> str:
    """« 2, par jour, 3 dates en tout. »"""
    unit = str(rule.unit.label)
    words = unit if rule.unit == OptionUnit.PERSON or wanted == 1 else f"{wanted} demandés, {unit}"
    if dates > 1:
        words = f"{words}, {formats.count(dates, 'date')} en tout"
    return f"{words[:1].upper()}{words[1:]}."
