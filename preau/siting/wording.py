"""The same words for a scenario on pages, in the report, in calls."""

from __future__ import annotations

from preau.core import formats
from preau.siting.enums import ProofState
from preau.siting.models import Scenario, SitingStudy
from preau.territories.areas import AreaKind


def percent(value: float) -> str:
    """« 94,1 % »: never 100 % for what is not all."""
    shown = min(value, 99.9) if value < 100 - 1e-9 else 100.0
    decimals = 0 if shown == 100 else 1
    return f"{formats.number(shown, decimals)}\u00a0%"


def limit_words(scenario: Scenario) -> str:
    """« à moins de 15 km », « à moins de 20 minutes »."""
    if scenario.radius_km is not None:
        return f"à moins de {formats.distance(scenario.radius_km)}"
    return f"à moins de {formats.count(scenario.minutes or 0, 'minute')}"


def existing_words(scenario: Scenario, number: int) -> str:
    """« 12 lieux comptés, Médiation et accès aux services », « …, tous profils »."""
    counted = formats.count(number, "lieu compté", "lieux comptés")
    if not scenario.counts_existing:
        return "Les lieux existants ne sont pas comptés."
    return f"{counted}, {scenario.get_existing_profile_display() or 'tous profils'}"


def headline(scenario: Scenario) -> str:
    """The answer in one sentence, the distance to the best included."""
    number = len(scenario.result.get("chosen", []))
    beside = ", avec les lieux existants," if scenario.result.get("existing", [0])[0] else ""
    made = f"{formats.count(number, 'nouveau lieu', 'nouveaux lieux')}{beside}"
    verb = "met" if number == 1 else "mettent"
    if not number:
        made, verb = "Les lieux existants", "mettent"
    words = (
        f"{made} {verb} {percent(scenario.covered_percent)} des habitants {limit_words(scenario)}"
    )
    return f"{words} ; {certainty(scenario)}."


ONE_POINT = (
    "Le territoire étudié est une seule commune, que l’étude compte comme un point\u00a0: elle ne"
    " dit pas où, dans la commune, ouvrir un lieu. Pour comparer des communes entre elles, étudiez"
    " l’intercommunalité ou le département."
)


def caveat(study: SitingStudy) -> str:
    """What the study cannot say, or ""."""
    return ONE_POINT if study.area_key.startswith(f"{AreaKind.COMMUNE}:") else ""


def certainty(scenario: Scenario) -> str:
    """What the choice is to the best one."""
    if scenario.proof == ProofState.OPTIMAL:
        return "c’est le mieux possible, c’est prouvé"
    return f"au mieux {percent(scenario.bound_percent)}"


def gap_short(scenario: Scenario) -> str:
    """« 0,37 point », « aucun »."""
    if scenario.proof == ProofState.OPTIMAL:
        return "aucun, c’est prouvé"
    points = formats.number(max(scenario.gap_percent, 0.01), 2)
    return f"{points}\u00a0point"


def gap_words(scenario: Scenario) -> str:
    if scenario.proof == ProofState.OPTIMAL:
        return "Aucun écart : aucun autre choix ne dessert plus d’habitants."
    return (
        "Un autre choix d’autant de communes ferait gagner au plus"
        f" {gap_short(scenario)} de pourcentage."
    )


def moments_words(scenario: Scenario) -> str:
    """When people must be served, and when the new places open."""
    names = ("en semaine", "en soirée", "le samedi")
    if scenario.shares == (100, 0, 0) and scenario.opens == (True, False, False):
        return "En semaine, en journée"
    needs = [
        f"{name} {share}\u00a0%"
        for name, share in zip(names, scenario.shares, strict=True)
        if share
    ]
    opened = [name for name, is_open in zip(names, scenario.opens, strict=True) if is_open]
    return f"Besoin : {', '.join(needs)}. Nouveaux lieux ouverts {', '.join(opened)}"
