"""The register of trainings: one's own, or the structure's."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.mediation import queries
from preau.mediation.actions import trainings
from preau.mediation.forms.places import TrainingForm
from preau.mediation.models import Training
from preau.mediation.views.loading import load_training


@permission("mediation.trainings")
def register(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    organization = actor.organization
    may = organization is not None and allowed(actor, "mediation.register_training", organization)
    form = TrainingForm(sent(request), organization=organization) if may and organization else None
    if form is not None and organization and request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            trainings.register(organization, data.pop("person"), actor=actor, **data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La formation est inscrite.")
            return redirect("mediation:trainings")
    context = {
        "form": form,
        "lines": queries.trainings_of(actor)[:300],
        "organization": organization,
    }
    return render(request, "mediation/trainings.html", context)


@permission("mediation.register_training", load=load_training)
@require_POST
def remove(request: HttpRequest, training: Training) -> HttpResponse:
    trainings.remove(training, actor=actor_of(request))
    messages.success(request, "La ligne est retirée du registre.")
    return redirect("mediation:trainings")
