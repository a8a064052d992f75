"""What is due for a booking: asked when it is accepted, followed until it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from preau.accounts.actors import Actor
from preau.booking import fees
from preau.booking.enums import ACCEPTED, Change
from preau.booking.models import Booking
from preau.core.formats import day, local
from preau.core.timeranges import Period, end_of_day, local_days
from preau.payments import bank_links, queries
from preau.payments.actions import dues
from preau.payments.actions.dues import Line, Payer
from preau.payments.actions.money import counter_means
from preau.payments.enums import LineKind, OfficeMode, PayWhen
from preau.payments.models import CollectingOffice, Due
from preau.payments.providers import provider_of
from preau.pricing.enums import LineKind as PriceLine

#: What is paid afterwards is paid within that long.
AFTERWARDS = timedelta(days=30)
_KINDS = {PriceLine.OPTION: LineKind.OPTION}


def source_of(booking: Booking) -> str:
    return f"booking:{booking.reference}"


def due_of(booking: Booking) -> Due | None:
    """What was asked for it. Without a price nothing ever was: no question to the database."""
    if booking.price_id is None:
        return None
    return queries.standing(source_of(booking))


def holds_back(due: Due) -> bool:
    """Whether the booking is sure only once this is paid."""
    return _pays_first(due.office)


def link_to_pay(due: Due) -> str:
    """For who called and left an address, where the office collects online; else ""."""
    online = due.payer_email and provider_of(due.office) is not None
    return bank_links.due_address(due) if online else ""


def ways_to_pay(due: Due) -> str:
    """« En ligne, par le lien envoyé à ana@exemple.fr. Au guichet : espèces, chèque. Rappelez le
    n° 2027-00012. Mairie, le matin. »"""
    online = f" En ligne, par le lien envoyé à {due.payer_email}." if link_to_pay(due) else ""
    means = [one.label.lower() for one in counter_means(due)]
    if not means:
        return online
    where = " ".join(due.office.counter_text.split())
    said = f"{online} Au guichet : {', '.join(means)}. Rappelez le n° {due.number}. {where}"
    return said.rstrip()


def _pays_first(office: CollectingOffice) -> bool:
    collects = office.mode in (OfficeMode.REGIE, OfficeMode.TEST)
    return collects and office.pay_when == PayWhen.AT_BOOKING


def ask(booking: Booking, actor: Actor) -> None:
    """It is being accepted: its price is due, if its place has an office that asks."""
    price = booking.price
    if price is None or price.is_on_request or not price.total_cents:
        return
    office = queries.office_of(booking.place)
    if office is not None and office.asks:
        _ask(booking, office, [*_of_price(booking), *_of_fees(booking)], actor)


def follow(booking: Booking, change: Change, actor: Actor) -> None:
    """It changed or ended: what is due follows. Nothing new is asked of what was agreed before."""
    due = due_of(booking)
    if due is None:
        if change == Change.PRICE_SET and booking.state in ACCEPTED:
            ask(booking, actor)
        return
    stands = booking.state in ACCEPTED
    lines = [*(_of_price(booking) if stands else ()), *_of_fees(booking)]
    _ask(booking, due.office, lines, actor)


def _ask(booking: Booking, office: CollectingOffice, lines: list[Line], actor: Actor) -> None:
    when = day(local(booking.starts_at, booking.place.zone).date())
    dues.ask(
        source=source_of(booking),
        office=office,
        label=f"{booking.space.name}, {booking.place.name}, {when}"[:200],
        payer=_payer(booking),
        lines=lines,
        due_by=_due_by(booking, office),
        actor=actor,
        place=booking.place,
        served=_served(booking),
    )


def _served(booking: Booking) -> tuple[date, date]:
    """The first and the last day of its dates, on the place's clock."""
    days = local_days(Period(booking.starts_at, booking.ends_at), booking.place.zone)
    return days[0], days[-1]


def _due_by(booking: Booking, office: CollectingOffice) -> datetime:
    if _pays_first(office) and booking.complete_by is not None:
        return booking.complete_by
    zone = booking.place.zone
    return end_of_day(local(booking.ends_at, zone).date() + AFTERWARDS, zone)


def _payer(booking: Booking) -> Payer:
    """Who asked, unless they have left the organisation that they asked for."""
    one = booking.organization
    user = booking.requester if booking.requester_still_holds else None
    email = user.email if user else booking.caller_email
    if one is not None:
        address = f"{one.address}, {one.postcode} {one.commune.name}" if one.address else ""
        return Payer(one.name, user, one, address, email, one.siret)
    return Payer(booking.holder_name, user, None, booking.caller_address, email)


def _of_price(booking: Booking) -> Iterator[Line]:
    """The lines of the frozen price, or its total when they do not add up to it."""
    price = booking.price
    if price is None or price.is_on_request:
        return
    rate = price.terms.get("vat_rate")
    if sum(int(line["amount_cents"]) for line in price.lines) != price.total_cents:
        yield Line(LineKind.HIRE, booking.space.name, price.total_cents, rate)
        return
    for line in price.lines:
        kind = _KINDS.get(line["kind"], LineKind.HIRE)
        yield Line(kind, str(line["label"])[:200], int(line["amount_cents"]), rate)


def _of_fees(booking: Booking) -> Iterator[Line]:
    if kept := fees.kept(booking):
        yield Line(LineKind.FEE, "Somme gardée selon les règles d’annulation", kept)
