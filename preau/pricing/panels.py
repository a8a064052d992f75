"""What prices add to the managers' pages of places and spaces."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.core.cards import Panel
from preau.core.french import by_name
from preau.places.models import Place, Space
from preau.pricing.loading import options_of
from preau.pricing.models import Option, TariffAssignment
from preau.pricing.queries import tariff_for


def prices_of_place(request: HttpRequest, place: Place) -> Panel | None:
    """The tariff of the whole place, the spaces with one of their own, the options."""
    actor = actor_of(request)
    context = {
        "place": place,
        "assignment": TariffAssignment.objects.select_related("tariff").filter(place=place).first(),
        "own": TariffAssignment.objects.select_related("tariff", "space")
        .filter(space__place=place)
        .order_by(*by_name("space__name")),
        "options": Option.objects.filter(place=place, is_archived=False),
        "may_edit_options": allowed(actor, "option.edit", place),
        "may_read": allowed(actor, "tariff.read", place.owner),
    }
    return Panel("Tarifs et options", "pricing/place_panel.html", context)


def prices_of_space(request: HttpRequest, space: Space) -> Panel | None:
    """The tariff under which a space is booked, and where it comes from."""
    tariff = tariff_for(space)
    context = {
        "space": space,
        "tariff": tariff,
        "is_own": TariffAssignment.objects.filter(space=space).exists(),
        "options": options_of(space, tariff),
        "may_read": allowed(actor_of(request), "tariff.read", space.place.owner),
    }
    return Panel("Tarif", "pricing/space_panel.html", context)
