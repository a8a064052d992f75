"""One's own listings: writing, showing, renewing, concluding."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.once import once
from preau.initiatives.actions import listing_ends as ends
from preau.initiatives.actions import listings as actions
from preau.initiatives.actions import matching
from preau.initiatives.enums.listings import ListingState
from preau.initiatives.forms.listings import ConcludeForm, ListingForm, named
from preau.initiatives.loading.listings import load_listing, load_suggestion
from preau.initiatives.models import Listing, Suggestion
from preau.initiatives.queries import listings as queries
from preau.initiatives.queries.moderation import must_be_read, one_was_taken_off

#: Lines of one's own page.
MOST = 200


@permission("listing.mine")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "listings": list(queries.mine(actor)[:MOST]),
        "answers": list(queries.answers_of(actor)[:MOST]),
        "organization": actor.organization,
    }
    return render(request, "initiatives/listing_mine.html", context)


@permission("listing.mine")
def create(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    organization = actor.organization
    initial = {"side": request.GET.get("nature", "offre")}
    if organization is not None:
        initial["commune"] = named(organization.commune)
    form = ListingForm(sent(request), request.FILES or None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _drafted(request, actor, form))
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"form": form, "organization": organization, "listing": None}
    return render(request, "initiatives/listing_edit.html", context)


def _drafted(request: HttpRequest, actor: Actor, form: ListingForm) -> str:
    return _with_photo(request, actions.draft(actor=actor, **form.given), form)


def _with_photo(request: HttpRequest, listing: Listing, form: ListingForm) -> str:
    """What was written is kept; a photo that is refused is said, and can be sent again."""
    data = form.cleaned_data
    if data.get("photo"):
        try:
            actions.set_photo(
                listing, data["photo"], data["alternative_text"], actor=actor_of(request)
            )
        except Refusal as refusal:
            messages.warning(request, f"L’annonce est gardée, sans photo. {refusal.sentence}")
            return reverse("initiatives:listing_edit", args=[listing.key])
    messages.success(request, "L’annonce est enregistrée. Relisez-la, puis publiez-la.")
    return reverse("initiatives:listing_manage", args=[listing.key])


@permission("listing.keep", load=load_listing)
def edit(request: HttpRequest, listing: Listing) -> HttpResponse:
    actor = actor_of(request)
    initial = ListingForm.values_of(listing)
    form = ListingForm(sent(request), request.FILES or None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            listing = actions.edit(listing, form.given, actor=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(_with_photo(request, listing, form))
    context = {"form": form, "organization": listing.organization, "listing": listing}
    return render(request, "initiatives/listing_edit.html", context)


@permission("listing.keep", load=load_listing)
@require_safe
def manage(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Where it stands, what fits it, who answered."""
    state = ListingState(listing.state)
    live = state == ListingState.PUBLISHED
    context = {
        "listing": listing,
        "answers": list(queries.answers_to(listing)[:MOST]),
        "suggestions": queries.suggestions_for(listing) if live else [],
        "flows": list(listing.flows.all()),
        "must_be_read": state == ListingState.DRAFT and must_be_read(listing),
        "one_was_taken_off": one_was_taken_off(listing),
        "is_draft": state == ListingState.DRAFT,
        "is_live": live,
        "may_edit": state in {ListingState.DRAFT, ListingState.REVIEW, ListingState.PUBLISHED},
        "may_renew": state in {ListingState.PUBLISHED, ListingState.EXPIRED},
        "is_withdrawn": state == ListingState.WITHDRAWN,
        "is_concluded": state == ListingState.CONCLUDED,
    }
    return render(request, "initiatives/listing_manage.html", context)


def _act(
    request: HttpRequest, listing: Listing, verb: Callable[[Actor], object], done: str
) -> HttpResponse:
    try:
        verb(actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    return redirect("initiatives:listing_manage", listing.key)


@permission("listing.keep", load=load_listing)
@require_POST
def publish(request: HttpRequest, listing: Listing) -> HttpResponse:
    done = "L’annonce est publiée."
    if must_be_read(listing):
        why = "C’est votre première"
        if one_was_taken_off(listing):
            why = "Une de vos annonces a été retirée"
        done = (
            f"L’annonce est transmise. {why} : quelqu’un la vérifie, et vous serez prévenu dès"
            " qu’elle paraît."
        )
    return _act(request, listing, lambda actor: actions.publish(listing, actor=actor), done)


@permission("listing.keep", load=load_listing)
@require_POST
def withdraw(request: HttpRequest, listing: Listing) -> HttpResponse:
    done = "L’annonce est retirée. Vous pouvez la reprendre plus tard."
    return _act(request, listing, lambda actor: actions.withdraw(listing, actor=actor), done)


@permission("listing.keep", load=load_listing)
@require_POST
def take_up(request: HttpRequest, listing: Listing) -> HttpResponse:
    done = "L’annonce est de nouveau un brouillon : relisez-la, puis publiez-la."
    return _act(request, listing, lambda actor: actions.take_up(listing, actor=actor), done)


@permission("listing.keep", load=load_listing)
@require_POST
def renew(request: HttpRequest, listing: Listing) -> HttpResponse:
    done = "L’annonce est prolongée de 90 jours."
    return _act(request, listing, lambda actor: ends.renew(listing, actor=actor), done)


@permission("listing.keep", load=load_listing)
@require_POST
def remove_photo(request: HttpRequest, listing: Listing) -> HttpResponse:
    done = "La photo est retirée."
    return _act(request, listing, lambda actor: actions.remove_photo(listing, actor=actor), done)


@permission("listing.keep", load=load_listing)
def conclude(request: HttpRequest, listing: Listing) -> HttpResponse:
    """With whom, how much, since when: it becomes a flow."""
    answers = list(queries.answers_to(listing)[:50])
    form = ConcludeForm(sent(request), listing=listing, answers=answers)
    if request.method == "POST" and form.is_valid():
        try:
            ends.conclude(listing, form.given, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est noté : l’annonce est conclue, et n’est plus montrée.")
            return redirect("initiatives:listing_manage", listing.key)
    return render(request, "initiatives/listing_conclude.html", {"listing": listing, "form": form})


@permission("listing.dismiss", load=load_suggestion)
@require_POST
def dismiss(request: HttpRequest, suggestion: Suggestion) -> HttpResponse:
    try:
        matching.dismiss(suggestion, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Ce rapprochement ne vous sera plus proposé.")
    return redirect("initiatives:listing_mine")
