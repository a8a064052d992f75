"""Home, site map, the written pages, and the health check."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

import preau.portal.perms  # noqa: F401  (declares the matrix)
from preau.accounts.perms import permission
from preau.core import navigation
from preau.core.cards import Card
from preau.core.navigation import address_of
from preau.core.registries import dashboard_cards
from preau.portal.forms import HomeSearchForm
from preau.portal.nearby import near_me
from preau.portal.samples import sample_context
from preau.projects.cards import has_projects

FILE_A_PROJECT = "Déposer un projet"
NEEDS = (
    ("Réserver un lieu", "find:search", "Une salle, une classe, un gymnase : ce qui est libre."),
    ("Trouver un service près de chez soi", "directory:list",
     "Démarches, réparation, bureaux partagés, et leurs heures."),
    (FILE_A_PROJECT, "projects:start",
     "Dites ce que vous voulez faire, où et pourquoi : l’État vous répond."),
)  # fmt: skip


@permission("portal.read")
def home(request: HttpRequest) -> HttpResponse:
    cards = [card for make in dashboard_cards if (card := make(request))]
    around, groups = near_me(request)
    context = {
        "form": HomeSearchForm(),
        "cards": cards,
        "needs": _needs(request),
        "around": around,
        "groups": groups,
    }
    return render(request, "portal/home.html", context)


def _needs(request: HttpRequest) -> list[Card]:
    """What brings people here, one card each: those who are known come back for a new project."""
    found = (Card(title, address_of(name), text) for title, name, text in NEEDS)
    if not request.user.is_anonymous:
        found = (one for one in found if one.title == FILE_A_PROJECT and has_projects(request))
    return [card for card in found if card.href]


@permission("portal.read")
def site_map(request: HttpRequest) -> HttpResponse:
    lines = navigation.items(request, everything=True)
    return render(request, "portal/site_map.html", {"lines": lines})


@permission("portal.read")
def propose(request: HttpRequest) -> HttpResponse:
    return _hub(request, "proposer", "Proposer", "Une idée, un projet, un lieu, un coup de main.")


@permission("portal.steer")
def steer(request: HttpRequest) -> HttpResponse:
    return _hub(request, "piloter", "Piloter", "Voir, étudier et organiser sur votre territoire.")


def _hub(request: HttpRequest, hub: str, title: str, lead: str) -> HttpResponse:
    context = {"title": title, "lead": lead, "lines": navigation.gathered(request, hub)}
    return render(request, "portal/hub.html", context)


@permission("portal.read")
def help_page(request: HttpRequest) -> HttpResponse:
    return _written(request, "portal/help.html")


@permission("portal.read")
def accessibility(request: HttpRequest) -> HttpResponse:
    return _written(request, "portal/accessibility.html")


@permission("portal.read")
def legal(request: HttpRequest) -> HttpResponse:
    return _written(request, "portal/legal.html")


@permission("portal.read")
def privacy(request: HttpRequest) -> HttpResponse:
    return _written(request, "portal/privacy.html")


def _written(request: HttpRequest, template: str) -> HttpResponse:
    return render(request, template, {"publisher": settings.PUBLISHER})


@permission("portal.read")
def health(request: HttpRequest) -> HttpResponse:
    """`ok` when the database answers: what a supervisor asks."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("base de données injoignable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@permission("portal.read")
def components(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/components.html", sample_context(request))
