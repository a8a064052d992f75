"""Agents and their employer: what ProConnect says, asking to join, answering, verifying."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts import actions, queries
from preau.accounts.actors import actor_of
from preau.accounts.models import JoinRequest, Organization
from preau.accounts.perms import permission
from preau.accounts.returning import safe_next
from preau.accounts.views.account import me
from preau.accounts.views.organizations import organization_of
from preau.core.errors import Refusal


@permission("account.use")
def employer(request: HttpRequest) -> HttpResponse:
    """The organisations of the person's employer: join one, or create it."""
    user = me(request)
    employers = queries.employers_of(user)
    onward = safe_next(request)
    if request.method == "POST":
        wanted = request.POST.get("organization", "")
        chosen = next((one for one in employers if str(one.pk) == wanted), None)
        if chosen is None:
            raise Http404
        try:
            actions.ask_to_join(actor=actor_of(request), organization=chosen)
        except Refusal as no:
            messages.error(request, no.sentence)
        else:
            messages.success(
                request,
                f"La demande est partie aux personnes qui administrent « {chosen} ». Leur réponse"
                " viendra par courriel.",
            )
        return HttpResponseRedirect(onward)
    mine = set(queries.memberships_of(user).values_list("organization_id", flat=True))
    asked = user.join_requests.filter(answered_at=None)
    context = {
        "employers": employers,
        "mine": mine,
        "asked": set(asked.values_list("organization_id", flat=True)),
        "siret": next(iter(queries.sirets_of(user)), ""),
        "onward": onward,
    }
    return render(request, "accounts/employer.html", context)


def join_request_of(join_request_pk: int) -> JoinRequest:
    found = JoinRequest.objects.select_related("organization", "user").filter(pk=join_request_pk)
    asked = found.first()
    if asked is None:
        raise Http404
    return asked


@permission("membership.invite", load=join_request_of)
@require_POST
def answer(request: HttpRequest, asked: JoinRequest) -> HttpResponse:
    try:
        answered = actions.answer_join_request(
            actor=actor_of(request), asked=asked, accept="accept" in request.POST
        )
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        said = "est maintenant membre" if answered.is_accepted else "n’est pas devenu membre"
        messages.success(request, f"{answered.user} {said}. Un courriel le lui dit.")
    return redirect("accounts:members", asked.organization_id)


@permission("organization.prove", load=organization_of)
@require_POST
def prove(request: HttpRequest, organization: Organization) -> HttpResponse:
    try:
        actions.verify_by_proconnect(actor=actor_of(request), organization=organization)
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, f"« {organization} » est vérifiée.")
    return redirect("accounts:organization", organization.pk)
