"""Codes of those who look after a place."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from preau.access.actions import caretakers as actions
from preau.access.forms import CaretakerForm
from preau.access.models import AccessGrant
from preau.access.views.loading import load_grant, load_place
from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.once import once
from preau.places.models import Place


@permission("access.edit", load=load_place)
def give(request: HttpRequest, place: Place) -> HttpResponse:
    form = CaretakerForm(sent(request), place=place)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _given(request, place, form))
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "access/caretaker_give.html", {"place": place, "form": form})


def _given(request: HttpRequest, place: Place, form: CaretakerForm) -> str:
    said = form.cleaned_data
    actions.give(
        actor=actor_of(request), door=said["door"], user=said["person"], period=form.period
    )
    messages.success(
        request, "Le code est demandé. La personne le lira dans « Mes codes d’accès »."
    )
    return reverse("access:doors", args=[place.pk])


@permission("access.edit", load=load_grant)
@require_POST
def take_back(request: HttpRequest, grant: AccessGrant) -> HttpResponseRedirect:
    """Only codes of caretakers: those of an occupancy follow it."""
    if grant.occupancy_id is None:
        done = actions.take_back(actor=actor_of(request), grant=grant)
        messages.success(request, f"Code repris : {done.get_state_display().lower()}.")
    else:
        messages.error(request, "Ce code suit une occupation : annulez-la pour le reprendre.")
    return redirect("access:doors", grant.door.place_id)
