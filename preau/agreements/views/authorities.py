"""Who signs for an owner, and the opinions of school boards."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.models import Organization
from preau.accounts.perms import permission
from preau.agreements import queries
from preau.agreements.actions import authorities as actions
from preau.agreements.enums import AuthorityRole
from preau.agreements.library_forms import AuthorityForm, OpinionForm
from preau.agreements.models import SigningAuthority
from preau.core.errors import Refusal
from preau.places.models import Place


def load_organization(*, organization_id: int) -> Organization:
    found = Organization.objects.filter(pk=organization_id).first()
    if found is None:
        raise Http404("Cette structure n’existe pas.")
    return found


def load_authority(*, authority_id: int) -> SigningAuthority:
    found = SigningAuthority.objects.filter(pk=authority_id, ended_at=None).first()
    if found is None:
        raise Http404("Ce signataire n’existe plus.")
    return found


def load_place(*, place_id: int) -> Place:
    found = Place.objects.select_related("owner", "commune").filter(pk=place_id).first()
    if found is None:
        raise Http404("Ce lieu n’existe pas.")
    return found


@permission("agreement.appoint", load=load_organization)
def signatories(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Who signs for the organisation and its places, and the form to appoint someone."""
    form = AuthorityForm(request.POST or None, request.FILES or None, organization=organization)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.appoint(
                organization,
                form.person(),
                role=AuthorityRole(given["role"]),
                actor=actor_of(request),
                place=given["place"],
                is_delegate=given["is_delegate"],
                delegation=given["delegation"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{given['name']} signe désormais les conventions.")
            return redirect("agreements:signatories", organization.pk)
    context = {
        "organization": organization,
        "form": form,
        "authorities": list(queries.authorities_of(organization.pk)),
    }
    return render(request, "agreements/authorities/signatories.html", context)


@permission("agreement.appoint", load=load_authority)
@require_POST
def dismiss(request: HttpRequest, authority: SigningAuthority) -> HttpResponse:
    actions.dismiss(authority, actor=actor_of(request))
    messages.success(request, f"{authority.name} ne signe plus. Désignez qui signe à sa place.")
    return redirect("agreements:signatories", authority.organization_id)


@permission("agreement.record_opinion", load=load_place)
def opinions(request: HttpRequest, place: Place) -> HttpResponse:
    """The opinions recorded for a school, and the form to record the next."""
    form = OpinionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_opinion(place, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, "L’avis est enregistré : il vaut pour les conventions à venir."
            )
            return redirect("agreements:opinions", place.pk)
    context = {
        "place": place,
        "form": form,
        "opinions": list(place.board_opinions.select_related("document")),
    }
    return render(request, "agreements/authorities/opinions.html", context)
