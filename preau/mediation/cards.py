"""What this room adds to the pages of others."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.core.cards import Panel
from preau.directory.models import Sheet
from preau.mediation import queries
from preau.places.models import Place


def agenda_of_sheet(request: HttpRequest, sheet: Sheet) -> Panel | None:
    """What comes next in the place; a link to write it for those who may."""
    may_edit = allowed(actor_of(request), "agenda.edit", sheet)
    events = list(queries.coming(sheet)[:5])
    if not events and not may_edit:
        return None
    context = {"sheet": sheet, "events": events, "may_edit": may_edit}
    return Panel("Agenda", "mediation/_agenda_panel.html", context)


def agenda_of_place(request: HttpRequest, place: Place) -> Panel | None:
    sheet = getattr(place, "sheet", None)
    return agenda_of_sheet(request, sheet) if sheet is not None and sheet.is_public else None
