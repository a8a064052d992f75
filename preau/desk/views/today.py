"""The manager's desk: what waits, who comes, and every request of my places."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core import clock
from preau.desk.queries import requests as queries
from preau.desk.queries.week import week_of_places
from preau.places.perms import has_places

#: As many places are shown on the desk; the others are in their list.
MOST_PLACES = 30


@permission("desk.see")
def today(request: HttpRequest) -> HttpResponse:
    """Arrivals, and what waits for me since when and until when."""
    actor = actor_of(request)
    places = queries.my_places(actor)
    if not places:
        owner = actor.organization if has_places(actor) else None
        return render(request, "desk/nothing.html", {"owner": owner})
    answered = queries.answered_by(actor, places)
    found = queries.today_at(places, answered)
    context = {
        "places": places,
        "answers": bool(answered),
        "today": found,
        "to_treat": queries.rows_of(found.to_treat, actor),
        "now": clock.now(),
        "weeks": week_of_places(places[:MOST_PLACES]),
        "organization": actor.organization,
    }
    return render(request, "desk/today.html", context)


@permission("desk.see")
def request_list(request: HttpRequest) -> HttpResponse:
    """Every request of my places, by state and place, a page at a time."""
    places = queries.my_places(actor_of(request))
    page = queries.page_of_requests(
        places,
        state=request.GET.get("etat", ""),
        place=request.GET.get("lieu", ""),
        after=request.GET.get("apres", ""),
    )
    more, first = request.GET.copy(), request.GET.copy()
    more["apres"] = page.next_key
    first.pop("apres", None)
    context = {
        "places": places,
        "page": page,
        "rows": queries.rows_of(page.bookings, actor_of(request)),
        "states": [(state.value, state.label) for state in queries.SHOWN],
        "next": f"?{more.urlencode()}" if page.next_key else "",
        "first": f"?{first.urlencode()}" if page.after else "",
    }
    return render(request, "desk/requests.html", context)
