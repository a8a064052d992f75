"""What waits for a decision, and the decisions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.directory import perms
from preau.directory.actions import signalling
from preau.directory.actions.claims import decide_claim
from preau.directory.actions.merging import keep_apart, merge_sheets
from preau.directory.actions.sheets import turn
from preau.directory.enums import PairState, SheetState, SignalKind, SignalState
from preau.directory.forms.signalling import AcceptMissingForm, AcceptWrongForm, ReasonForm
from preau.directory.history import name_of, said
from preau.directory.models import Sheet, SheetClaim, SheetPair, Signal
from preau.directory.queries import moderation
from preau.directory.queries.listing import in_lines
from preau.directory.views.loading import load_claim, load_pair, load_sheet, load_signal


@permission("directory.inbox")
def inbox(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "inbox": moderation.inbox(actor),
        "managed": moderation.managed_sheets(actor)[:200],
        "keeps": perms.keeps_territory(actor),
        "actor": actor,
    }
    return render(request, "directory/inbox.html", context)


@permission("directory.moderate", load=load_signal)
def signal(request: HttpRequest, signal: Signal) -> HttpResponse:
    """One signal: what is said, what it would change, two buttons."""
    accepting = request.method == "POST" and request.POST.get("faire") == "accepter"
    refusing = request.method == "POST" and request.POST.get("faire") == "refuser"
    form = _form_of(signal, request.POST if accepting else None)
    reason = ReasonForm(request.POST if refusing else None)
    if refusing and reason.is_valid():
        try:
            signalling.refuse_signal(signal, reason.cleaned_data["reason"], actor=actor_of(request))
        except Refusal as refusal:
            reason.refuse(refusal)
        else:
            messages.success(request, f"Le signalement est refusé.{_told(signal)}")
            return redirect("directory:inbox")
    good = accepting and (form is None or form.is_valid())
    if good and (answer := _accept(request, signal, form)):
        return answer
    context = {
        "signal": signal,
        "form": form,
        "reason": reason,
        "waits": signal.state == SignalState.WAITING,
        "proposed": _proposed(signal),
        "pair": _pair(signal),
        "hours": signal.proposed.get("hours", ""),
    }
    return render(request, "directory/signal.html", context)


def _form_of(signal: Signal, data: Any) -> Any:
    """The proposal to correct before accepting it; None when there is nothing to type."""
    proposed = signal.proposed
    if signal.kind == SignalKind.MISSING:
        initial = {
            **proposed,
            "hours_text": proposed.get("hours", ""),
            "commune": signal.commune.name,
            "postcode": signal.commune.main_postcode,
        }
        return AcceptMissingForm(data, initial=initial)
    if signal.kind == SignalKind.WRONG:
        return AcceptWrongForm(data, proposed=proposed, initial=proposed)
    return None


def _accept(request: HttpRequest, signal: Signal, form: Any) -> HttpResponse | None:
    wanted = request.POST.get("garder", "")
    keep = next((line.sheet for line in _pair(signal) if line.sheet.slug == wanted), None)
    try:
        sheet = signalling.accept_signal(
            signal, actor=actor_of(request), fields=form.values() if form else {}, keep=keep
        )
    except Refusal as refusal:
        if form is not None:
            form.refuse(refusal)
        else:
            messages.error(request, refusal.sentence)
        return None
    messages.success(request, f"Le signalement est retenu.{_told(signal)}")
    if signal.proposed.get("hours"):
        messages.info(request, f"Horaires indiqués, à reporter : {signal.proposed['hours']}")
        return redirect("directory:hours", sheet.slug)
    return redirect("directory:sheet", sheet.slug)


def _told(signal: Signal) -> str:
    return " La personne est prévenue." if signal.is_answered else ""


def _proposed(signal: Signal) -> list[tuple[str, str, str]]:
    """(name, what stands, what is proposed)."""
    names = [name for name in signal.proposed if name not in signalling.WORDS]
    return [
        (
            name_of(name),
            said(name, getattr(signal.sheet, name, "")) if signal.sheet else "",
            said(name, signal.proposed[name]),
        )
        for name in names
    ]


def _pair(signal: Signal) -> list[Any]:
    """Both sheets of a double, as cards."""
    other = signalling.other_of(signal) if signal.kind == SignalKind.DUPLICATE else None
    if other is None or signal.sheet is None:
        return []
    return in_lines([signal.sheet, other])


@permission("directory.moderate", load=load_pair)
def pair(request: HttpRequest, pair: SheetPair) -> HttpResponse:
    """Two sheets side by side: one place, or two."""
    actor = actor_of(request)
    may = allowed(actor, "directory.moderate", pair.second)
    if request.method == "POST" and may:
        try:
            done = _decide_pair(request, pair)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            if done is not None:
                return redirect("directory:sheet", done.slug)
            messages.success(request, "C’est noté : ces deux fiches restent distinctes.")
            return redirect("directory:inbox")
    context = {
        "pair": pair,
        "lines": in_lines([pair.first, pair.second]),
        "may": may,
        "waits": pair.state == PairState.OPEN,
    }
    return render(request, "directory/pair.html", context)


def _decide_pair(request: HttpRequest, pair: SheetPair) -> Sheet | None:
    actor = actor_of(request)
    if request.POST.get("faire") != "reunir":
        keep_apart(pair, actor=actor)
        return None
    first, second = pair.first, pair.second
    if request.POST.get("garder") == second.slug:
        first, second = second, first
    kept = merge_sheets(first, second, actor=actor)
    messages.success(request, "Les deux fiches n’en font plus qu’une.")
    return kept


@permission("directory.recognise", load=load_claim)
def decide_on_claim(request: HttpRequest, claim: SheetClaim) -> HttpResponse:
    """An organisation asks to keep a sheet."""
    form = ReasonForm(request.POST or None)
    accept = request.POST.get("faire") == "accepter"
    if request.method == "POST" and (accept or form.is_valid()):
        try:
            reason = "" if accept else form.cleaned_data["reason"]
            decide_claim(claim, accept=accept, reason=reason, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, "C’est noté. La structure est prévenue.")
        return redirect("directory:inbox")
    if accept:
        form = ReasonForm()
    context = {"claim": claim, "form": form, "waits": claim.state == SignalState.WAITING}
    return render(request, "directory/claim_decide.html", context)


@permission("directory.recognise", load=load_sheet)
def decide_on_sheet(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """A sheet that an organisation proposes: shown, or not."""
    wanted = request.POST.get("etat", "")
    if request.method == "POST" and wanted in {SheetState.PUBLISHED, SheetState.REFUSED}:
        try:
            turn(sheet, wanted, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            said_so = "publiée" if wanted == SheetState.PUBLISHED else "refusée"
            messages.success(request, f"La fiche « {sheet.name} » est {said_so}.")
    return redirect("directory:inbox")
