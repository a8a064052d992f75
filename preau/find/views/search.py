"""The search page, whole or as a fragment, and the communes suggested while typing."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

import preau.find.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core import causes, formats
from preau.find.criteria import Criteria
from preau.find.events import search_failed
from preau.find.forms import SearchForm
from preau.find.links import params_of, quick_choices, removable, search_url
from preau.find.prices import payer_in_words
from preau.find.queries import (
    Card,
    answers,
    cursor_text,
    grouped,
    proposals,
    read_cursor,
)
from preau.find.recent import remember_commune
from preau.pricing.payers import payer_of
from preau.territories.areas import suggest_areas
from preau.territories.queries import suggest

LONGEST_TYPED = 100
NAMESAKES = 6


@permission("find.search")
def search(request: HttpRequest) -> HttpResponse:
    causes.carry(request)
    form = SearchForm(request.GET)
    context: dict[str, Any] = {"form": form, "asked": False, "problem": False}
    address = search_url(params_of(form))
    if not form.is_fresh:
        valid = form.is_valid()
        context |= {"asked": valid, "problem": not valid}
        if valid:
            context |= _results(request, form)
    fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    template = "find/search_fragment.html" if fragment else "find/search.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    if fragment and not request.GET.get("apres"):
        response["HX-Push-Url"] = address
    return response


def _results(request: HttpRequest, form: SearchForm) -> dict[str, Any]:
    criteria, params = form.criteria(), params_of(form)
    remember_commune(request, criteria.commune)
    typed = request.GET.get("apres", "")
    after = read_cursor(typed)
    payer = payer_of(actor_of(request))
    cards, following = answers(criteria, after, payer)
    nothing = not cards and after is None and following is None
    if nothing:
        search_failed.send(sender=Criteria, criteria=criteria)
    return {
        "criteria": criteria,
        "has_time": criteria.has_time,
        "same_time": criteria.period is not None and not nothing,
        "groups": grouped(cards),
        "proposals": grouped(proposals(criteria, payer)) if nothing else [],
        "heading": _heading(criteria, cards, bool(following), after is not None),
        "for_whom": payer_in_words(payer, str(actor_of(request))),
        "further": bool(following) and not cards,
        "tags": removable(form, params),
        "quick": quick_choices(form, params),
        "namesakes": _namesake_links(form, params),
        "first_url": search_url(params) if after else "",
        "next_url": search_url({**params, "apres": [cursor_text(following)]}) if following else "",
        "lost_page": bool(typed) and after is None,
    }


def _namesake_links(form: SearchForm, params: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Other communes that the name alone may mean; a postcode leaves no doubt."""
    if "ou" not in params or re.search(r"\d", params["ou"][0]):
        return []
    return [
        (str(one), search_url({**params, "ou": [f"{one.name} ({one.code})"]}))
        for one in form.namesakes[:NAMESAKES]
    ]


def _heading(criteria: Criteria, cards: list[Card], more: bool, later: bool) -> str:
    """« 7 espaces libres à moins de 15 km autour de Voreppe »"""
    within = f"à moins de {criteria.where.km:.0f}{formats.NBSP}km {criteria.around}"
    words = ("espace libre", "espaces libres") if criteria.has_time else ("espace", "espaces")
    if later:
        return f"Suite des {words[1]} {within}"
    if not cards and more:
        return f"Rien à ce prix parmi les espaces les plus proches, {within}"
    if not cards:
        return f"Aucun {words[0]} {within}"
    if more:
        return f"Les {len(cards)} {words[1]} les plus proches, {within}"
    return f"{formats.count(len(cards), *words)} {within}"


@permission("find.search")
def communes(request: HttpRequest) -> HttpResponse:
    """Options for the field « Où ? »: names that begin as typed."""
    text = request.GET.get("q", "")[:LONGEST_TYPED].replace("\x00", " ")
    found_ones = suggest(text, 7) if len(text.strip()) >= 2 else []
    response = render(request, "find/communes.html", {"communes": found_ones})
    response["Cache-Control"] = "public, max-age=3600"
    return response


@permission("find.search")
def areas(request: HttpRequest) -> HttpResponse:
    """Options for a field « Territoire »: of any size, the largest first."""
    text = request.GET.get("q", "")[:LONGEST_TYPED].replace("\x00", " ")
    found_ones = suggest_areas(text, 8) if len(text.strip()) >= 2 else []
    response = render(request, "find/areas.html", {"areas": found_ones})
    response["Cache-Control"] = "public, max-age=3600"
    return response
