"""The directory as a list and as a map: the same filters, in the address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.directory import perms
from preau.directory.filters import DEFAULT_RADIUS, Asked
from preau.directory.forms.search import SearchForm
from preau.directory.queries import listing
from preau.directory.queries import map as maps

ALLOWED = (*SearchForm.NAMES, "rayon", "apres")


@permission("directory.search")
def directory_list(request: HttpRequest) -> HttpResponse:
    """What answers, nearest first, a page at a time."""
    query = _query(request)
    form, asked = _asked(query)
    found = listing.page(asked, after=query.get("apres", ""))
    context = _frame(request, query, form, asked) | {
        "page": found,
        "next": _address(query, "apres", apres=found.next) if found.next else "",
        "first": _address(query, "apres") if query.get("apres") else "",
        "nearest": [] if found.lines else listing.nearest(asked),
    }
    return render(request, "directory/list.html", context)


@permission("directory.search")
def directory_map(request: HttpRequest) -> HttpResponse:
    """The same on a map; below it the nearest, for those who do without."""
    query = _query(request)
    form, asked = _asked(query)
    context = _frame(request, query, form, asked) | {
        "page": listing.page(asked),
        "view": maps.first_view(asked),
        "points_url": reverse("directory:points") + _address(query, "apres"),
    }
    return render(request, "directory/map.html", context)


@permission("directory.search")
def directory_points(request: HttpRequest) -> HttpResponse:
    """What is in sight: `?vue=south,west,north,east&zoom=9`, with the filters of the list."""
    view = maps.read_view(request.GET.get("vue", ""), request.GET.get("zoom", ""))
    if view is None:
        return JsonResponse({"error": "vue=sud,ouest,nord,est et zoom sont attendus."}, status=400)
    _, asked = _asked(_query(request))
    return JsonResponse({"squares": maps.squares(asked, view)})


def _query(request: HttpRequest) -> QueryDict:
    """What is asked; nothing yet: around the commune of the organisation one acts for."""
    query = QueryDict(mutable=True)
    for name in ALLOWED:
        if name in request.GET:
            query[name] = request.GET[name][:200]
    organization = actor_of(request).organization
    if not request.GET and organization is not None:
        query["ou"] = f"{organization.commune.name} ({organization.commune.departement_id})"
    query.setdefault("rayon", str(DEFAULT_RADIUS))
    return query


def _asked(query: QueryDict) -> tuple[SearchForm, Asked]:
    form = SearchForm(query)
    form.is_valid()
    return form, form.asked()


def _frame(
    request: HttpRequest, query: QueryDict, form: SearchForm, asked: Asked
) -> dict[str, Any]:
    """What the list and the map share."""
    actor = actor_of(request)
    return {
        "form": form,
        "asked": asked,
        "tags": [(words, _address(query, name)) for name, words in form.tags()],
        "list_url": reverse("directory:list") + _address(query, "apres"),
        "map_url": reverse("directory:map") + _address(query, "apres"),
        "signal_url": reverse("directory:signal_missing")
        + (f"?{_where(asked)}" if asked.commune else ""),
        "keeps": perms.keeps_territory(actor),
        "wider": _address(query, "rayon", rayon="100") if asked.commune and asked.km < 100 else "",
        "later": _address(query, "ouvert") if asked.open_now else "",
    }


def _where(asked: Asked) -> str:
    query = QueryDict(mutable=True)
    if asked.commune is not None:
        query["ou"] = f"{asked.commune.name} ({asked.commune.departement_id})"
    return query.urlencode()


def _address(asked: QueryDict, name: str, **more: str) -> str:
    """The same address without one filter, from its first page."""
    query = asked.copy()
    query.pop("apres", None)
    query.pop(name, None)
    for key, value in more.items():
        query[key] = value
    # Said to be empty: nothing at all would ask for one's own commune again.
    return f"?{query.urlencode() or 'ou='}"
