"""Try a price before the public does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.french import by_name
from preau.places.enums import Publication
from preau.places.models import Space
from preau.places.queries import managed_places
from preau.pricing.forms.simulation import SimulationForm
from preau.pricing.quotes import quote


@permission("tariff.simulate")
def simulation(request: HttpRequest) -> HttpResponse:
    """Space, time, category → the price with its lines. Nothing is written."""
    places = managed_places(actor_of(request)).values("pk")
    spaces = (
        Space.objects.filter(place__in=places)
        .exclude(publication=Publication.ARCHIVED)
        .select_related("place__commune")
        .order_by(*by_name("place__name", "name"), "pk")
    )
    asked = "jour" in request.GET
    start = {"espace": request.GET.get("espace", "")}
    form = SimulationForm(request.GET if asked else None, spaces=spaces, initial=start)
    found = None
    if asked and form.is_valid():
        data = form.cleaned_data
        try:
            found = quote(
                data["espace"], [data["period"]], form.payer, quantity=data["nombre"] or 1
            )
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"form": form, "quote": found}
    if found:
        context |= {"space": form.cleaned_data["espace"], "period": form.cleaned_data["period"]}
    return render(request, "pricing/simulation.html", context)
