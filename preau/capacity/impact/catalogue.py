"""Every figure of the impact of places, once, in the order of the page."""

from __future__ import annotations

from preau.capacity.impact import coming, occupancy, openings
from preau.capacity.impact.base import Definition, Figure, Question, Section

SECTIONS: tuple[Section, ...] = (occupancy.SECTION, coming.SECTION, openings.SECTION)


def compute(question: Question) -> list[tuple[Section, list[tuple[Definition, Figure]]]]:
    """Each section, its definitions beside their figures."""
    found = []
    for section in SECTIONS:
        figures = {one.key: one for one in section.compute(question)}
        found.append((section, [(one, figures[one.key]) for one in section.definitions]))
    return found
