"""Every figure, once, in the order of the pages."""

from __future__ import annotations

from preau.portfolio.figures import advice, blockages, delays, money, phases, voices
from preau.portfolio.figures.base import Definition, Figure, Population, Section

SECTIONS: tuple[Section, ...] = (
    delays.SECTION,
    advice.SECTION,
    blockages.SECTION,
    money.SECTION,
    phases.SECTION,
    phases.COHORT,
    voices.SECTION,
)
DEFINITIONS: dict[str, Definition] = {
    one.key: one for section in SECTIONS for one in section.definitions
}


def compute(population: Population) -> dict[str, Figure]:
    """Every figure of a population, by key: a dozen queries, whatever its size."""
    return {one.key: one for section in SECTIONS for one in section.compute(population)}
