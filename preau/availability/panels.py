"""What opening hours add to the managers' pages of places."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.availability.models import SpaceCalendar
from preau.availability.queries.screen import calendars_of, spaces_without_hours
from preau.availability.wording import rule_in_words
from preau.core.cards import Panel
from preau.places.models import Place, Space


def hours_of_place(request: HttpRequest, place: Place) -> Panel | None:
    """The hours in a few lines, and the way to change them."""
    may_edit = allowed(actor_of(request), "availability.edit_opening", place)
    context = {
        "place": place,
        "may_edit": may_edit,
        "calendars": calendars_of(place),
        "without": spaces_without_hours(place),
    }
    return Panel("Horaires d’ouverture", "availability/panel.html", context)


def hours_of_space(request: HttpRequest, space: Space) -> Panel | None:
    """The hours a space follows, or the warning that it has none and is never open."""
    may_edit = allowed(actor_of(request), "availability.edit_opening", space.place)
    opening = SpaceCalendar.objects.select_related("calendar").filter(space=space).first()
    context = {
        "space": space,
        "may_edit": may_edit,
        "calendar": opening.calendar if opening else None,
        "sentences": [rule_in_words(rule) for rule in opening.calendar.rules.all()]
        if opening
        else [],
    }
    return Panel("Horaires d’ouverture", "availability/space_panel.html", context)
