"""What waits to be read before the public does."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.initiatives.actions import answers
from preau.initiatives.actions import listing_moderation as actions
from preau.initiatives.enums.listings import ListingState
from preau.initiatives.forms.listings import ReasonForm
from preau.initiatives.loading.listings import load_listing
from preau.initiatives.models import Listing
from preau.initiatives.queries import moderation

#: Lines of the queue; the oldest come first, the rest follows once these are dealt with.
MOST = 50


@permission("listing.queue")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    found = list(moderation.queue(actor).prefetch_related("signals")[: MOST + 1])
    context = {
        "listings": found[:MOST],
        "more": len(found) > MOST,
        "may": moderation.may_moderate_somewhere(actor),
    }
    return render(request, "initiatives/listing_queue.html", context)


@permission("listing.moderate", load=load_listing)
def judge(request: HttpRequest, listing: Listing) -> HttpResponse:
    """The whole listing, and two answers: it may be shown, or it is taken off and why."""
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_off(listing, form.cleaned_data["reason"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’annonce est retirée ; son auteur en reçoit le motif.")
            return redirect("initiatives:listing_queue")
    context = {
        "listing": listing,
        "form": form,
        "signals": listing.signals.filter(closed_at=None).order_by("pk"),
        "waits": listing.state == ListingState.REVIEW,
        "may_take_off": listing.state
        in {ListingState.REVIEW, ListingState.PUBLISHED, ListingState.EXPIRED},
    }
    return render(request, "initiatives/listing_judge.html", context)


@permission("listing.moderate", load=load_listing)
@require_POST
def let_through(request: HttpRequest, listing: Listing) -> HttpResponse:
    try:
        actions.let_through(listing, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "L’annonce est publiée ; son auteur est prévenu.")
    return redirect("initiatives:listing_queue")


@permission("listing.moderate", load=load_listing)
@require_POST
def close_signals(request: HttpRequest, listing: Listing) -> HttpResponse:
    try:
        answers.close_signals(listing, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Les signalements sont traités ; l’annonce reste publiée.")
    return redirect("initiatives:listing_queue")
