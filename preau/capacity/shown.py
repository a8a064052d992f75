"""A reading made ready for a page: sentences first, then pictures, tables and lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from preau.capacity import charts
from preau.capacity.enums import Shown
from preau.capacity.forms import Asked, coming_year, past_year
from preau.capacity.grids import USEFUL_OF, Measure
from preau.capacity.queries.figures import WINDOW, Line, Reading
from preau.core import formats

SHOWN = 20
KINDS = ((0, "scolaire", "En période scolaire"), (1, "vacances", "Pendant les vacances scolaires"))


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    definition: str


def percent(share: float | None) -> str:
    """« 62 % »; what is a little is not nothing, what is nearly all is not all."""
    if share is None:
        return "—"
    if 0 < share < 0.005:
        return f"moins de 1{formats.NBSP}%"
    if 0.995 <= share < 1:
        return f"plus de 99{formats.NBSP}%"
    return f"{round(100 * share)}{formats.NBSP}%"


def whole(value: float | None) -> str:
    return "—" if value is None else formats.number(round(value))


def headline(reading: Reading, useful: Measure) -> str:
    """« 347 espaces de 120 lieux, ouverts 41 % des heures utiles, libres 62 % de leur temps
    d’ouverture, sur les douze derniers mois. »"""
    spaces = formats.count(reading.spaces, "espace", "espaces")
    places = formats.count(reading.places, "lieu", "lieux")
    plural = "s" if reading.spaces > 1 else ""
    free = reading.share_of_open(useful)
    if free is None:
        return f"{spaces} de {places}, jamais ouvert{plural} {when(reading)}."
    return (
        f"{spaces} de {places}, ouvert{plural} {percent(reading.open_share)} des heures utiles, "
        f"libre{plural} {percent(free)} de {'leur' if plural else 'son'} temps d’ouverture, "
        f"{when(reading)}."
    )


def when(reading: Reading) -> str:
    """What the period is called, when it has a name."""
    if (reading.first, reading.last) == past_year():
        return "sur les douze derniers mois"
    if (reading.first, reading.last) == coming_year():
        return "sur les douze mois à venir"
    return "pendant cette période"


def figures(reading: Reading, useful: Measure) -> list[Figure]:
    return [
        Figure(
            "Heures libres utiles",
            f"{whole(reading.hours(useful))}{formats.NBSP}h",
            "Temps d’ouverture que personne n’occupe, en fragments assez longs pour servir. Une "
            "heure d’un tiers de salle, ou de 4 postes sur 12, compte pour un tiers d’heure.",
        ),
        Figure(
            "Heures × m² libres",
            _square_metres(reading, useful),
            "Chaque heure libre utile multipliée par la surface. "
            + _surface_words(reading.spaces, reading.without_surface),
        ),
        Figure(
            "Ouverture",
            percent(reading.open_share),
            f"Part des heures de {WINDOW[0]} h à {WINDOW[1]} h, tous les jours, où les espaces "
            "sont ouverts ; fermetures exceptionnelles déduites.",
        ),
        Figure(
            "Occupation",
            percent(reading.share_of_open(Measure.USED)),
            "Part du temps d’ouverture prise par les réservations, les permanences et l’usage "
            "propre du propriétaire.",
        ),
        Figure(
            "Préparation et remise en état",
            percent(reading.share_of_open(Measure.BUFFER)),
            "Part du temps d’ouverture que l’installation et le ménage rendent indisponible : ni "
            "occupée, ni libre.",
        ),
        Figure(
            "Fragments trop courts",
            percent(_short(reading, useful)),
            "Part du temps d’ouverture libre mais par morceaux plus courts que la durée utile : "
            "ce n’est pas de la capacité.",
        ),
    ]


def _square_metres(reading: Reading, useful: Measure) -> str:
    if reading.spaces == reading.without_surface:
        return "surface à renseigner"
    return f"{whole(reading.square_metre_hours(useful))}{formats.NBSP}h·m²"


def _short(reading: Reading, useful: Measure) -> float | None:
    free, kept = reading.share_of_open(Measure.FREE), reading.share_of_open(useful)
    return None if free is None or kept is None else max(free - kept, 0)


def _surface_words(spaces: int, without: int) -> str:
    if not without:
        return "La surface de tous les espaces est connue."
    share = percent(without / spaces)
    return (
        f"La surface de {formats.count(without, 'espace', 'espaces')} sur {formats.number(spaces)}"
        f" ({share}) est inconnue : ils ne sont pas comptés ici."
    )


def weeks(reading: Reading, asked: Asked) -> list[charts.Week]:
    number = asked.shown.measure(USEFUL_OF[asked.useful])
    hours = charts.hours_of(reading.grids[0])
    found = [
        charts.week(key, title, reading.grids[0, kind], number, hours) for kind, key, title in KINDS
    ]
    return [one for one in found if one is not None]


def lines_of(reading: Reading) -> list[Line]:
    return reading.lines[:SHOWN]


def context(reading: Reading, asked: Asked) -> dict[str, Any]:
    """What the templates of a reading need."""
    useful = USEFUL_OF[asked.useful]
    return {
        "reading": reading,
        "asked": asked,
        "headline": headline(reading, useful),
        "figures": figures(reading, useful),
        "weeks": weeks(reading, asked),
        "shown_label": Shown(asked.shown).label,
        "lines": lines_of(reading),
        "more_lines": max(len(reading.lines) - SHOWN, 0),
        "useful_words": asked.useful.label,
    }
