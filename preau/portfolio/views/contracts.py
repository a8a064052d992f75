"""Portfolios by CRTE and by programme."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

import preau.portfolio.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.french import by_name, rank
from preau.portfolio.choices import Choices
from preau.portfolio.forms import LONGEST_VALUE, readable, written
from preau.portfolio.queries import perimeters, tallies
from preau.projects.models import Programme
from preau.territories import names
from preau.territories.models import Crte

PAGE = 50


@permission("portfolio.see")
def crtes(request: HttpRequest) -> HttpResponse:
    """A line a contract: those of the service's territory, or those where one has a project."""
    actor = actor_of(request)
    asked = readable(request.GET, ("texte", "departement", "page"))
    reach = tallies.reach_of(actor)
    counted = tallies.by(reach, "crte")
    choices, rows = Choices(actor), Crte.objects.select_related("departement")
    if not reach.live:
        rows = rows.filter(active=True)
        if reach.codes is not None:
            rows = rows.filter(departement__in=reach.codes) | rows.filter(pk__in=counted)
    else:
        rows = rows.filter(pk__in=counted)
    chosen = choices.departement(asked.get("departement", ""))
    if chosen is not None:
        rows = rows.filter(departement=chosen)
    words = names.search_key(asked.get("texte", "")[:LONGEST_VALUE]).split()
    found = [one for one in rows if all(word in names.search_key(one.name) for word in words)]
    none = tallies.Tally()
    lines = [(one, counted.get(one.pk, none)) for one in found]
    lines.sort(key=lambda line: (-line[1].projects, rank(line[0].name)))
    page = Paginator(lines, PAGE).get_page(asked.get("page", "1"))
    kept = {name: asked.getlist(name)[:1] for name in ("texte", "departement") if name in asked}
    context = {
        "section": "crtes",
        "page": page,
        "total": len(lines),
        "departements": choices.departements if len(choices.departements) > 1 else [],
        "chosen": chosen,
        "words": asked.get("texte", ""),
        "phases": tallies.PHASES,
        "previous": written(kept, page=str(page.number - 1)) if page.has_previous() else "",
        "next": written(kept, page=str(page.number + 1)) if page.has_next() else "",
        "counted_at": None if reach.live else tallies.counted_at(),
        "is_live": reach.live,
    }
    return render(request, "portfolio/crtes.html", context)


@permission("portfolio.see")
def crte(request: HttpRequest, code: str) -> HttpResponse:
    found = Crte.objects.select_related("departement").filter(pk=code).first()
    if found is None:
        raise Http404("Aucun CRTE ne porte ce code.")
    reach = tallies.reach_of(actor_of(request))
    tally = tallies.by(reach, "crte", only=found.pk).get(found.pk, tallies.Tally())
    context = _one(reach, tally, written({"crte": [found.pk]})) | {
        "section": "crtes",
        "crte": found,
        "perimeter": perimeters.of_crte(found),
    }
    return render(request, "portfolio/crte.html", context)


@permission("portfolio.see")
def programmes(request: HttpRequest) -> HttpResponse:
    reach = tallies.reach_of(actor_of(request))
    counted, none = tallies.by(reach, "programme"), tallies.Tally()
    found = Programme.objects.order_by("-active", *by_name("name"))
    context = {
        "section": "programmes",
        "lines": [(one, counted.get(one.pk, none)) for one in found],
        "phases": tallies.PHASES,
        "counted_at": None if reach.live else tallies.counted_at(),
        "is_live": reach.live,
    }
    return render(request, "portfolio/programmes.html", context)


@permission("portfolio.see")
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    found = Programme.objects.filter(slug=slug).first()
    if found is None:
        raise Http404("Aucun programme ne porte ce nom.")
    reach = tallies.reach_of(actor_of(request))
    tally = tallies.by(reach, "programme", only=found.pk).get(found.pk, tallies.Tally())
    context = _one(reach, tally, written({"programme": [str(found.pk)]})) | {
        "section": "programmes",
        "programme": found,
        "perimeter": perimeters.of_programme(found),
    }
    return render(request, "portfolio/programme.html", context)


def _one(reach: tallies.Reach, tally: tallies.Tally, query: str) -> dict[str, Any]:
    return {
        "tally": tally,
        "phases": tallies.PHASES,
        "list_url": reverse("portfolio:projects") + query,
        "query": query,
        "counted_at": None if reach.live else tallies.counted_at(),
        "is_live": reach.live,
    }
