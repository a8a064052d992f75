"""What the desk prints: the data of its two papers, in the words that people read."""

from __future__ import annotations

from typing import Any

from preau.booking import checklist
from preau.booking.enums import BookingState, DateState
from preau.booking.models import Booking
from preau.core import formats
from preau.desk.models import Inventory
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
        ["État", booking.get_state_display()],
        ["Pour qui", booking.holder_name],
        ["Objet", booking.purpose],
        ["Personnes attendues", formats.number(booking.attendance or 0)],
        ["À joindre", f"{booking.contact_name}, {formats.telephone(booking.contact_phone)}"],
    ]
    if booking.remarks:
        facts.append(["À savoir", booking.remarks])
    return {
        "title": "Confirmation de réservation"
        if booking.state == BookingState.CONFIRMED
        else "Accusé de votre demande",
        "reference": booking.reference,
        "sender": sender(place),
        "subtitle": f"{booking.space.name}, {place.name}",
        "to": [line for line in (booking.caller_name, booking.caller_address) if line],
        "facts": facts,
        "dates": [
            [formats.slot(one.period.start, one.period.end, place.zone), one.occupancy.space.name]
            for one in dates
        ],
        "next": _next(booking),
        "rules": "\n\n".join(
            text for text in (place.house_rules, booking.space.house_rules) if text
        ),
        "access": place.access,
    }


def _next(booking: Booking) -> str:
    if booking.state == BookingState.CONFIRMED:
        return (
            "La réservation est confirmée. Pour la modifier ou l’annuler, appelez le lieu et "
            f"donnez la référence {booking.reference}."
        )
    if booking.state == BookingState.TO_COMPLETE:
        lacks = "\n".join(f"- {item.label}" for item in checklist.missing(booking))
        return f"La réservation est acceptée. Pour la confirmer, il manque :\n\n{lacks}"
    return "La demande attend encore un accord. Le créneau est gardé en attendant la réponse."


def _instant(at: Any, place: Place) -> str:
    wall = formats.local(at, place.zone)
    return f"{formats.day(wall.date())} à {formats.hour(wall)}"


def _named(item: dict[str, Any]) -> str:
    return f"{item['label']} ({item['quantity']})" if item["quantity"] else str(item["label"])
