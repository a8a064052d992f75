"""A scenario to take away: the report (PDF) and the table (CSV)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.template.loader import render_to_string

from preau.core import clock, formats
from preau.core.tables.writing import Cell, csv_lines
from preau.documents import rendering
from preau.siting import drawing, wording
from preau.siting.models import Scenario
from preau.siting.queries.studies import Reading, points

#: Lines of a table of the report; the CSV has them all.
MOST = 60
HEADINGS = (
    "Ce que dit le scénario",
    "Rang",
    "Code INSEE",
    "Commune",
    "Département",
    "Population",
    "Habitants gagnés",
    "Desservis en tout (%)",
    "Habitants à portée",
    "Remarque",
)


def csv(scenario: Scenario, found: Reading) -> Iterator[str]:
    """Places to open in order, then communes that remain uncovered, the most inhabited first."""
    return csv_lines(HEADINGS, _rows(found))


def _rows(found: Reading) -> Iterator[list[Cell]]:
    for line in found.chosen:
        one = line.commune
        yield [
            "Lieu à ouvrir", line.rank, one.code, one.name, one.departement_id, one.population,
            round(line.gain), round(line.sum_percent, 2), line.catchment,
            "imposée" if line.is_forced else "",
        ]  # fmt: skip
    for missed in found.missed:
        one = missed.commune
        yield [
            "Commune non desservie", None, one.code, one.name, one.departement_id,
            one.population, None, None, None, missed.when,
        ]  # fmt: skip


def pdf(scenario: Scenario, found: Reading) -> bytes:
    study, now = scenario.study, clock.now()
    picture = drawing.picture(points(scenario, found))
    data = {
        "title": study.title,
        "subtitle": f"Étude d’implantation · {study.area_name} · {study.get_profile_display()}",
        "reference": scenario.name,
        "sender": [str(study.organization)],
        "question": study.question,
        "headline": wording.headline(scenario),
        "gap": wording.gap_words(scenario),
        "caveat": wording.caveat(study),
        "facts": _facts(scenario, found),
        "chosen": [
            [
                str(one.rank), str(one.commune), formats.number(round(one.gain)),
                wording.percent(one.sum_percent), formats.number(one.catchment),
            ]
            for one in found.chosen[:MOST]
        ],
        "more_chosen": max(0, len(found.chosen) - MOST),
        "missed": [
            [str(one.commune), formats.number(one.commune.population), one.when]
            for one in found.missed[:MOST]
        ],
        "missed_count": len(found.missed),
        "missed_people": formats.number(found.missed_people),
        "more_missed": max(0, len(found.missed) - MOST),
        "svg": render_to_string("siting/_map.svg", {"picture": picture}) if picture else "",
        "svg_alt": _described(found),
        "method": METHOD,
    }  # fmt: skip
    return rendering.render("siting/report.typ", data, at=now, trial=False)


METHOD = (
    "Le modèle choisit les communes d’où l’on dessert le plus d’habitants (problème de couverture"
    " maximale, Church et ReVelle, 1974). Une commune est desservie quand son centre est à portée"
    " d’un lieu ouvert. Toute commune du territoire peut être choisie. La borne « au mieux » est"
    " démontrée par le calcul : aucun choix d’autant de communes ne peut la dépasser. Entre deux"
    " communes qui desservent les mêmes habitants, la plus peuplée est retenue. Le modèle compte"
    " des distances, il ne connaît ni le relief ni les bâtiments : une commune voisine de celle"
    " qu’il choisit fait souvent presque aussi bien."
)


def _described(found: Reading) -> str:
    return (
        f"Carte : {formats.count(len(found.chosen), 'nouveau lieu', 'nouveaux lieux')},"
        f" {formats.count(found.outcome.existing, 'lieu existant', 'lieux existants')} et"
        f" {formats.count(len(found.missed), 'commune')} non desservies. Les mêmes figurent dans"
        " les tableaux."
    )


def _on(day: str) -> str:
    return formats.day(date.fromisoformat(day), weekday=False) if day else ""


def data_words(found: Reading) -> str:
    versions = found.outcome.versions
    return (
        f"communes et populations, version {versions['territories']}"
        f" ({_on(versions['territories_on'])}) ; lieux du répertoire au"
        f" {_on(versions['directory_on'])}"
    )


def _facts(scenario: Scenario, found: Reading) -> list[list[str]]:
    outcome = found.outcome
    facts = [
        ["À portée", wording.limit_words(scenario)],
        ["Quand", wording.moments_words(scenario)],
        ["Lieux existants", wording.existing_words(scenario, outcome.existing)],
        ["Desservis par l’existant", wording.percent(scenario.base_percent)],
        ["Desservis en tout", wording.percent(scenario.covered_percent)],
        ["Au mieux", wording.percent(scenario.bound_percent)],
    ]
    if outcome.unknown_hours:
        facts.append(
            ["Dont horaires inconnus", f"{outcome.unknown_hours}, supposés ouverts en semaine"]
        )
    if scenario.critical_mass:
        facts.append(["Masse critique", formats.count(scenario.critical_mass, "habitant")])
    if outcome.mean_after is not None:
        before = (
            f" (avant : {formats.distance(outcome.mean_before)})"
            if outcome.mean_before is not None
            else ""
        )
        facts.append(
            [
                "Distance moyenne au lieu le plus proche",
                formats.distance(outcome.mean_after) + before,
            ]
        )
    facts.append(["Données", data_words(found)])
    return facts
