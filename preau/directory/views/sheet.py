"""The public page of a sheet, and its poster."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core import clock
from preau.core.registries import sheet_panels
from preau.directory import history, poster
from preau.directory.actions.claims import may_claim
from preau.directory.enums import SheetState
from preau.directory.models import Sheet
from preau.directory.queries.labels import labels_of
from preau.directory.queries.now import states_of
from preau.directory.queries.sheet import hours_of, services_of
from preau.directory.structured import sheet_data
from preau.directory.views.loading import load_sheet, require_shown


@permission("directory.read", load=load_sheet)
def sheet(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Everything the public needs to go there, or to know that it is not worth going."""
    if moved := _moved(request, sheet, "directory:sheet"):
        return moved
    require_shown(request, sheet)
    services = services_of(sheet)
    actor = actor_of(request)
    names = [one.service.name for _, offers in services for one in offers]
    context = {
        "sheet": sheet,
        "now": states_of([sheet])[sheet.pk],
        "hours": hours_of(sheet),
        "services": services,
        "labels": labels_of([sheet]).get(sheet.pk, []),
        "references": sheet.references.order_by("source"),
        "past": history.history_of(sheet),
        "facts": _facts(sheet),
        "may_edit": allowed(actor, "directory.edit", sheet),
        "may_claim": may_claim(actor)
        and sheet.place_id is None
        and sheet.manager_id != actor.organization_id,
        "is_closed": sheet.state == SheetState.CLOSED,
        "is_proposed": sheet.state in {SheetState.PROPOSED, SheetState.REFUSED},
        "position": f"{sheet.latitude:.6f},{sheet.longitude:.6f}",
        "panels": [panel for make in sheet_panels if (panel := make(request, sheet))],
        "structured": sheet_data(
            sheet, request.build_absolute_uri(reverse("directory:sheet", args=[sheet.slug])), names
        ),
    }
    return render(request, "directory/sheet.html", context)


def _moved(request: HttpRequest, sheet: Sheet, view: str) -> HttpResponse | None:
    """An old address, of a sheet merged into this one."""
    match = request.resolver_match
    if match is None or match.kwargs.get("sheet_slug") == sheet.slug:
        return None
    return redirect(view, sheet.slug, permanent=True)


def _facts(sheet: Sheet) -> list[tuple[str, str]]:
    """(name, words) of what is known; nothing is said of what is not."""
    several: list[tuple[str, Any, str]] = [
        ("Autres profils", "secondary_profiles", ""),
        ("Qui reçoit", "staffing", ""),
        ("S’adresse à", "colouring", ""),
        ("Ce qui se partage", "shared", ""),
    ]
    found = [("Profil", sheet.get_main_profile_display())]
    found += [
        (words, history.said(name, getattr(sheet, name)))
        for words, name, _ in several
        if getattr(sheet, name)
    ]
    for words, value in (
        ("Mode d’ouverture", sheet.get_opening_mode_display()),
        ("Origine du lieu", sheet.get_origin_display()),
        ("Animation", sheet.get_animation_display()),
    ):
        if value:
            found.append((words, value))
    return found


@permission("directory.read", load=load_sheet)
def sheet_poster(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """One page to print and to hang on the door."""
    if moved := _moved(request, sheet, "directory:poster"):
        return moved
    require_shown(request, sheet)
    return render(request, "directory/poster.html", poster.content(sheet, _address(request, sheet)))


@permission("directory.read", load=load_sheet)
def sheet_poster_pdf(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    if moved := _moved(request, sheet, "directory:poster_pdf"):
        return moved
    require_shown(request, sheet)
    answer = HttpResponse(
        poster.pdf(sheet, _address(request, sheet), at=clock.now()),
        content_type="application/pdf",
    )
    answer["Content-Disposition"] = f'inline; filename="affiche-{sheet.slug}.pdf"'
    return answer


def _address(request: HttpRequest, sheet: Sheet) -> str:
    return request.build_absolute_uri(reverse("directory:sheet", args=[sheet.slug]))
