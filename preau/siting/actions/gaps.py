"""What a study shows is missing becomes a call for initiatives."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit, formats
from preau.core.errors import Refusal
from preau.initiatives.actions.calls import draft_call
from preau.initiatives.models import CallForInitiatives
from preau.siting.models import Scenario
from preau.siting.outcome import outcome_of
from preau.siting.perms import require
from preau.siting.wording import limit_words
from preau.territories.models import Commune

#: Neighbours named in a brief; the rest is counted.
NAMED = 12


@transaction.atomic
def call_for(scenario: Scenario, code: str, *, actor: Actor) -> CallForInitiatives:
    """Draft a call about a commune that the scenario leaves uncovered, and those around it.

    Raises:
        Refusal: the scenario leaves it covered.
    """
    require(actor, "study.write", scenario)
    if not scenario.is_ready:
        raise Refusal("Ce scénario n’est pas encore calculé.", code="not_ready")
    around, people = gap_around(scenario, code)
    commune = around[0]
    profile = scenario.study.get_profile_display().lower()
    near = named([one.name for one in around])
    study = scenario.study
    call = draft_call(
        study.organization,
        title=f"Un lieu autour de {commune.name}"[:160],
        brief=(
            f"Autour de {commune.name}, {formats.count(people, 'habitant')} n’ont aucun"
            f" lieu de ce profil ({profile}) {limit_words(scenario)}."
            f" Communes concernées : {near}.\n\n"
            "Nous cherchons qui voudrait y ouvrir un lieu, en transformer un, ou accueillir ces"
            " services dans un lieu qui existe déjà."
        ),
        area_key=f"commune:{commune.code}",
        because=(
            f"Étude d’implantation « {study.title} », scénario « {scenario.name} » :"
            f" {formats.count(people, 'habitant')} non desservis. Communes : {near}."
        ),
        actor=actor,
    )
    audit.record(actor, "siting.call_for_gap", scenario, call=call.pk, commune=code)
    return call


def named(names: list[str]) -> str:
    """« Voreppe, Moirans et 1 autre »"""
    left = len(names) - NAMED
    more = f" et {formats.count(left, 'autre')}" if left > 0 else ""
    return ", ".join(names[:NAMED]) + more


def gap_around(scenario: Scenario, code: str) -> tuple[list[Commune], int]:
    """The commune, then the uncovered ones that the same new place would serve, the most
    inhabited first; and how many people live there.

    Raises:
        Refusal: the scenario leaves it covered.
    """
    outcome = outcome_of(scenario)
    near = next((one.communes for one in outcome.after if one.code == code), None)
    codes = near if near is not None else [code]
    if near is None and code not in outcome.uncovered:
        raise Refusal("Dans ce scénario, cette commune est desservie.", code="covered")
    found = {one.pk: one for one in Commune.objects.filter(pk__in=[code, *codes])}
    if code not in found:
        raise Refusal("Cette commune n’existe plus.", code="gone")
    others = sorted(
        (found[one] for one in codes if one in found and one != code),
        key=lambda one: (-one.population, one.code),
    )
    counted = [one for one in found.values() if one.code in codes]
    return [found[code], *others], sum(one.population for one in counted)
