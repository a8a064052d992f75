"""Held slots and bookings: the verbs of the room `booking`, as the person behind the token."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Header, Path, Router, Schema

from preau.accounts.actors import Actor, actor_of
from preau.api.enums import Scope
from preau.api.http.access import may
from preau.api.http.idempotency import once
from preau.api.routes.booking_forms import field_problem, send
from preau.api.routes.kit import KEY_NAME, read, write
from preau.api.routes.places import lost_cursor
from preau.api.routes.shown import (
    agreement_ref,
    booking_line,
    page_of,
    price_of_frozen,
    price_of_quote,
)
from preau.api.schemas.bookings import (
    BookingIn,
    BookingOut,
    BookingsPage,
    CancelIn,
    DateOut,
    HoldIn,
    HoldOut,
    MissingOut,
)
from preau.api.schemas.kit import Cursor, NothingIn
from preau.booking import checklist, queries
from preau.booking.actions import holds, prices, requests
from preau.booking.enums import BLOCKING, UNSENT, BookingState, Side
from preau.booking.models import Booking
from preau.core import keyset
from preau.core.errors import Forbidden, Refusal
from preau.core.timeranges import Period
from preau.places.models import Space
from preau.pricing.payers import payer_of

router = Router(tags=["Réservations"])
PAGE = 50
Key = Annotated[
    str,
    Header(
        alias=KEY_NAME,
        min_length=8,
        max_length=120,
        pattern=r"^[\x21-\x7e]+$",
        description="Choisie par vous (un UUID par exemple) et gardée 24 h : la même requête"
        " renvoyée avec la même clé n’est faite qu’une fois.",
    ),
]
Reference = Annotated[str, Path(pattern=r"^[0-9A-Za-z]{4}-[0-9A-Za-z]{4}$")]


def public_space(space_id: int) -> Space:
    """
    Raises:
        Http404: no published space of that number.
    """
    spaces = Space.objects.select_related("place__commune", "place__owner")
    space = spaces.filter(pk=space_id).first()
    if space is None or not space.is_public:
        raise Http404
    return space


def visitor_key(actor: Actor) -> str:
    """Slots held here and on the pages are the same person’s: two at most."""
    return f"user:{actor.person.pk}"


def period_of(start: object, end: object) -> Period:
    try:
        return Period(start, end)  # type: ignore[arg-type]
    except ValueError:
        raise field_problem("end", "L’heure de fin suit l’heure de début.") from None


@write(
    router,
    "/holds",
    scope=Scope.BOOKINGS_WRITE,
    answer=HoldOut,
    summary="Retenir un créneau un quart d’heure",
)
def hold_slot(request: HttpRequest, asked: HoldIn, idempotency_key: Key) -> HttpResponse:
    """Le temps de remplir la demande ; deux créneaux retenus au plus par personne."""
    actor = actor_of(request)

    def act() -> tuple[int, Schema]:
        space = public_space(asked.space_id)
        period = period_of(asked.start, asked.end)
        held = holds.hold(
            space, period, actor=actor, visitor_key=visitor_key(actor), quantity=asked.quantity
        )
        return 201, _hold_out(held, actor)

    return once(request, idempotency_key, act)


def _hold_out(held: Booking, actor: Actor) -> HoldOut:
    until, zone = held.occupancy.hold_until, held.space.place.zone
    return HoldOut(
        reference=held.reference,
        space_id=held.space_id,
        start=held.starts_at.astimezone(zone),
        end=held.ends_at.astimezone(zone),
        quantity=held.occupancy.quantity,
        hold_until=until.astimezone(zone) if until else None,
        price=price_of_quote(prices.estimate(held, payer_of(actor))),
        url=page_of("booking:details", held.reference),
    )


@write(
    router,
    "/holds/{reference}/release",
    scope=Scope.BOOKINGS_WRITE,
    answer=HoldOut,
    status=200,
    summary="Rendre un créneau retenu",
)
def release_hold(
    request: HttpRequest, reference: Reference, asked: NothingIn, idempotency_key: Key
) -> HttpResponse:
    """Avant d’avoir rien demandé : il redevient libre pour d’autres."""
    actor = actor_of(request)

    def act() -> tuple[int, Schema]:
        held = own_hold(actor, reference)
        said = _hold_out(held, actor)
        holds.abandon(held, actor=actor)
        return 200, said

    return once(request, idempotency_key, act)


def own_hold(actor: Actor, reference: str) -> Booking:
    """
    Raises:
        Http404: not held by this person.
        Refusal: its request was sent already ("gone").
    """
    found = queries.started_by([visitor_key(actor)], reference.upper())
    if found is None:
        raise Http404
    if found.state not in UNSENT:
        raise Refusal("La demande de ce créneau est déjà envoyée.", code="gone")
    return found


@write(
    router,
    "/bookings",
    scope=Scope.BOOKINGS_WRITE,
    answer=BookingOut,
    summary="Réserver",
)
def create_booking(request: HttpRequest, asked: BookingIn, idempotency_key: Key) -> HttpResponse:
    """Envoie la demande, ou confirme aussitôt là où l’espace le permet : voyez `state`. Donnez
    soit `hold`, soit `space_id`, `start` et `end`. Tout est fait, ou rien."""
    actor = actor_of(request)

    def act() -> tuple[int, Schema]:
        held = own_hold(actor, asked.hold) if asked.hold else _take(asked, actor)
        return 201, booking_out(request, send(held, asked, actor))

    return once(request, idempotency_key, act)


def _take(asked: BookingIn, actor: Actor) -> Booking:
    for name in ("space_id", "start", "end"):
        if getattr(asked, name) is None:
            raise field_problem(name, "Donnez un créneau retenu, ou un espace, un début, une fin.")
    space = public_space(asked.space_id or 0)
    period = period_of(asked.start, asked.end)
    return holds.hold(
        space, period, actor=actor, visitor_key=visitor_key(actor), quantity=asked.quantity
    )


@read(
    router,
    "/bookings",
    scope=Scope.BOOKINGS_READ,
    answer=BookingsPage,
    summary="Les réservations de la structure",
)
def list_bookings(
    request: HttpRequest, state: BookingState | None = None, cursor: Cursor | None = None
) -> BookingsPage:
    """Celles qu’elle a demandées, comme « Mes réservations », les dernières demandées d’abord."""
    found = queries.mine(actor_of(request))
    if state is not None:
        found = found.filter(state=state)
    if cursor and not keyset.reads(cursor):
        raise lost_cursor()
    rows, following = keyset.some(found, by="requested_at", after=cursor or "", number=PAGE)
    return BookingsPage(items=[booking_line(one) for one in rows], next=following or None)


@read(
    router,
    "/bookings/{reference}",
    scope=Scope.BOOKINGS_READ,
    answer=BookingOut,
    summary="Une réservation",
)
def read_booking(request: HttpRequest, reference: Reference) -> BookingOut:
    """Pour la structure qui l’a demandée, et pour qui gère le lieu."""
    return booking_out(request, readable(request, reference, "booking.view"))


def readable(request: HttpRequest, reference: str, action: str) -> Booking:
    """A booking that was sent and that the token may do this to.

    Raises:
        Http404: none that they may see: whether it exists is not told.
        Forbidden: they may see it, no more.
    """
    booking = queries.by_reference(reference)
    if booking is None or not may(request, "booking.view", booking):
        raise Http404
    if not may(request, action, booking):
        raise Forbidden
    return booking


@write(
    router,
    "/bookings/{reference}/cancel",
    scope=Scope.BOOKINGS_WRITE,
    answer=BookingOut,
    status=200,
    summary="Annuler une réservation de la structure",
)
def cancel_booking(
    request: HttpRequest, reference: Reference, asked: CancelIn, idempotency_key: Key
) -> HttpResponse:
    """Les dates passées restent, celles à venir sont rendues. Annuler deux fois est sans effet."""
    actor = actor_of(request)

    def act() -> tuple[int, Schema]:
        booking = readable(request, reference, "booking.cancel_mine")
        done = requests.cancel(booking, asked.reason, side=Side.OCCUPANT, actor=actor)
        return 200, booking_out(request, done)

    return once(request, idempotency_key, act)


def booking_out(request: HttpRequest, booking: Booking) -> BookingOut:
    """What its page says, for whoever may open it."""
    # Read anew, with everything: a verb gives back what it worked on.
    booking = queries.with_facts().get(pk=booking.pk)
    zone = booking.place.zone
    dates = booking.dates.select_related("occupancy").order_by("occupancy__period", "id")
    live = booking.state in BLOCKING - UNSENT
    missing = checklist.missing(booking) if live else []
    return BookingOut(
        **booking_line(booking).model_dump(),
        purpose=booking.purpose,
        attendance=booking.attendance,
        is_public_event=booking.is_public_event,
        answer_by=booking.answer_by if live else None,
        complete_by=booking.complete_by if live else None,
        reason=booking.reason,
        price=price_of_frozen(booking.price),
        dates=[
            DateOut(
                id=one.pk,
                space_id=one.occupancy.space_id,
                start=one.period.start.astimezone(zone),
                end=one.period.end.astimezone(zone),
                state=one.state,
            )
            for one in dates
        ],
        missing=[
            MissingOut(code=one.code, label=one.label, who=str(one.who), until=one.until)
            for one in missing
        ],
        agreement=agreement_ref(booking.agreement)
        if booking.agreement and _may_say_agreement(request, booking)
        else None,
    )


def _may_say_agreement(request: HttpRequest, booking: Booking) -> bool:
    token = request.api_token  # type: ignore[attr-defined]
    return Scope.AGREEMENTS in token.scopes and may(request, "agreement.view", booking.agreement)
