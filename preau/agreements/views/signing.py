"""The signatory's pages: signed out, without JavaScript, from a link received by e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import Scope, permission
from preau.agreements import consent, identity, links, queries_rounds, reading
from preau.agreements.actions import rounds, signing
from preau.agreements.evidence import masked
from preau.agreements.models.rounds import Signatory, SignatureRound
from preau.agreements.signing_enums import RoundState, SignatoryState
from preau.agreements.signing_forms import CodeForm, ConsentForm, RefusalForm
from preau.agreements.traces import trace_of
from preau.core.errors import Refusal
from preau.documents import store
from preau.documents.models import StoredFile


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who came by a link: whose it is, and the link itself."""

    signatory: Signatory
    token: str

    @property
    def permission_scope(self) -> Scope:
        return self.signatory.permission_scope

    @property
    def round(self) -> SignatureRound:
        return self.signatory.round

    @property
    def is_open(self) -> bool:
        return links.is_open(self.signatory, self.token)


def load_visit(token: str) -> Visit:
    """Only a link that we made leads somewhere; what it still allows is asked by each page."""
    found = links.read(token)
    if found is None:
        raise Http404
    rounds_ = queries_rounds.with_facts(SignatureRound.objects.filter(signatories=found[0]))
    round_ = rounds_.first()
    if round_ is None:
        raise Http404
    signatory = next(one for one in round_.signatories.all() if one.pk == found[0])
    signatory.round = round_
    return Visit(signatory, token)


def _to(page: str, visit: Visit) -> HttpResponseRedirect:
    return redirect(f"agreements:{page}", visit.token)


def _show(
    request: HttpRequest, page: str, visit: Visit, *, status: int = 200, **facts: Any
) -> HttpResponse:
    context = {
        "visit": visit,
        "signatory": visit.signatory,
        "round": visit.round,
        "agreement": visit.round.agreement,
        "place": visit.round.agreement.place,
        "level": consent.LEVEL,
        "evidence": getattr(visit.round, "evidence", None),
        "masked": masked(visit.signatory.email),
        **facts,
    }
    return render(request, f"agreements/signing/{page}.html", context, status=status)


def _limited(request: HttpRequest, visit: Visit, action: str) -> bool:
    """Whether too many were asked, from this machine or for this address."""
    if consume(request, action=action, key=visit.signatory.email):
        return False
    messages.error(
        request, "Trop de demandes à la suite. Attendez quelques minutes, puis recommencez."
    )
    return True


# --- Arriving and being identified --------------------------------------------------------------


