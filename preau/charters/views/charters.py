"""What anybody reads: the charters, their text, the places that keep them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.agreements.drafting import sample, variables
from preau.agreements.drafting.content import written
from preau.agreements.enums import LegalCase
from preau.agreements.models import ModelVersion
from preau.charters import queries
from preau.charters.enums import CharterState
from preau.charters.models import Charter
from preau.charters.pages import page_of
from preau.charters.views.loading import load_public
from preau.territories.areas import area


@permission("charter.read")
def all_charters(request: HttpRequest) -> HttpResponse:
    page = page_of(request, queries.public_charters())
    return render(request, "charters/all.html", {"page": page})


@permission("charter.read", load=load_public)
def charter(request: HttpRequest, charter: Charter) -> HttpResponse:
    version = queries.text_of(charter)
    context = {
        "charter": charter,
        "area": area(charter.area_key),
        "version": version,
        "articles": _articles(version, charter) if version else [],
        "page": page_of(request, queries.members_of(charter)),
        "is_open": charter.state == CharterState.OPEN,
        "may_join": bool(queries.places_to_commit(charter, actor_of(request))),
    }
    return render(request, "charters/charter.html", context)


def _articles(version: ModelVersion, charter: Charter) -> list[dict[str, object]]:
    """The text as a place would sign it: what is of each place is said in general words."""
    values = {one.name: f"[{one.meaning}]" for one in variables.VARIABLES} | {
        "proprietaire.nom": "Le propriétaire du lieu",
        "proprietaire.signataire": "la personne qui signe pour lui",
        "proprietaire.qualite": "dont la fonction est indiquée",
        "lieu.nom": "le lieu qu’il désigne",
        "lieu.adresse": "à l’adresse qu’il donne",
        "occupant.nom": charter.keeper.name,
        "occupant.representant": "la personne qui signe pour sa structure",
        "occupant.qualite": "dont la fonction est indiquée",
    }
    facts = sample.facts(LegalCase.CHARTER)
    return written(version.clauses.order_by("position"), facts, values)
