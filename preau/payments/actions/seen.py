"""The same cash is not noted twice: what the clerk was shown is compared with what stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from preau.core import clock
from preau.core.errors import Refusal
from preau.core.formats import day, euros, hour, local
from preau.payments.enums import Means, Nature
from preau.payments.models import Due, Payment

#: The same sum, by the same means, noted again within that long, is asked about.
ASKED_ABOUT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page said when the clerk wrote.

    Attributes:
        left_cents: what was left to pay; None when the page did not say.
        told: the last entry that a refusal told them of, by its number in the table.
    """

    left_cents: int | None
    told: int | None = None


def last_in(due: Due) -> Payment | None:
    """The last money that came, and still stands."""
    came = due.payments.filter(nature=Nature.IN, reversed_by=None)
    return came.select_related("recorded_by").order_by("-id").first()


def compare(due: Due, seen: Seen, *, cents: int, means: Means, cheque_number: str) -> None:
    """Call it with the due locked.

    A page gone back to may have been fetched again: it then says what is left now, and the browser
    puts what was typed back into it. So the same money so soon is asked about too.

    Raises:
        Refusal: the sum left is not the one shown; or just that money was just noted. It says what
            was noted since, and the same sent again, having been told, is done.
    """
    last = last_in(due)
    is_other = seen.left_cents is not None and seen.left_cents != due.left_cents
    if is_other or (last and last.pk != seen.told and _is_again(last, cents, means, cheque_number)):
        raise Refusal(_sentence(due, last), code="again")


def _is_again(last: Payment, cents: int, means: Means, cheque_number: str) -> bool:
    same = (last.cents, last.means, last.cheque_number) == (cents, means, cheque_number)
    return same and last.operation_id is None and clock.now() - last.at < ASKED_ABOUT


def _sentence(due: Due, last: Payment | None) -> str:
    left = f"reste dû {euros(due.left_cents)}. Vérifiez avant de noter un autre encaissement."
    if last is None:
        return f"Ce qui est dû a changé : {left}"
    at = local(last.at, due.office.zone)
    when = f"à {hour(at)}"
    if at.date() != local(clock.now(), due.office.zone).date():
        when = f"le {day(at.date())} {when}"
    was = "a été noté" if last.cents < 200 else "ont été notés"
    by = "en ligne" if last.operation_id else f"par {last.recorded_by or 'la régie'}"
    return f"{euros(last.cents)} {was} {when} {by} : {left}"
