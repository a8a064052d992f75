"""What other parts of the portfolio add to a dashboard: impact figures first."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from preau.core.cards import Panel

#: (request, codes of départements or None for the nation) → a panel, or None.
Maker = Callable[[HttpRequest, frozenset[str] | None], Panel | None]
_makers: dict[str, tuple[int, Maker]] = {}


def register(name: str, maker: Maker, *, order: int = 50) -> None:
    """Add a section to every dashboard, from `PortfolioConfig.ready`."""
    _makers[name] = (order, maker)


def panels_of(request: HttpRequest, codes: frozenset[str] | None) -> list[Panel]:
    made = (maker(request, codes) for _, maker in sorted(_makers.values(), key=lambda one: one[0]))
    return [panel for panel in made if panel is not None]
