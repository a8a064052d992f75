"""Dashboards of a département, a région, the nation: for the services competent there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

import preau.portfolio.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import permission
from preau.portfolio.forms import written
from preau.portfolio.queries import flows, tallies
from preau.portfolio.queries.tallies import Reach, Tally
from preau.projects.models import Programme
from preau.projects.standing import competence_of
from preau.territories.models import Crte, Departement, Region

#: Contracts told on the page of a département; the others are on their own page.
MOST_CONTRACTS = 30


@permission("portfolio.dashboard")
def mine(request: HttpRequest) -> HttpResponse:
    """The one of one's own service."""
    service = competence_of(actor_of(request))
    if service is None or service.departements == frozenset():
        return _nobody(request)
    if service.departements is None:
        return redirect("portfolio:nation")
    if len(service.departements) == 1:
        return redirect("portfolio:departement", code=min(service.departements))
    region = Region.objects.filter(departements__in=service.departements).order_by("code").first()
    return redirect("portfolio:region", code=region.code if region else "")


@permission("portfolio.dashboard")
def nation(request: HttpRequest) -> HttpResponse:
    reach = _reach(actor_of(request), None)
    if reach is None:
        return _nobody(request)
    departements = list(Departement.objects.select_related("region"))
    counted = tallies.by(reach, "departement")
    regions: dict[str, tuple[str, Tally]] = {}
    for one in departements:
        tally = counted.get(one.code)
        _, sums = regions.setdefault(one.region_id, (one.region.name, Tally()))
        if tally is not None:
            sums.merge(tally)
    lines = [
        (name, reverse("portfolio:region", args=[code]), sums)
        for code, (name, sums) in sorted(regions.items(), key=lambda one: one[1][0])
    ]
    return _page(request, "France", reach, {}, parts=("Par région", "Région", lines))


@permission("portfolio.dashboard")
def region(request: HttpRequest, code: str) -> HttpResponse:
    found = Region.objects.filter(pk=code).first()
    if found is None:
        raise Http404("Aucune région ne porte ce code.")
    inside = list(Departement.objects.filter(region=found).order_by("code"))
    reach = _reach(actor_of(request), [one.code for one in inside])
    if reach is None:
        return _nobody(request)
    counted, none = tallies.by(reach, "departement"), Tally()
    lines = [
        (
            str(one),
            reverse("portfolio:departement", args=[one.code]),
            counted.get(one.code, none),
        )
        for one in inside
    ]
    parts = ("Par département", "Département", lines)
    return _page(request, found.name, reach, {"region": [code]}, parts=parts)


@permission("portfolio.dashboard")
def departement(request: HttpRequest, code: str) -> HttpResponse:
    found = Departement.objects.filter(pk=code).first()
    if found is None:
        raise Http404("Aucun département ne porte ce code.")
    reach = _reach(actor_of(request), [code])
    if reach is None:
        return _nobody(request)
    counted = tallies.by(reach, "crte")
    most = sorted(counted, key=lambda one: -counted[one].projects)[:MOST_CONTRACTS]
    names = dict(Crte.objects.filter(pk__in=most).values_list("code", "name"))
    lines = [
        (names.get(one, one), reverse("portfolio:crte", args=[one]), counted[one]) for one in most
    ]
    parts = ("Par CRTE", "CRTE", lines)
    return _page(request, str(found), reach, {"departement": [code]}, parts=parts)


def _nobody(request: HttpRequest) -> HttpResponse:
    """Says whose the page is, and what to do; no figure."""
    return render(request, "portfolio/no_dashboard.html", {"section": "dashboard"})


def _reach(actor: Actor, codes: Iterable[str] | None) -> Reach | None:
    """What is asked, for a service competent for all of it; None for everybody else."""
    service = competence_of(actor)
    wanted = None if codes is None else frozenset(codes)
    if service is not None and (
        service.departements is None
        or (wanted is not None and wanted and wanted <= service.departements)
    ):
        return Reach(actor, wanted)
    return None


def _page(
    request: HttpRequest,
    name: str,
    reach: Reach,
    params: dict[str, list[str]],
    *,
    parts: tuple[str, str, list[tuple[str, str, Tally]]],
) -> HttpResponse:
    programmes = tallies.by(reach, "programme")
    names = dict(Programme.objects.values_list("pk", "name"))
    tally = tallies.whole(reach)
    context: dict[str, Any] = {
        "section": "dashboard",
        "name": name,
        "tally": tally,
        "phases": tallies.PHASES,
        "parts": parts,
        "programmes": sorted(
            (
                (names.get(pk, ""), _list(params, programme=str(pk)), one)
                for pk, one in programmes.items()
            ),
            key=lambda line: -line[2].projects,
        ),
        "months": flows.months(reach),
        "counted_at": tallies.counted_at(),
        "links": {
            "all": _list(params),
            "waiting": _list(params, etat="depose"),
            "late": _list(params, retard="on"),
            "blocked": _list(params, bloque="on"),
            "dormant": _list(params, dormant="on"),
        },
        "impact_url": reverse("portfolio:impact") + _impact_scope(params),
        "above": _above(reach, actor_of(request)),
    }
    return render(request, "portfolio/dashboard.html", context)


def _impact_scope(params: dict[str, list[str]]) -> str:
    """The same territory in the address of the figures."""
    found = [f"{kind}-{code}" for kind, (code,) in params.items()] or ["nation"]
    return written({"territoire": found})


def _list(params: dict[str, list[str]], **more: str) -> str:
    return reverse("portfolio:projects") + written(params, **more)


def _above(reach: Reach, actor: Actor) -> list[tuple[str, str]]:
    """The wider dashboards that the same person may open: for the breadcrumb."""
    service, found = competence_of(actor), []
    if service is None:
        return []
    if service.departements is None and reach.codes is not None:
        found.append(("France", reverse("portfolio:nation")))
    if reach.codes is not None and len(reach.codes) == 1:
        one = Departement.objects.select_related("region").get(pk=min(reach.codes))
        if service.departements is None or len(service.departements) > 1:
            found.append((one.region.name, reverse("portfolio:region", args=[one.region_id])))
    return found
