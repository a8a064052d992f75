"""Where sittings may be held: spaces of the territory, ours or others'."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.french import by_name
from preau.places.enums import Publication
from preau.places.models import Space
from preau.territories.areas import area, communes_of
from preau.timetables import perms
from preau.timetables.actions import preparing
from preau.timetables.models import Candidate, Timetable
from preau.timetables.views.loading import frame, load_candidate, load_timetable

SHOWN = 40


@permission("timetable.read", load=load_timetable)
@require_safe
def choose(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    """What is kept, and what the territory has besides, by name of place or commune."""
    words = request.GET.get("q", "")[:100].replace("\x00", " ").strip()
    kept = timetable.candidates.select_related("space__place__commune", "space__place__owner")
    actor = actor_of(request)
    found = list(_spaces(timetable, words)[: SHOWN + 1]) if timetable.is_open else []
    context = frame(request, timetable, "lieux") | {
        "kept": [(one, perms.runs(actor, one.space.place)) for one in kept],
        "found": [(one, perms.runs(actor, one.place)) for one in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "words": words,
    }
    return render(request, "timetables/spaces.html", context)


def _spaces(timetable: Timetable, words: str) -> QuerySet[Space]:
    """Published spaces of the territory that open and are not kept yet."""
    communes = communes_of(area(timetable.area_key)).values("pk")
    rows = Space.objects.filter(
        place__commune__in=communes,
        publication=Publication.PUBLISHED,
        place__publication=Publication.PUBLISHED,
        is_pool=False,
        opening__isnull=False,
    ).exclude(pk__in=timetable.candidates.values("space"))
    if words:
        rows = rows.filter(
            Q(place__name__icontains=words)
            | Q(name__icontains=words)
            | Q(place__commune__name__icontains=words)
        )
    rows = rows.select_related("place__commune", "place__owner")
    return rows.order_by(*by_name("place__name"), "place_id", *by_name("name"), "pk")


@permission("timetable.edit", load=load_timetable)
@require_POST
def add(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    typed = request.POST.get("space", "")
    space = (
        Space.objects.filter(
            pk=int(typed),
            publication=Publication.PUBLISHED,
            place__publication=Publication.PUBLISHED,
        )
        .select_related("place")
        .first()
        if typed.isdecimal() and len(typed) < 18
        else None
    )
    if space is None:
        raise Http404
    closed = request.POST.get("closed", "") == "oui"
    try:
        preparing.add_candidate(timetable, space, is_closed_room=closed, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"« {space} », {space.place}, est retenu.")
    return redirect("timetables:spaces", timetable.key)


@permission("timetable.edit", load=load_candidate)
@require_POST
def drop(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    try:
        preparing.remove_candidate(candidate, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "L’espace est retiré, avec ce qui y était placé.")
    return redirect("timetables:spaces", candidate.timetable.key)
