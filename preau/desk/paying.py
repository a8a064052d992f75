"""What the paper of a booking says of money: its price, what is left, how to pay, the deposit."""

from __future__ import annotations

from typing import Any

from preau.booking import money, owing
from preau.booking.enums import ACCEPTED
from preau.booking.history import moment_of
from preau.booking.models import Booking
from preau.core.formats import euros
from preau.payments import given_back, queries, titles
from preau.payments.actions.money import counter_means
from preau.payments.enums import DepositState, Means
from preau.payments.models import Deposit, Due
from preau.pricing.models import FrozenPrice

_BACK = "elle est rendue après l’état des lieux de sortie si rien n’est abîmé."


def paying(booking: Booking) -> dict[str, Any]:
    """`{"lines": [["Location", "72,00 €"], …, ["Total", …]], "said": ["Reste à payer : …", …]}`;
    both empty when the booking has no price."""
    price = booking.price
    if price is None:
        return {"lines": [], "said": []}
    said = _of_price(booking, price)
    said.append(_of_deposit(booking, price, " ".join(said)))
    return {"lines": _lines(price), "said": [one for one in said if one]}


def _lines(price: FrozenPrice) -> list[list[str]]:
    if price.is_on_request:
        return []
    lines = [[str(one["label"]), euros(int(one["amount_cents"]))] for one in price.lines]
    return [*lines, ["Total", euros(price.total_cents)]]


def _of_price(booking: Booking, price: FrozenPrice) -> list[str]:
    due = money.due_of(booking)
    if due is not None:
        return _of_due(booking, due)
    if booking.ended_at is not None:
        return [owing.fee(booking) or "Rien n’est à payer."]
    if price.is_on_request:
        return ["Prix sur demande : le lieu l’indique avant d’accepter."]
    if not price.total_cents:
        return ["Rien n’est à payer."]
    if booking.state not in ACCEPTED:
        return ["Rien n’est à payer tant que la demande n’est pas acceptée."]
    return ["Demandez au lieu comment payer."]


def _of_due(booking: Booking, due: Due) -> list[str]:
    given = given_back.of(due)
    said = [given.words_away] if given else []
    if due.left_cents:
        paid = f"Déjà payé : {euros(due.kept_cents)}. " if due.kept_cents else ""
        said.append(f"{paid}Reste à payer : {euros(due.left_cents)}{_limit(booking, due)}.")
        said.append(_how(due))
    elif due.total_cents:
        said.append(f"Payé : {euros(due.total_cents)}. Rien ne reste à payer.")
    else:
        said.append("Rien n’est à payer.")
    return said


def _limit(booking: Booking, due: Due) -> str:
    """The public accountant sets another, on a letter of their own."""
    if due.due_by is None or titles.is_billed(due):
        return ""
    return f", au plus tard {moment_of(due.due_by, booking)}"


def _how(due: Due) -> str:
    if titles.is_billed(due):
        return (
            f"{due.payee} envoie un avis des sommes à payer : réglez-le au Trésor public, comme"
            f" l’avis l’indique. Numéro à rappeler : {due.number}."
        )
    ways = money.ways_to_pay(due).strip()
    if not ways:
        return f"Demandez au lieu comment payer, et rappelez le n° {due.number}."
    payee = due.office.cheque_payee if Means.CHEQUE in counter_means(due) else ""
    return f"{ways} Chèque à l’ordre de {payee}." if payee else ways


def _of_deposit(booking: Booking, price: FrozenPrice, said: str) -> str:
    deposit = Deposit.objects.filter(source=money.source_of(booking)).first()
    if deposit is None:
        asked = 0 if booking.ended_at else price.deposit_cents
        return _expected(booking, asked, said) if asked else ""
    if deposit.state == DepositState.WANTED:
        return _expected(booking, deposit.wanted_cents, said)
    if deposit.state == DepositState.DROPPED:
        return ""
    cents = euros(deposit.wanted_cents)
    if deposit.state == DepositState.HELD:
        return f"Caution reçue : {cents} ({deposit.get_means_display().lower()}) ; {_BACK}"
    kept = f", {euros(deposit.kept_cents)} retenus" if deposit.kept_cents else ""
    return f"Caution : {cents}{kept}. {deposit.get_state_display()}."


def _expected(booking: Booking, cents: int, said: str) -> str:
    """`said`: what the paper says above it; the counter is not told twice."""
    words = (
        f"Caution : {euros(cents)}, à remettre au plus tard à l’état des lieux d’entrée ; {_BACK}"
    )
    office = queries.office_of(booking.place)
    if office is None:
        return words
    payee = f"Chèque à l’ordre de {office.cheque_payee}." if office.cheque_payee else ""
    more = (payee, " ".join(office.counter_text.split()))
    return " ".join([words, *(one for one in more if one and one not in said)])
