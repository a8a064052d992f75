"""What everybody reads of campaigns, and promising a part."""

from __future__ import annotations

from typing import Any

from allauth.core.ratelimit import consume, consume_or_429
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.once import once
from preau.initiatives import pledge_links, words
from preau.initiatives.actions import pledges as actions
from preau.initiatives.enums.campaigns import PledgeState, TargetKind
from preau.initiatives.forms.campaigns import PledgeForm
from preau.initiatives.loading.campaigns import load_open_target, load_pledge, load_public
from preau.initiatives.models import Campaign, Pledge, Target
from preau.initiatives.queries import campaigns as queries


@permission("campaign.read")
@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    ended, after = request.GET.get("etat") == "terminees", request.GET.get("apres", "")
    page = queries.page(ended=ended, after=after)
    start = "?etat=terminees" if ended else "?"
    context = {
        "page": page,
        "ended": ended,
        "next": f"{start}&apres={page.next}".replace("?&", "?").replace("+", "%2B")
        if page.next
        else "",
        "first": start if after else "",
    }
    return render(request, "initiatives/campaign_list.html", context)


@permission("campaign.read", load=load_public)
@require_safe
def show(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Only what its author wrote: nothing of the project's sheet."""
    actor = actor_of(request)
    mine = queries.mine_in(campaign, actor.user_id)
    context = {
        "campaign": campaign,
        "progress": queries.progress_of(campaign),
        "is_open": campaign.is_open,
        "thanked": queries.thanked(campaign),
        "mine": [(one, words.amount(one), _may_withdraw(one)) for one in mine],
        "may_run": allowed(actor, "campaign.run", campaign),
    }
    return render(request, "initiatives/campaign_show.html", context)


def _may_withdraw(pledge: Pledge) -> bool:
    return pledge.state in {PledgeState.UNCONFIRMED, PledgeState.PROMISED, PledgeState.CONFIRMED}


@permission("campaign.pledge", load=load_open_target)
def pledge(request: HttpRequest, target: Target) -> HttpResponse:
    """Promise a part of one target."""
    actor = actor_of(request)
    form = PledgeForm(sent(request), target=target, signed_in=actor.user is not None)
    if request.method == "POST" and form.is_valid():
        if not _within_limits(request, actor, form.cleaned_data.get("email", "")):
            form.add_error(None, TOO_MANY)
        else:
            try:
                return once(request, lambda: _promised(request, target, actor, form.cleaned_data))
            except Refusal as refusal:
                form.refuse(refusal)
    progress = {one.target.pk: one for one in queries.progress_of(target.campaign)}
    context = {
        "campaign": target.campaign,
        "target": target,
        "line": progress[target.pk],
        "form": form,
        "is_money": target.kind == TargetKind.MONEY,
        "is_open": target.campaign.is_open,
        "mine": [words.amount(one) for one in queries.live_on(target, actor.user_id)],
    }
    return render(request, "initiatives/pledge_form.html", context)


def _within_limits(request: HttpRequest, actor: Actor, email: str) -> bool:
    """One promise a target and more; fewer letters to an address that somebody has typed."""
    if actor.user is None:
        return bool(consume(request, action="pledge_letter", key=email.lower()))
    return bool(consume(request, action="pledge", key=str(actor.user_id)))


def _promised(request: HttpRequest, target: Target, actor: Actor, given: dict[str, Any]) -> str:
    made = actions.pledge(target, actor=actor, **given)
    if made.state == PledgeState.UNCONFIRMED:
        messages.info(
            request,
            "Encore un pas : ouvrez le courriel que nous venons de vous envoyer, et confirmez votre"
            " apport.",
        )
    else:
        messages.success(
            request,
            "Merci ! Votre apport est promis : qui collecte est prévenu, et vous répondra."
            + words.besides(queries.others_of(made)),
        )
    return reverse("initiatives:campaign_show", args=[target.campaign.key])


TOO_MANY = (
    "Beaucoup d’apports viennent d’être promis d’ici : attendez une demi-heure, puis recommencez."
    " Ceux qui sont déjà faits sont gardés."
)


@permission("campaign.by_link")
@never_cache
def by_link(request: HttpRequest, pledge_token: str) -> HttpResponse:
    """The link of a letter: shows on GET, acts on POST."""
    try:
        found = pledge_links.read(pledge_token)
    except pledge_links.Expired:
        found = None
    if found is None:
        return render(request, "initiatives/pledge_gone.html", status=404)
    if request.method == "POST":
        refused: HttpResponse | None = consume_or_429(request, action="act_by_link")
        return refused if refused is not None else _by_link(request, found)
    context = {
        "pledge": found,
        "campaign": found.target.campaign,
        "amount": words.amount(found),
        "besides": words.besides(queries.others_of(found)),
        "waits": found.state == PledgeState.UNCONFIRMED,
        "may_withdraw": _may_withdraw(found),
    }
    return render(request, "initiatives/pledge_by_link.html", context)


def _by_link(request: HttpRequest, found: Pledge) -> HttpResponse:
    actor = actor_of(request)
    try:
        if request.POST.get("suite") == "annuler":
            actions.withdraw(found, actor=actor, by_link=True)
            messages.success(request, "Votre apport est annulé.")
        else:
            actions.confirm_by_link(found, actor=actor)
            messages.success(request, "Merci ! Votre apport est confirmé.")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect(request.path)


@permission("campaign.cancel_pledge", load=load_pledge)
@require_POST
def withdraw(request: HttpRequest, pledge: Pledge) -> HttpResponse:
    try:
        actions.withdraw(pledge, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Votre apport est annulé.")
    return redirect("initiatives:campaign_show", pledge.target.campaign.key)
