"""What the desk prints: the data of its two papers, in the words that people read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from preau.booking import checklist
from preau.booking.enums import BookingState, DateState, Side
from preau.booking.history import moment_of
from preau.booking.models import Booking
from preau.core import clock, formats
from preau.desk.models import Inventory
from preau.desk.paying import paying
from preau.places.models import Place


def sender(place: Place) -> list[str]:
    lines = [
        str(place.owner),
        place.name,
        f"{place.address}, {place.postcode} {place.commune.name}",
    ]
    if place.contact_phone:
        lines.append(f"Téléphone : {formats.telephone(place.contact_phone)}")
    return lines


def inventory_data(inventory: Inventory, holder: str) -> dict[str, Any]:
    """What `inventory.typ` writes of an inventory signed by both."""
    occupancy = inventory.occupancy
    place, span = occupancy.place, occupancy.span
    assert inventory.host_signed_at is not None
    assert inventory.occupant_signed_at is not None
    return {
        "title": f"État des lieux, {inventory.get_moment_display().lower()}",
        "reference": f"EDL-{inventory.pk}",
        "sender": sender(place),
        "subtitle": f"{occupancy.space.name}, {formats.slot(span.start, span.end, place.zone)}",
        "facts": [
            ["Occupant", holder],
            ["Pour quoi faire", occupancy.label],
            ["Espace", f"{occupancy.space.name}, {place.name}"],
        ],
        "items": [[_named(item), state, item["remark"] or "–"] for item, state in inventory.lines],
        "remarks": inventory.remarks,
        "photos": [
            [photo.caption, photo.file.sha256]
            for photo in inventory.photos.select_related("file").order_by("id")
        ],
        "signatures": [
            [side, name, _instant(at, place)]
            for side, name, at in (
                ("Pour l’occupant", inventory.occupant_name, inventory.occupant_signed_at),
                ("Pour le lieu", inventory.host_name, inventory.host_signed_at),
            )
        ],
        "sha256": inventory.sha256,
    }


def confirmation_data(booking: Booking) -> dict[str, Any]:
    """What is handed to somebody whose booking was taken at the counter or by telephone."""
    place = booking.place
    dates = booking.dates.select_related("occupancy__space").filter(state=DateState.PLANNED)
    facts = [
        ["État", _state(booking)],
        ["Pour qui", booking.holder_name],
        ["Objet", booking.purpose],
        ["Personnes attendues", formats.number(booking.attendance or 0)],
        ["À joindre", f"{booking.contact_name}, {formats.telephone(booking.contact_phone)}"],
    ]
    if booking.remarks:
        facts.append(["À savoir", booking.remarks])
    return {
        "title": _title(booking),
        "reference": booking.reference,
        "sender": sender(place),
        "subtitle": f"{booking.space.name}, {place.name}",
        "to": [line for line in (booking.caller_name, booking.caller_address) if line],
        "facts": facts,
        "dates": [
            [formats.slot(one.period.start, one.period.end, place.zone), one.occupancy.space.name]
            for one in dates
        ],
        "money": paying(booking),
        "next": _next(booking),
        "rules": "\n\n".join(
            text for text in (place.house_rules, booking.space.house_rules) if text
        ),
        "access": place.access,
    }


def _took_place(booking: Booking) -> bool:
    return booking.state == BookingState.CONFIRMED and booking.ends_at <= clock.now()


def _state(booking: Booking) -> str:
    return "Terminée" if _took_place(booking) else str(booking.get_state_display())


def _title(booking: Booking) -> str:
    state = BookingState(booking.state)
    if _took_place(booking):
        return "Réservation terminée"
    if state == BookingState.CANCELLED and booking.decided_at is None:
        return "Demande annulée"
    return _TITLES.get(state, "Accusé de votre demande")


_TITLES = {
    BookingState.CONFIRMED: "Confirmation de réservation",
    BookingState.TO_COMPLETE: "Réservation acceptée, à compléter",
    BookingState.REFUSED: "Demande refusée",
    BookingState.CANCELLED: "Réservation annulée",
    BookingState.EXPIRED: "Demande expirée",
    BookingState.LAPSED: "Demande abandonnée",
}


def _next(booking: Booking) -> str:
    """What each state means for who reads it; why it ended, when somebody said so."""
    said = _NEXT[BookingState(booking.state)](booking)
    reason = booking.reason if booking.ended_at else ""
    return f"{said}\n\nMotif : {reason}" if reason else said


def _confirmed(booking: Booking) -> str:
    if _took_place(booking):
        return "La réservation a eu lieu."
    return (
        "La réservation est confirmée. Pour la modifier ou l’annuler, appelez le lieu et "
        f"donnez la référence {booking.reference}."
    )


def _to_complete(booking: Booking) -> str:
    lacks = "\n".join(f"- {_lacking(item)}" for item in checklist.missing(booking))
    return (
        "La réservation est acceptée et le créneau est gardé. Pour la confirmer, il manque, au "
        f"plus tard {moment_of(booking.complete_by, booking)} :\n\n{lacks}\n\n"
        "Ensuite le créneau redevient libre."
    )


def _lacking(item: checklist.Item) -> str:
    """The sums and the counter are in the section about money."""
    if item.code == "payment":
        return f"{item.label} (voir « Prix et paiement »)"
    return f"{item.label}. {item.text}" if item.text else item.label


def _requested(booking: Booking) -> str:
    return (
        "La demande attend encore un accord. Le créneau est gardé en attendant la réponse, donnée "
        f"au plus tard {moment_of(booking.answer_by, booking)}."
    )


def _change_asked(booking: Booking) -> str:
    return (
        f"Le lieu demande de modifier la demande avant de l’accepter : {booking.reason}\n\n"
        "Le créneau est gardé en attendant. Répondez au lieu au plus tard "
        f"{moment_of(booking.answer_by, booking)} ; ensuite la demande expire."
    )


def _cancelled(booking: Booking) -> str:
    by = {
        Side.MANAGER: f" par le lieu ({booking.place.owner})",
        Side.OCCUPANT: " par l’occupant, ou à sa demande",
    }
    side = by[Side(booking.ended_by_side)] if booking.ended_by_side else ""
    what = "réservation" if booking.decided_at else "demande"
    return f"La {what} a été annulée{side}. Le créneau n’est plus gardé."


def _expired(booking: Booking) -> str:
    if booking.decided_at is not None:
        why = "La demande avait été acceptée, mais elle n’a pas été complétée à temps"
    elif booking.ended_by_side == Side.MANAGER:
        why = "Le lieu n’a pas répondu à temps"
    else:
        why = "La modification demandée n’a pas été faite à temps"
    return f"{why} : la demande a expiré. Le créneau n’est plus gardé."


def _refused(booking: Booking) -> str:
    return "Le lieu ne peut pas accepter cette demande. Le créneau n’est plus gardé."


def _held(booking: Booking) -> str:
    return "Le créneau est retenu quelques minutes : la demande n’est pas encore envoyée."


def _lapsed(booking: Booking) -> str:
    return "La demande n’a pas été envoyée : le créneau n’est plus gardé."


_NEXT: dict[BookingState, Callable[[Booking], str]] = {
    BookingState.HELD: _held,
    BookingState.REQUESTED: _requested,
    BookingState.CHANGE_ASKED: _change_asked,
    BookingState.TO_COMPLETE: _to_complete,
    BookingState.CONFIRMED: _confirmed,
    BookingState.REFUSED: _refused,
    BookingState.CANCELLED: _cancelled,
    BookingState.EXPIRED: _expired,
    BookingState.LAPSED: _lapsed,
}


def _instant(at: Any, place: Place) -> str:
    wall = formats.local(at, place.zone)
    return f"{formats.day(wall.date())} à {formats.hour(wall)}"


def _named(item: dict[str, Any]) -> str:
    return f"{item['label']} ({item['quantity']})" if item["quantity"] else str(item["label"])
