"""Agreements as their parties and their owner's people see them."""

from __future__ import annotations

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.agreements import queries, queries_rounds
from preau.agreements.actions import drawing, rounds
from preau.agreements.enums import TRANSITIONS, AgreementState
from preau.agreements.library_forms import ReasonForm
from preau.agreements.models import Agreement
from preau.agreements.models.rounds import Signatory
from preau.agreements.signing_enums import SignatoryState
from preau.core.errors import Refusal
from preau.core.french import by_name


def load_agreement(*, number: str) -> Agreement:
    found = queries.with_facts().filter(number=number).first()
    if found is None:
        raise Http404("Cette convention n’existe pas.")
    return found


def _table(agreement: Agreement, kind: str) -> dict[str, object] | None:
    """The rows of one table of the agreement, from what is frozen."""
    content = agreement.content
    wanted = {"dates": "annexe_dates", "prices": "annexe_prix"}[kind]
    annexes = content.get("in_force", content).get("annexes", [])
    return next((one["table"] for one in annexes if one["key"] == wanted), None)


@permission("agreement.view", load=load_agreement)
@require_safe
def show(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Where it stands, who has signed, who must act, what it costs, the file."""
    actor = actor_of(request)
    round_ = queries_rounds.latest_round(agreement.pk)
    outcome = round_.outcome if round_ else None
    context = {
        "agreement": agreement,
        "place": agreement.place,
        "round": round_,
        "file": outcome or agreement.document,
        "is_final": outcome is not None,
        "evidence": getattr(round_, "evidence", None) if round_ else None,
        "family": queries.all_that_amend(agreement),
        "dates": _table(agreement, "dates"),
        "prices": _table(agreement, "prices"),
        "articles": agreement.content.get("articles", []),
        "amendment": agreement.content.get("amendment"),
        "may_run": allowed(actor, "agreement.run_round", agreement),
        "may_cancel": _may_cancel(request, agreement),
        "my_turn": _my_turn(request, agreement),
    }
    return render(request, "agreements/agreement/show.html", context)


def _may_cancel(request: HttpRequest, agreement: Agreement) -> bool:
    ways = TRANSITIONS.get(AgreementState(agreement.state), frozenset())
    may = allowed(actor_of(request), "agreement.cancel", agreement)
    return AgreementState.CANCELLED in ways and may


def _my_turn(request: HttpRequest, agreement: Agreement) -> Signatory | None:
    """The reader's own signature, when it is awaited."""
    user = actor_of(request).user
    round_ = queries_rounds.latest_round(agreement.pk)
    if user is None or round_ is None or round_.closed_at is not None:
        return None
    waiting = round_.signatories.exclude(state=SignatoryState.WAITING).filter(signed_at=None)
    return waiting.filter(email__iexact=user.email).first()


@permission("agreement.my_link", load=load_agreement)
@require_POST
def my_link(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Send their link again to a signatory who is signed in: to their address, as ever."""
    signatory = _my_turn(request, agreement)
    if signatory is None:
        messages.error(request, "Votre signature n’est pas attendue ici pour le moment.")
        return redirect("agreements:show", agreement.number)
    if limited := consume_or_429(request, action="signing_link", key=signatory.email):
        return limited  # type: ignore[no-any-return]
    try:
        rounds.send_link_again(signatory, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"Un nouveau lien de signature part à {signatory.email}.")
    return redirect("agreements:show", agreement.number)


@permission("agreement.cancel", load=load_agreement)
def cancel(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Asks why, then ends the agreement."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            drawing.cancel_agreement(
                agreement, form.cleaned_data["reason"], actor=actor_of(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La convention est annulée. Les parties sont prévenues.")
            return redirect("agreements:show", agreement.number)
    context = {"agreement": agreement, "form": form}
    return render(request, "agreements/agreement/cancel.html", context)


@permission("agreement.mine")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the person is a party to, wearing the present hat."""
    page = queries.page(queries.held_by(actor_of(request)), after=_after(request))
    context = {"page": page, "next": _next(request, page.after), "actor": actor_of(request)}
    return render(request, "agreements/agreement/mine.html", context)


@permission("agreement.list")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The agreements of the present hat's organisation, filtered, the newest first."""
    actor = actor_of(request)
    organization = actor.organization
    if organization is None or not allowed(actor, "agreement.oversee", organization):
        return render(request, "agreements/agreement/denied.html", {"organization": organization})
    state, place = request.GET.get("etat", ""), request.GET.get("lieu", "")
    words = request.GET.get("mots", "").strip()[:80]
    found = queries.of_owner(
        organization.pk,
        state=state,
        place=int(place) if place.isdecimal() else None,
        words=words,
    )
    page = queries.page(found, after=_after(request))
    context = {
        "organization": organization,
        "page": page,
        "next": _next(request, page.after),
        "first": _first(request),
        "states": AgreementState.choices,
        "state": state,
        "place": place,
        "words": words,
        "places": list(
            organization.places.order_by(*by_name("name")).values_list("pk", "name")[:500]
        ),
        "filtered": bool(state or place or words),
    }
    return render(request, "agreements/agreement/overview.html", context)


def _after(request: HttpRequest) -> int | None:
    asked = request.GET.get("apres", "")
    return int(asked) if asked.isdecimal() else None


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.GET.items() if name != "apres" and value}


def _next(request: HttpRequest, after: int | None) -> str:
    if after is None:
        return ""
    return f"{request.path}?{urlencode(_asked(request) | {'apres': str(after)})}"


def _first(request: HttpRequest) -> str:
    if "apres" not in request.GET:
        return ""
    return f"{reverse('agreements:overview')}?{urlencode(_asked(request))}"
