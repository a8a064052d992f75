"""Members of an organisation, and invitations seen from both sides."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from preau.accounts import actions, queries
from preau.accounts.actions.members import digest
from preau.accounts.actors import actor_of
from preau.accounts.forms import InviteForm, RoleForm
from preau.accounts.middleware import wear
from preau.accounts.models import Invitation, Membership, Organization
from preau.accounts.perms import permission
from preau.accounts.views.organizations import organization_of
from preau.core.errors import Refusal


def membership_of(pk: int) -> Membership:
    membership = (
        Membership.objects.select_related("organization", "user")
        .filter(pk=pk, ended_at=None)
        .first()
    )
    if membership is None:
        raise Http404
    return membership


def invitation_of(pk: int) -> Invitation:
    invitation = Invitation.objects.select_related("organization").filter(pk=pk).first()
    if invitation is None:
        raise Http404
    return invitation


def invitation_by_token(token: str) -> Invitation:
    invitation = (
        Invitation.objects.select_related("organization", "invited_by")
        .filter(token_digest=digest(token))
        .first()
    )
    if invitation is None:
        raise Http404
    return invitation


@permission("membership.list", load=organization_of)
def members(request: HttpRequest, organization: Organization) -> HttpResponse:
    context = {
        "organization": organization,
        "members": queries.members_of(organization),
        "join_requests": queries.join_requests_to(organization),
        "invitations": queries.pending_invitations(organization),
    }
    return render(request, "accounts/members.html", context)


@permission("membership.invite", load=organization_of)
def invite(request: HttpRequest, organization: Organization) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = actions.invite(
                actor=actor_of(request),
                organization=organization,
                **form.cleaned_data,
            )
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(
                request, f"L’invitation est partie à {invitation.email}. Elle est valable 7 jours."
            )
            return redirect("accounts:members", organization.pk)
    return render(request, "accounts/invite.html", {"form": form, "organization": organization})


@permission("membership.invite", load=invitation_of)
@require_POST
def revoke(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    try:
        actions.revoke_invitation(actor=actor_of(request), invitation=invitation)
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, f"L’invitation de {invitation.email} est annulée.")
    return redirect("accounts:members", invitation.organization_id)


@permission("membership.change", load=membership_of)
def role(request: HttpRequest, membership: Membership) -> HttpResponse:
    form = RoleForm(request.POST or None, initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.change_role(
                actor=actor_of(request),
                membership=membership,
                role=form.cleaned_data["role"],
            )
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, f"{changed.user} : {changed.get_role_display()}.")
            return redirect("accounts:members", membership.organization_id)
    return render(request, "accounts/role.html", {"form": form, "membership": membership})


@permission("membership.change", load=membership_of)
def remove(request: HttpRequest, membership: Membership) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.remove_member(actor=actor_of(request), membership=membership)
        except Refusal as no:
            messages.error(request, no.sentence)
        else:
            messages.success(request, f"{membership.user} n’est plus membre.")
        return redirect("accounts:members", membership.organization_id)
    return render(request, "accounts/remove.html", {"membership": membership})


@permission("membership.leave", load=membership_of)
def leave(request: HttpRequest, membership: Membership) -> HttpResponse:
    refusal = ""
    if request.method == "POST":
        try:
            actions.leave(actor=actor_of(request), membership=membership)
        except Refusal as no:
            refusal = no.sentence
        else:
            messages.success(request, f"Vous n’êtes plus membre de « {membership.organization} ».")
            return redirect("accounts:organizations")
    context = {"membership": membership, "refusal": refusal}
    return render(request, "accounts/leave.html", context)


def masked(email: str) -> str:
    """`c…@exemple.fr`: enough to recognise one's own address, too little to learn another's."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}…@{domain}"


@permission("invitation.read", load=invitation_by_token)
@never_cache
def invitation(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Shows on GET and changes nothing: link scanners follow links."""
    user = request.user
    context = {
        "invitation": invitation,
        "address": masked(invitation.email),
        "token": request.resolver_match.kwargs["token"],  # type: ignore[union-attr]
        "is_mine": user.is_authenticated and user.email == invitation.email.lower(),
    }
    return render(request, "accounts/invitation.html", context)


@permission("invitation.accept", load=invitation_by_token)
@require_POST
def accept(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    try:
        membership = actions.accept_invitation(actor=actor_of(request), invitation=invitation)
    except Refusal as no:
        messages.error(request, no.sentence)
        return redirect(
            "accounts:invitation",
            request.resolver_match.kwargs["token"],  # type: ignore[union-attr]
        )
    actions.remember_hat(actor=actor_of(request), membership=membership)
    wear(request.session, membership)
    messages.success(
        request, f"Bienvenue : vous agissez maintenant pour « {membership.organization} »."
    )
    return redirect("accounts:organization", membership.organization_id)
