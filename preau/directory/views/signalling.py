"""Saying that a place is missing or wrong: without an account, in one form."""

from __future__ import annotations

from functools import partial

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.once import once
from preau.directory import duplicates
from preau.directory.actions.claims import claim as ask_for
from preau.directory.actions.claims import may_claim
from preau.directory.actions.signalling import Said, send_signal
from preau.directory.enums import SignalKind
from preau.directory.forms.signalling import ClaimForm, MissingForm, WrongForm
from preau.directory.models import Sheet
from preau.directory.views.loading import load_sheet, require_shown

#: Alike enough to be offered as « the other sheet » of a double.
ALIKE = 0.3
MOST_OTHERS = 8
#: Alike enough to ask « is it not this one? » before a missing place is sent.
KNOWN = 0.6


@permission("directory.signal")
def signal_missing(request: HttpRequest) -> HttpResponse:
    """A place that should be here. What looks like it is shown first: it may be known already."""
    actor = actor_of(request)
    initial = {"commune": request.GET.get("ou", "")[:100]}
    form = MissingForm(sent(request), anonymous=actor.user is None, initial=initial)
    known: list[Sheet] = []
    if request.method == "POST" and form.is_valid():
        if not request.POST.get("absent"):
            known = _known(form)
        if not known:
            if limited := consume_or_429(request, action="signal_place"):
                return limited  # type: ignore[no-any-return]
            given = form.cleaned_data
            said = Said(
                kind=SignalKind.MISSING,
                commune=given["commune"],
                proposed=form.proposed(),
                text=given["text"],
                email=given.get("email", ""),
            )
            return once(request, partial(_send, said, actor))
    context = {"form": form, "known": known}
    return render(request, "directory/signal_missing.html", context)


def _send(said: Said, actor: Actor) -> str:
    send_signal(said, actor=actor)
    return reverse("directory:signal_sent")


def _known(form: MissingForm) -> list[Sheet]:
    given = form.cleaned_data
    probe = duplicates.Probe(
        name=given["name"],
        commune_code=given["commune"].pk,
        commune_name=given["commune"].name,
        address=given["address"],
        phone=given["phone"],
    )
    found = duplicates.candidates(probe, least=KNOWN)
    return [sheet for sheet, _ in found if sheet.is_public][:3]


@permission("directory.signal", load=load_sheet)
def signal_wrong(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """What is wrong on a sheet, field by field; or that the place is closed, or double."""
    require_shown(request, sheet)
    actor = actor_of(request)
    likely = duplicates.candidates(duplicates.probe_of(sheet), least=ALIKE)
    others = [one for one, _ in likely if one.is_public][:MOST_OTHERS]
    form = WrongForm(sent(request), sheet=sheet, others=others, anonymous=actor.user is None)
    if request.method == "POST" and form.is_valid():
        if limited := consume_or_429(request, action="signal_place"):
            return limited  # type: ignore[no-any-return]
        given = form.cleaned_data
        said = Said(
            kind=given["what"],
            commune=sheet.commune,
            sheet=sheet,
            proposed=form.proposed(),
            text=given["text"],
            email=given.get("email", ""),
        )
        try:
            return once(request, partial(_send, said, actor))
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "directory/signal_wrong.html", {"form": form, "sheet": sheet})


@permission("directory.signal")
def signal_sent(request: HttpRequest) -> HttpResponse:
    """What happens next, and who must act."""
    return render(request, "directory/signal_sent.html")


@permission("directory.claim", load=load_sheet)
def claim(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """My organisation keeps this place: it asks to keep its sheet."""
    require_shown(request, sheet)
    actor = actor_of(request)
    form = ClaimForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            ask_for(sheet, form.cleaned_data["text"], actor=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, "Votre demande est envoyée. Vous serez prévenu de la réponse par courriel."
            )
            return redirect("directory:sheet", sheet.slug)
    context = {"form": form, "sheet": sheet, "may": may_claim(actor), "owner": actor.organization}
    return render(request, "directory/claim.html", context)
