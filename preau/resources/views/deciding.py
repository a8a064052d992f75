"""Submitting, reading, renewing, putting away: one button or one short form each."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.resources import actions
from preau.resources.days import today
from preau.resources.forms.record import ReasonForm, RenewForm, a_year_from
from preau.resources.models import Resource, Signal
from preau.resources.views.loading import load_resource, load_signal


def _act(
    request: HttpRequest, resource: Resource, verb: Callable[[Actor], object], done: str
) -> HttpResponse:
    """Do it and come back to the record's page, saying what happened."""
    try:
        verb(actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    return redirect("resources:manage", resource.pk)


@permission("resource.write", load=load_resource)
@require_POST
def submit(request: HttpRequest, resource: Resource) -> HttpResponse:
    done = "La fiche est soumise. Une autre personne la relit, puis la publie ou vous la renvoie."
    return _act(request, resource, lambda actor: actions.submit(resource, actor=actor), done)


@permission("resource.review", load=load_resource)
@require_POST
def accept(request: HttpRequest, resource: Resource) -> HttpResponse:
    done = "La fiche est publiée : elle est proposée dès maintenant."
    return _act(request, resource, lambda actor: actions.accept(resource, actor=actor), done)


@permission("resource.write", load=load_resource)
@require_POST
def reopen(request: HttpRequest, resource: Resource) -> HttpResponse:
    done = "La fiche est un brouillon : modifiez-la, puis soumettez-la de nouveau."
    return _act(request, resource, lambda actor: actions.reopen(resource, actor=actor), done)


@permission("resource.review", load=load_resource)
def send_back(request: HttpRequest, resource: Resource) -> HttpResponse:
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_back(resource, form.cleaned_data["reason"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La fiche est renvoyée à son auteur, avec votre motif.")
            return redirect("resources:manage", resource.pk)
    return render(request, "resources/send_back.html", {"resource": resource, "form": form})


@permission("resource.write", load=load_resource)
def archive(request: HttpRequest, resource: Resource) -> HttpResponse:
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.archive(resource, form.cleaned_data["reason"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La fiche est archivée : elle n’est plus proposée.")
            return redirect("resources:manage", resource.pk)
    return render(request, "resources/archive.html", {"resource": resource, "form": form})


@permission("resource.write", load=load_resource)
def renew(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Say that it still holds: no second reading."""
    form = RenewForm(sent(request), initial={"expires_on": a_year_from(today())})
    if request.method == "POST" and form.is_valid():
        try:
            actions.renew(resource, form.cleaned_data["expires_on"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La fiche est prolongée.")
            return redirect("resources:manage", resource.pk)
    return render(request, "resources/renew.html", {"resource": resource, "form": form})


@permission("resource.write", load=load_signal)
@require_POST
def close_signal(request: HttpRequest, row: Signal) -> HttpResponse:
    def verb(actor: Actor) -> object:
        return actions.close_signal(row, actor=actor)

    return _act(request, row.resource, verb, "Le signalement est traité.")
