"""« Mes réservations »: what I must do, what comes, what is past."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.booking import queries, visitors, waiting_queries


@permission("booking.mine")
def mine(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    held = queries.live_holds(visitors.keys(request))
    found = queries.my_bookings(actor, after=request.GET.get("apres", ""))
    context = {
        "holds": [one for one in held if waiting_queries.offer_of(one) is None],
        "waits": list(waiting_queries.waits_of(actor)),
        "mine": found,
        "more_url": f"?apres={found.more}#a-venir" if found.more else "",
        "first_page": "apres" not in request.GET,
    }
    return render(request, "booking/occupant/mine.html", context)


@permission("booking.mine")
def past(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("avant", "")
    limit = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    rows = queries.past_bookings(actor_of(request), before=limit)[: queries.PAGE + 1]
    found = list(rows)
    page = found[: queries.PAGE]
    context = {
        "bookings": page,
        "next_url": f"?avant={page[-1].pk}" if len(found) > queries.PAGE else "",
        "first_url": reverse("booking:past") if limit else "",
    }
    return render(request, "booking/occupant/past.html", context)
