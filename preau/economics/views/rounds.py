"""The pages of whoever leads a negotiation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.economics import half_days, perms, queries
from preau.economics.actions import commitments
from preau.economics.actions import rounds as actions
from preau.economics.enums import RoundState, Side
from preau.economics.forms.rounds import AbandonForm, InviteForm, RoundForm
from preau.economics.models import Invitation, NegotiationRound
from preau.economics.views.loading import act, load_any_invitation, load_round, made
from preau.places.models import Place
from preau.places.queries import managed_places

#: Places that a form offers.
MOST_PLACES = 200


@permission("economics.mine")
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "rounds": queries.rounds_of(actor)[: queries.MOST],
        "invitations": queries.invitations_of(actor)[: queries.MOST],
        "may_create": perms.may_create(actor, "round.keep"),
    }
    return render(request, "economics/rounds.html", context)


def _places(request: HttpRequest) -> list[Place]:
    return list(managed_places(actor_of(request)).select_related("commune")[:MOST_PLACES])


@permission("economics.mine")
def create(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not perms.may_create(actor, "round.keep"):
        return render(request, "economics/nobody.html", {"what": "une négociation groupée"})
    form = RoundForm(sent(request), places=_places(request))
    if request.method == "POST" and form.is_valid():

        def open_it() -> str:
            round_ = actions.create(form.wanted(), actor=actor)
            messages.success(request, "Invitez maintenant fournisseurs et propriétaires.")
            return round_.get_absolute_url()

        if gone := made(request, form, open_it):
            return gone
    return render(request, "economics/round_form.html", {"form": form})


@permission("round.keep", load=load_round)
def edit(request: HttpRequest, round_: NegotiationRound) -> HttpResponse:
    form = RoundForm(sent(request), places=_places(request), initial=RoundForm.values_of(round_))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(round_, form.wanted(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(round_)
    return render(request, "economics/round_form.html", {"form": form, "round": round_})


@permission("round.see", load=load_round)
@require_safe
def round_page(request: HttpRequest, round_: NegotiationRound) -> HttpResponse:
    """How far it is, who answered what, what comes next."""
    standing = list(queries.commitments_of(round_))
    promised = sum(one.cents for one in standing if one.invitation.side == Side.PROVIDER)
    lines = [
        (one, half_days.words(one.half_days), one.invitation.side == Side.OWNER) for one in standing
    ]
    answered = {one.invitation_id for one in standing}
    invitations = list(round_.invitations.select_related("organization"))
    context = {
        "round": round_,
        "promised": promised,
        "left": max(0, round_.target_cents - promised),
        "lines": lines,
        "waiting": [one for one in invitations if one.pk not in answered],
        "invitations": invitations,
        "may_keep": allowed(actor_of(request), "round.keep", round_),
        "is_draft": round_.state == RoundState.DRAFT,
        "is_open": round_.state == RoundState.OPEN,
        "is_covered": round_.state == RoundState.COVERED,
    }
    return render(request, "economics/round.html", context)


@permission("round.keep", load=load_round)
def invite(request: HttpRequest, round_: NegotiationRound) -> HttpResponse:
    form = InviteForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite(round_, form.cleaned_data["invitees"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(round_)
    context = {"form": form, "round": round_, "title": "Inviter", "submit": "Ajouter à la liste"}
    return render(request, "economics/round_part.html", context)


@permission("invitation.keep", load=load_any_invitation)
@require_POST
def withdraw_invitation(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    return act(
        request,
        lambda: actions.withdraw_invitation(invitation, actor=actor_of(request)),
        "L’invitation est retirée.",
        invitation.round.get_absolute_url(),
    )


@permission("round.keep", load=load_round)
@require_POST
def open_round(request: HttpRequest, round_: NegotiationRound) -> HttpResponse:
    return act(
        request,
        lambda: actions.open_round(round_, actor=actor_of(request)),
        "La négociation est ouverte. Tous les invités reçoivent le même message.",
        round_.get_absolute_url(),
    )


@permission("round.keep", load=load_round)
def abandon(request: HttpRequest, round_: NegotiationRound) -> HttpResponse:
    form = AbandonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.abandon(round_, form.cleaned_data["reason"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La négociation est abandonnée. Les invités sont prévenus.")
            return redirect(round_)
    context = {"form": form, "round": round_, "title": "Abandonner la négociation"}
    return render(request, "economics/round_part.html", context | {"submit": "Abandonner"})


@permission("round.keep", load=load_round)
@require_POST
def prepare(request: HttpRequest, round_: NegotiationRound) -> HttpResponse:
    try:
        allocation = commitments.prepare_sharing(round_, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(round_)
    messages.success(request, "Les engagements sont repris. Complétez, comparez, proposez.")
    return redirect(allocation)
