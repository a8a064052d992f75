"""From a free slot to a request sent: créneau, demande, récapitulatif, envoyée."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import permission
from preau.booking import pieces, queries, standing, visitors, waiting_queries
from preau.booking.actions import holds, prices, requests
from preau.booking.actions.steps import details_of
from preau.booking.enums import UNSENT, BookingState
from preau.booking.forms.occupant import DetailsForm, RecapForm, SlotForm, slot_data
from preau.booking.models import Booking
from preau.booking.rules import answer_hours, rules_for
from preau.booking.standing import Verdict
from preau.core import causes
from preau.core.errors import Refusal
from preau.core.formats import slot
from preau.core.timeranges import Period
from preau.places.categories import category_of
from preau.places.enums import UserCategory
from preau.places.models import Space
from preau.pricing.payers import payer_for, payer_of
from preau.pricing.quotes import Quote
from preau.pricing.quotes import quote as price_of


def public_space(space_id: int) -> Space:
    space = Space.objects.select_related("place__commune", "place__owner").filter(pk=space_id)
    found = space.first()
    if found is None or not found.is_public:
        raise Http404
    return found


# --- 1. Créneau


@permission("booking.start", load=public_space)
def start(request: HttpRequest, space: Space) -> HttpResponse:
    """The slot before it is held: shown on GET, held on POST."""
    causes.carry(request)
    values = request.POST if request.method == "POST" else request.GET
    data = slot_data(values.dict(), space)
    form = SlotForm(data, space=space) if data else SlotForm(space=space)
    keys = visitors.keys(request)
    replaced = queries.started_by(keys, values.get("depuis", ""))
    if request.method == "POST" and form.period:
        anonymous = actor_of(request).is_anonymous
        if anonymous and (limited := consume_or_429(request, action="hold_slot")):
            return limited  # type: ignore[no-any-return]
        return _hold(request, space, form, replaced)
    own = queries.held_slot(keys, space, form.period, form.quantity) if form.period else None
    if own and own != replaced:  # the page was loaded again after the slot had been held
        return redirect("booking:details", own.reference)
    found = None
    if form.period and own is None:
        found = standing.verdict(space, form.period, form.quantity, leaving=replaced)
    return _start_page(request, space, form, found, replaced, own)


def _hold(
    request: HttpRequest, space: Space, form: SlotForm, replaced: Booking | None
) -> HttpResponse:
    actor, key = actor_of(request), visitors.own_key(request)
    period, quantity = form.cleaned_data["period"], form.quantity
    try:
        if replaced and replaced.state in UNSENT:
            booking = holds.exchange(
                replaced, space, period, actor=actor, visitor_key=key, quantity=quantity
            )
        else:
            booking = holds.hold(space, period, actor=actor, visitor_key=key, quantity=quantity)
    except Refusal as refusal:
        if refusal.code == "too_many_holds":
            asked = {"espace": space.pk, "debut": period.start.isoformat()}
            asked |= {"fin": period.end.isoformat(), "postes": quantity}
            return redirect(f"{reverse('booking:holds')}?{urlencode(asked)}")
        found = standing.refused(refusal, space, period, quantity)
        return _start_page(request, space, form, found, replaced)
    return redirect("booking:details", booking.reference)


def _start_page(
    request: HttpRequest,
    space: Space,
    form: SlotForm,
    found: Verdict | None,
    replaced: Booking | None,
    own: Booking | None = None,
) -> HttpResponse:
    period = form.period
    context = {
        "space": space,
        "place": space.place,
        "zone": space.place.time_zone,
        "form": form,
        "period": period,
        "quantity": form.quantity if period else 1,
        "verdict": found,
        "shown_price": _price_for(request, space, form) if period else None,
        "may_wait": bool(
            period
            and found
            and found.code == "slot_taken"
            and waiting_queries.takes_a_line(space, period)
        ),
        "replaced": replaced,
        "own": own,
        "who": [UserCategory(one).label.lower() for one in space.categories],
        "everyone": len(space.categories) == len(UserCategory),
        "answer_hours": answer_hours(space),
    }
    return render(request, "booking/occupant/start.html", context)


def _price_for(request: HttpRequest, space: Space, form: SlotForm) -> Quote:
    payer, period = payer_of(actor_of(request)), form.cleaned_data["period"]
    return price_of(space, [period], payer, quantity=form.quantity)


# --- 2. Vous et votre demande


def begun(request: HttpRequest, reference: str) -> Booking:
    booking = queries.started_by(visitors.keys(request), reference)
    if booking is None:
        raise Http404
    return booking


def step_context(booking: Booking, **more: Any) -> dict[str, Any]:
    return {
        "booking": booking,
        "space": booking.space,
        "place": booking.place,
        "zone": booking.place.time_zone,
        "verdict": standing.of_hold(booking),
        "answer_hours": answer_hours(booking.space),
        "offer": waiting_queries.offer_of(booking),
        **more,
    }


@permission("booking.continue")
def details(request: HttpRequest, reference: str) -> HttpResponse:
    booking = begun(request, reference)
    if booking.state not in UNSENT:
        return redirect("booking:page", reference)
    actor = actor_of(request)
    if actor.user is None:
        return render(request, "booking/occupant/who.html", step_context(booking))
    form = DetailsForm(
        visitors.posted(request), booking=booking, actor=actor, carried=causes.carried(request)
    )
    if request.method == "POST" and form.is_valid():
        return _keep(request, booking, form)
    return render(request, "booking/occupant/details.html", step_context(booking, form=form))


def _keep(request: HttpRequest, booking: Booking, form: DetailsForm) -> HttpResponse:
    """Keep what was typed, whatever the rules say of it; then go on or say what to mend."""
    author = form.author
    booking = holds.keep_draft(booking, form.details, actor=author)
    try:
        requests.check_details(booking.space, form.details, booking.occupancy.quantity)
        requests.check_who(booking.space, author)
    except Refusal as refusal:
        form.refuse(refusal)
        return render(request, "booking/occupant/details.html", step_context(booking, form=form))
    if _retake(request, booking):
        step = "pieces" if pieces.has_step(booking, author) else "recap"
        return redirect(f"booking:{step}", booking.reference)
    return redirect("booking:details", booking.reference)


def _retake(request: HttpRequest, booking: Booking) -> bool:
    """Hold a lapsed slot again if it is free, and say so; False when it is gone."""
    if holds.is_live(booking) or booking.state not in UNSENT:  # sent meanwhile from another tab
        return True
    try:
        holds.hold_again(booking, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return False
    messages.info(
        request,
        "Le quart d’heure était passé, mais le créneau était encore libre : "
        "il est de nouveau retenu pour vous.",
    )
    return True


# --- 3. Récapitulatif


@permission("booking.continue")
def recap(request: HttpRequest, reference: str) -> HttpResponse:
    booking = begun(request, reference)
    if booking.state not in UNSENT:
        return redirect("booking:sent", reference)
    if actor_of(request).user is None or not booking.purpose:
        return redirect("booking:details", reference)
    author = visitors.author_of(booking, actor_of(request))
    commits = must_commit(booking, author)
    form = RecapForm(visitors.posted(request), commits=commits)
    if request.method == "POST" and form.is_valid():
        return _submit(request, booking, form)
    quote = prices.estimate(booking, payer_for(author.user, author.organization))
    context = step_context(
        booking,
        form=form,
        pieces=pieces.of_draft(booking, author),
        quote=quote,
        agreed=quote.total_cents,
    )
    return render(request, "booking/occupant/recap.html", context)


def must_commit(booking: Booking, author: Actor) -> bool:
    """Whether an agreement will be signed with an association: its commitments are asked now."""
    rules = rules_for(booking.space)
    signs = rules is not None and rules.agreement_model_id is not None
    return signs and category_of(author.organization) == UserCategory.ASSOCIATION


def _submit(request: HttpRequest, booking: Booking, form: RecapForm) -> HttpResponse:
    author = visitors.author_of(booking, actor_of(request))
    data = form.cleaned_data
    details = replace(details_of(booking), engages=data.get("commitment", False))
    try:
        requests.submit(booking, details, actor=author, agreed_cents=data.get("agreed"))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        if refusal.field in {"attendance", "acting", "is_economic"}:
            return redirect("booking:details", booking.reference)
        if refusal.field in {"pieces", "options"}:
            return redirect("booking:pieces", booking.reference)
        return redirect("booking:recap", booking.reference)
    causes.drop(request)
    return redirect("booking:sent", booking.reference)


# --- The holds themselves


@permission("booking.continue")
def again(request: HttpRequest, reference: str) -> HttpResponse:
    """Hold a lapsed slot once more, from its button."""
    booking = begun(request, reference)
    if request.method == "POST" and booking.state in UNSENT:
        _retake(request, booking)
    return redirect("booking:details", reference)


@permission("booking.continue")
def abandon(request: HttpRequest, reference: str) -> HttpResponse:
    booking = begun(request, reference)
    if request.method == "POST" and booking.state == BookingState.HELD:
        holds.abandon(booking, actor=actor_of(request))
        messages.success(request, "Le créneau n’est plus retenu : il est libre pour d’autres.")
    if request.POST.get("suite") == "creneaux":
        return redirect(f"{reverse('booking:holds')}?{request.POST.get('voulu', '')}")
    return redirect("booking:start", booking.space_id)


@permission("booking.continue")
def live(request: HttpRequest) -> HttpResponse:
    """Slots now held by this visitor; where one lands when a third is asked for."""
    mine = list(queries.live_holds(visitors.keys(request)))
    context = {"holds": mine, "full": holds.is_full(mine), **_wanted(request)}
    return render(request, "booking/occupant/holds.html", context)


def _wanted(request: HttpRequest) -> dict[str, Any]:
    """The slot that could not be held because two were, to be asked again in one click."""
    asked = request.GET.get("espace", "")
    space = None
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        space = Space.objects.select_related("place").filter(pk=int(asked)).first()
    data = slot_data(request.GET.dict(), space) if space and space.is_public else None
    form = SlotForm(data, space=space) if data and space else None
    period: Period | None = form.period if form else None
    if space is None or period is None:
        return {"wanted": "", "wanted_url": "", "wanted_label": ""}
    label = f"{space.name}, {slot(period.start, period.end, space.place.zone)}"
    url = f"{reverse('booking:start', args=[space.pk])}?{request.GET.urlencode()}"
    return {"wanted": request.GET.urlencode(), "wanted_url": url, "wanted_label": label}
