"""From our objects to what the API answers."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from preau.agreements.models import Agreement
from preau.api.schemas.bookings import AgreementRef, BookingLine
from preau.api.schemas.places import CommuneOut, PlaceRef, PriceOut, SpaceLine, SpaceRef
from preau.booking.models import Booking
from preau.core import formats
from preau.places.enums import SpaceKind
from preau.places.models import Place, Space
from preau.pricing.models import FrozenPrice
from preau.pricing.quotes import Quote
from preau.pricing.reading import price_in_words


def absolute(path: str) -> str:
    """A page of the site, for whoever is not on it."""
    return f"{settings.SITE_URL}{path}" if path.startswith("/") else path


def page_of(name: str, *args: object) -> str:
    return absolute(reverse(name, args=args))


def place_ref(place: Place) -> PlaceRef:
    return PlaceRef(
        id=place.pk,
        name=place.name,
        kind=place.kind,
        latitude=place.latitude,
        longitude=place.longitude,
        commune=CommuneOut(code=place.commune_id, name=place.commune.name),
        url=page_of("find:place", place.slug),
    )


def space_ref(space: Space, place: Place) -> SpaceRef:
    return SpaceRef(
        id=space.pk,
        name=space.name,
        kind=space.kind,
        kind_label=str(SpaceKind(space.kind).label),
        capacity=space.capacity,
        is_pool=space.is_pool,
        is_accessible=space.is_accessible and place.is_accessible,
        url=page_of("find:space", place.slug, space.slug),
    )


def space_line(space: Space) -> SpaceLine:
    return SpaceLine(**space_ref(space, space.place).model_dump(), place=place_ref(space.place))


def price_of_quote(quote: Quote) -> PriceOut:
    return PriceOut(
        total_cents=None if quote.on_request else quote.total_cents,
        on_request=quote.on_request,
        words=price_in_words(quote),
    )


def price_of_frozen(price: FrozenPrice | None) -> PriceOut | None:
    if price is None:
        return None
    if price.is_on_request:
        return PriceOut(total_cents=None, on_request=True, words="Prix sur demande")
    words = formats.euros(price.total_cents) if price.total_cents else "Gratuit"
    return PriceOut(total_cents=price.total_cents, on_request=False, words=words)


def booking_line(booking: Booking) -> BookingLine:
    zone: ZoneInfo = booking.place.zone
    return BookingLine(
        reference=booking.reference,
        state=booking.state,
        state_label=booking.get_state_display(),
        space_id=booking.space_id,
        space=booking.space.name,
        place_id=booking.place_id,
        place=booking.place.name,
        start=booking.starts_at.astimezone(zone),
        end=booking.ends_at.astimezone(zone),
        is_series=booking.is_series,
        requested_at=booking.requested_at,
        url=page_of("booking:page", booking.reference),
    )


def agreement_ref(agreement: Agreement) -> AgreementRef:
    return AgreementRef(
        number=agreement.number,
        state=agreement.state,
        state_label=agreement.get_state_display(),
    )
