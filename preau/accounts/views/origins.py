"""What the register says of an organisation since its form was filled: to take, or not."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from preau.accounts.actions.filling import decide as decide_field
from preau.accounts.actors import actor_of
from preau.accounts.models import Organization
from preau.accounts.perms import permission
from preau.accounts.views.organizations import organization_of
from preau.core.errors import Refusal


@permission("organization.edit", load=organization_of)
@require_POST
def decide(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Take what the register now says of a field, or keep what is here."""
    takes = request.POST.get("choice") == "accept"
    try:
        decide_field(
            organization, request.POST.get("field", ""), takes=takes, actor=actor_of(request)
        )
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        said = "Ce que dit l’annuaire est repris." if takes else "Vos renseignements sont gardés."
        messages.success(request, said)
    return redirect("accounts:organization", organization.pk)
