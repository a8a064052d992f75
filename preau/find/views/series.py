"""« Toutes les semaines »: which spaces take all or most of a rhythm."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

import preau.find.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core import formats
from preau.find.forms import readable
from preau.find.forms_series import SeriesSearchForm
from preau.find.series import MOST_PAGES, SeriesCard, cards
from preau.pricing.payers import payer_of


@permission("find.search")
def search(request: HttpRequest) -> HttpResponse:
    form = SeriesSearchForm(readable(request.GET, SeriesSearchForm.base_fields))
    context: dict[str, Any] = {"form": form, "asked": False}
    pattern = form.pattern
    if pattern and form.commune:
        page = _page_number(request.GET.get("page", ""))
        payer = payer_of(actor_of(request))
        found, more = cards(form.where, form.filters, pattern, page, payer)
        around = form.address.label if form.address else form.commune.name
        query = {name: form.data[name] for name in form.fields if form.data.get(name)}
        context |= {
            "asked": True,
            "cards": found,
            "pattern": pattern,
            "heading": _heading(found, around, page),
            "next_url": f"?{urlencode(query | {'page': page + 1})}" if more else "",
            "previous_url": f"?{urlencode(query | {'page': page - 1})}" if page > 1 else "",
        }
    return render(request, "find/series.html", context)


def _page_number(text: str) -> int:
    known = text.isascii() and text.isdecimal() and len(text) < 3
    return min(max(int(text), 1), MOST_PAGES) if known else 1


def _heading(found: list[SeriesCard], around: str, page: int) -> str:
    if page > 1:
        return f"Suite des espaces autour de {around}"
    if not found:
        return f"Aucun espace libre à ce rythme autour de {around}"
    whole = sum(one.is_whole for one in found)
    if whole:
        words = formats.count(whole, "espace libre", "espaces libres")
        return f"{words} à toutes les dates autour de {around}"
    return f"Les espaces libres au plus de dates autour de {around}"
