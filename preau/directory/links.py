"""The lines of the directory in the menus."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.actors import ANONYMOUS
from preau.accounts.steering import steers
from preau.core import navigation


def _keeps(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", ANONYMOUS)
    return actor.is_operator or actor.organization is not None


LINKS = (
    navigation.Link("Annuaire", "directory:list", order=12),
    navigation.Link(
        "Annuaire : à traiter", "directory:inbox", order=86, visible=_keeps, menu=False
    ),
    navigation.Link(
        "Reprendre une liste de lieux",
        "directory:bringing",
        order=87,
        visible=steers,
        menu=False,
        hub="piloter",
        text="Une liste que vous tenez déjà entre dans l’annuaire, vérifiée ligne à ligne.",
    ),
    navigation.Link("Données ouvertes de l’annuaire", "directory:open_data", order=96, menu=False),
)
