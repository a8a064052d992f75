"""Becoming someone of the demonstration in one click. No such address in production."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.middleware import wear
from preau.accounts.models import Membership, User
from preau.accounts.perms import permission
from preau.portal.demo.people import PERSONAS, Persona

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def find_persona(key: str) -> Persona:
    for persona in PERSONAS:
        if persona.key == key:
            return persona
    raise Http404


@permission("portal.read")
def personas(request: HttpRequest) -> HttpResponse:
    hats = dict(
        Membership.objects.filter(user__email__in=[one.email for one in PERSONAS], ended_at=None)
        .order_by("-pk")
        .values_list("user__email", "organization__name")
    )
    people = [(one, hats.get(one.email, "")) for one in PERSONAS]
    return render(request, "portal/demo.html", {"people": people})


@require_POST
@permission("portal.read")
def become(request: HttpRequest, key: str) -> HttpResponse:
    """Sign in as the persona, wearing the hat of their organisation if they have one."""
    persona = find_persona(key)
    user = User.objects.filter(email=persona.email).first()
    if user is None:
        raise Http404
    login(request, user, BACKEND)
    membership = Membership.objects.filter(user=user, ended_at=None).order_by("pk").first()
    wear(request.session, membership)
    said = f"{persona.title[0].lower()}{persona.title[1:]}"  # « agent de la DDT »
    messages.success(request, f"Vous êtes {user.full_name}, {said}.")
    return redirect("portal:home")
