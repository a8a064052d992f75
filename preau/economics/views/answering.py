"""The invitee's page: signed in for an organisation, or by the link of its letter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.economics import half_days, perms, queries, round_links
from preau.economics.actions import commitments as actions
from preau.economics.enums import CommitmentState, RoundState, Side
from preau.economics.forms.rounds import CommitmentForm
from preau.economics.models import Commitment, Invitation
from preau.economics.views.loading import load_round_invitation


@permission("round.read_invitation", load=load_round_invitation)
@never_cache
def invitation(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    may_answer = perms.may_answer(actor_of(request), "round.answer", invitation)
    return _page(request, invitation, may_answer=may_answer, by_link=False)


@permission("round.by_link")
@never_cache
def by_link(request: HttpRequest, round_token: str) -> HttpResponse:
    """Shown on GET; answered on POST."""
    try:
        found = round_links.read(round_token)
    except round_links.Expired:
        return render(request, "economics/link_over.html", status=410)
    if found is None:
        return render(request, "economics/link_over.html", status=404)
    return _page(request, found, may_answer=True, by_link=True)


def _page(
    request: HttpRequest, invitation: Invitation, *, may_answer: bool, by_link: bool
) -> HttpResponse:
    """Totals and the names of those who agreed to show theirs: never anyone else's amount."""
    round_ = invitation.round
    mine = Commitment.objects.filter(invitation=invitation).first()
    initial = CommitmentForm.values_of(mine) if mine else None
    withdrawing = request.POST.get("action") == "retirer"
    data = None if withdrawing else sent(request)
    form = CommitmentForm(data, side=invitation.side, initial=initial)
    if request.method == "POST" and (withdrawing or form.is_valid()):
        actor = actor_of(request)
        try:
            if withdrawing:
                actions.withdraw(invitation, actor=actor, by_link=by_link)
            else:
                actions.commit(invitation, form.wanted(), actor=actor, by_link=by_link)
        except Refusal as refusal:
            _say(request, form, refusal, withdrawing)
        else:
            done = "Votre engagement est retiré." if withdrawing else "Votre engagement est noté."
            messages.success(request, done)
            return redirect(request.path)
    standing = mine if mine and mine.state == CommitmentState.ENGAGED else None
    promised = queries.promised(round_)
    named = queries.commitments_of(round_).filter(show_name=True).exclude(invitation=invitation)
    context = {
        "invitation": invitation,
        "round": round_,
        "form": form,
        "mine": standing,
        "usual": half_days.words(standing.half_days) if standing else "",
        "promised": promised,
        "left": max(0, round_.target_cents - promised),
        "named": [one.invitation.name for one in named],
        "is_owner": invitation.side == Side.OWNER,
        "is_open": round_.state == RoundState.OPEN and clock.today(round_.zone) <= round_.deadline,
        "may_answer": may_answer,
    }
    return render(request, "economics/invitation.html", context)


def _say(request: HttpRequest, form: CommitmentForm, refusal: Refusal, withdrawing: bool) -> None:
    if withdrawing:
        messages.error(request, refusal.sentence)
    else:
        form.refuse(refusal)
