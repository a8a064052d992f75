"""The same projects on a map, and in words for those who do without."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

import preau.portfolio.perms  # noqa: F401  (declares the matrix)
from preau.accounts.perms import permission
from preau.portfolio.queries import listing
from preau.portfolio.queries import map as maps
from preau.portfolio.views.asked import Asked

#: Communes told under the map, those with the most projects first.
MOST_NAMED = 40


@permission("portfolio.see")
def page(request: HttpRequest) -> HttpResponse:
    asked = Asked(request)
    found = asked.filters.of(asked.actor)
    where = (
        found.filter(lead_commune__isnull=False)
        .order_by()
        .values("lead_commune", "lead_commune__name", "departement_code")
        .annotate(projects=Count("pk"))
        .order_by("-projects", "lead_commune")[: MOST_NAMED + 1]
    )
    places = list(where)
    others = {name: one for name, one in asked.form.params().items() if name != "commune"}
    context = asked.context("map") | {
        "total": listing.count(found),
        "extent": maps.extent(found, asked.filters, asked.actor),
        "points_url": reverse("portfolio:points") + asked.form.query(),
        "list_url": asked.form.address("projects", others),
        "places": [
            (
                f"{one['lead_commune__name']} ({one['departement_code']})",
                asked.form.address("projects", others, commune=one["lead_commune"]),
                one["projects"],
            )
            for one in places[:MOST_NAMED]
        ],
        "more_places": len(places) > MOST_NAMED,
    }
    return render(request, "portfolio/map.html", context)


@permission("portfolio.see")
def points(request: HttpRequest) -> HttpResponse:
    """What is in sight: `?vue=south,west,north,east&zoom=9`, with the filters of the list."""
    view = maps.read_view(request.GET.get("vue", ""), request.GET.get("zoom", ""))
    if view is None:
        return JsonResponse({"error": "vue=sud,ouest,nord,est et zoom sont attendus."}, status=400)
    asked = Asked(request)
    answer = JsonResponse({"squares": maps.squares(asked.filters, asked.actor, view)})
    answer["Cache-Control"] = "private, no-store"
    return answer
