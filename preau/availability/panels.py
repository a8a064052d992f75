"""What opening hours add to the managers' pages of places."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.perms import allowed
from preau.availability.queries.screen import calendars_of, spaces_without_hours
from preau.core.cards import Panel
from preau.places.models import Place


def hours_of_place(request: HttpRequest, place: Place) -> Panel | None:
    """The hours in a few lines, and the way to change them."""
    may_edit = allowed(request.actor, "availability.edit_opening", place)  # type: ignore[attr-defined]
    context = {
        "place": place,
        "may_edit": may_edit,
        "calendars": calendars_of(place),
        "without": spaces_without_hours(place),
    }
    return Panel("Horaires d’ouverture", "availability/panel.html", context)
