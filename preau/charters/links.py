"""The room's lines of the menus."""

from __future__ import annotations

from preau.accounts.steering import steers
from preau.core.navigation import Link, register, signed_in

LINKS = (
    Link("Chartes des lieux partagés", "charters:all", order=60, menu=False),
    Link(
        "Réseaux de lieux",
        "charters:networks",
        order=85,
        visible=signed_in,
        menu=False,
        hub="piloter",
        text="Reconnaître d’un lieu à l’autre les membres de chacun, sous ses règles.",
    ),
    Link(
        "Chartes",
        "charters:mine",
        order=80,
        visible=steers,
        menu=False,
        hub="piloter",
        text="Tenir une charte des lieux partagés : texte, adhésions signées, labels.",
    ),
)


def register_links() -> None:
    for link in LINKS:
        register(link)