@permission("agreement.sign", load=load_visit)
@never_cache
@require_GET
def sign(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Where the link leads: who asks what, then wherever the signatory stands."""
    if identity.is_known(request, visit.signatory):
        return _onward(visit)
    if visit.is_open:
        return _show(request, "start", visit)
    return _show(request, "stale", visit)


def _onward(visit: Visit) -> HttpResponseRedirect:
    live = visit.round.state == RoundState.OPEN
    if live and visit.signatory.state == SignatoryState.IDENTIFIED:
        return _to("sign_consent" if visit.signatory.read_at else "sign_read", visit)
    return _to("sign_progress", visit)


@permission("agreement.sign", load=load_visit)
@require_POST
def send_code(request: HttpRequest, visit: Visit) -> HttpResponse:
    if not visit.is_open or _limited(request, visit, "signing_code"):
        return _to("sign", visit)
    try:
        signing.send_code(visit.signatory, trace=trace_of(request))
    except Refusal as no:
        messages.error(request, no.sentence)
        return _to("sign", visit)
    return _to("sign_code", visit)


@permission("agreement.sign", load=load_visit)
@never_cache
def code(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Six digits, then the signatory is known here for two hours."""
    if identity.is_known(request, visit.signatory) or not visit.is_open:
        return _to("sign", visit)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            signing.identify(
                visit.signatory, visit.token, form.cleaned_data["code"], trace=trace_of(request)
            )
        except Refusal as no:
            form.refuse(no)
        else:
            identity.remember(request, visit.signatory)
            return _to("sign", visit)
    return _show(request, "code", visit, form=form)


@permission("agreement.sign", load=load_visit)
@require_POST
def link_again(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new link goes to the signatory's own address, whoever asks."""
    if not _limited(request, visit, "signing_link"):
        try:
            rounds.send_link_again(
                visit.signatory, actor=actor_of(request), trace=trace_of(request)
            )
        except Refusal as no:
            messages.error(request, no.sentence)
        else:
            messages.success(
                request, "Un nouveau lien vient de partir. Ouvrez votre messagerie pour le suivre."
            )
    return _to("sign", visit)


# --- Reading and deciding -----------------------------------------------------------------------


def _may_decide(request: HttpRequest, visit: Visit) -> bool:
    """Identified here, in their turn, on an open round."""
    return (
        identity.is_known(request, visit.signatory)
        and visit.round.state == RoundState.OPEN
        and visit.signatory.state == SignatoryState.IDENTIFIED
    )


@permission("agreement.sign", load=load_visit)
@never_cache
def read(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The whole agreement as text, and the very file with its fingerprint."""
    if not _may_decide(request, visit):
        return _to("sign", visit)
    if request.method == "POST":
        signing.opened(visit.signatory, "text", trace=trace_of(request))
        return _to("sign_consent", visit)
    return _show(request, "read", visit, text=reading.text_of(visit.round.agreement))


@permission("agreement.sign", load=load_visit)
@never_cache
@require_GET
def file(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The very file that is to be signed."""
    if not _may_decide(request, visit):
        return _to("sign", visit)
    signing.opened(visit.signatory, "pdf", trace=trace_of(request))
    return _pdf(visit, visit.round.revision, "a-signer")


@permission("agreement.sign", load=load_visit)
@never_cache
def give_consent(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Name, capacity and the unticked sentence; then the worker signs."""
    if not _may_decide(request, visit):
        return _to("sign", visit)
    if visit.signatory.read_at is None:
        return _to("sign_read", visit)
    form = _consent_form(request, visit)
    if request.method == "POST" and form.is_valid():
        try:
            signing.give_consent(
                visit.signatory,
                name=form.cleaned_data["name"],
                capacity=form.cleaned_data["capacity"],
                version=form.cleaned_data["version"],
                fingerprint=form.cleaned_data["fingerprint"],
                trace=trace_of(request),
            )
        except Refusal as no:
            if no.code in {"already_done", "round_over"}:
                return _to("sign_progress", visit)
            form.refuse(no)
        else:
            return _to("sign_progress", visit)
    return _show(request, "consent", visit, form=form)


def _consent_form(request: HttpRequest, visit: Visit) -> ConsentForm:
    one, revision = visit.signatory, visit.round.revision
    fingerprint = revision.sha256 if revision else ""
    sentence = consent.sentence(
        consent.CURRENT,
        number=visit.round.agreement.number,
        fingerprint=fingerprint,
        party=one.party,
    )
    initial = {
        "name": one.name,
        "capacity": one.capacity,
        "version": consent.CURRENT,
        "fingerprint": fingerprint,
    }
    return ConsentForm(request.POST or None, initial=initial, signatory=one, sentence=sentence)


@permission("agreement.sign", load=load_visit)
@never_cache
def refuse(request: HttpRequest, visit: Visit) -> HttpResponse:
    if not _may_decide(request, visit):
        return _to("sign", visit)
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            signing.refuse(
                visit.signatory,
                reason=form.cleaned_data["reason"],
                actor=actor_of(request),
                trace=trace_of(request),
            )
        except Refusal as no:
            form.refuse(no)
        else:
            return _to("sign_progress", visit)
    return _show(request, "refuse", visit, form=form)


# --- Afterwards ---------------------------------------------------------------------------------


@permission("agreement.sign", load=load_visit)
@never_cache
@require_GET
def progress(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is done, what remains and who must act; a part of it when the page asks again."""
    if not identity.is_known(request, visit.signatory):
        return _to("sign", visit)
    page = "_progress" if request.headers.get("hx-request") else "progress"
    return _show(request, page, visit, is_moving=_is_moving(visit))


def _is_moving(visit: Visit) -> bool:
    """Whether the worker is about to do something."""
    sealing = visit.round.state in {RoundState.SEALING, RoundState.PROVING}
    return sealing or visit.signatory.state == SignatoryState.CONSENTED


@permission("agreement.sign", load=load_visit)
@never_cache
@require_GET
def copy(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The signatory's copy, as it stands: their signature in it, or everybody's and the seal."""
    if not identity.is_known(request, visit.signatory):
        return _to("sign", visit)
    outcome = visit.round.outcome
    if outcome is not None:
        return _pdf(visit, outcome.file, "signee")
    return _pdf(visit, visit.signatory.revision, "signature-en-cours")


@permission("agreement.sign", load=load_visit)
@never_cache
@require_GET
def proof(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The evidence, as a page to read."""
    if not identity.is_known(request, visit.signatory):
        return _to("sign", visit)
    kept = getattr(visit.round, "evidence", None)
    return _pdf(visit, kept.page.file if kept else None, "preuve")


def _pdf(visit: Visit, kept: StoredFile | None, what: str) -> HttpResponse:
    if kept is None:
        raise Http404
    response = HttpResponse(store.read(kept), content_type="application/pdf")
    name = f"convention-{visit.round.agreement.number}-{what}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
