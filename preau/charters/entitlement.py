"""Whether a member of one place is welcome in another, now, and under which rule. Pure reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from preau.availability.wording import hours_in_words
from preau.charters.enums import NetworkPlaceState, PriceRule
from preau.charters.models import NetworkPlace, Passage, PlaceMember
from preau.core import formats


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the person at the door reads.

    Attributes:
        reasons: why not, one sentence each; empty when they are welcome.
        price: what a visit costs, in words.
        passed: they have been noted today.
    """

    host: NetworkPlace
    reasons: tuple[str, ...]
    price: str
    passed: bool

    @property
    def is_welcome(self) -> bool:
        return not self.reasons


def price_of(host: NetworkPlace) -> str:
    return "gratuit" if host.price == PriceRule.FREE else formats.euros(host.price_cents)


def rule_of(host: NetworkPlace) -> str:
    """« Lundi et mardi, de 9 h à 18 h, gratuit, 4 visites par mois »"""
    days = ", ".join(formats.WEEKDAYS[one] for one in sorted(host.weekdays))
    words = [
        days,
        hours_in_words(host.start_minute, host.end_minute),
        price_of(host),
    ]
    if host.visits_per_month:
        words.append(f"{formats.count(host.visits_per_month, 'visite')} par mois au plus")
    return ", ".join(words)


def verdict(member: PlaceMember, host: NetworkPlace, at: datetime) -> Verdict:
    """At an instant, on the clock of the host's wall."""
    local = at.astimezone(host.place.zone)
    today = local.date()
    passages = Passage.objects.filter(member=member, host=host)
    passed = passages.filter(day=today).exists()
    reasons = [*_of_member(member, host, today), *_of_host(host, local)]
    limit = host.visits_per_month
    if limit and not passed:
        month = passages.filter(day__year=today.year, day__month=today.month).count()
        if month >= limit:
            reasons.append(
                f"Les {formats.count(limit, 'visite')} de ce mois sont faites."
                if limit > 1
                else "La visite de ce mois est faite."
            )
    return Verdict(host, tuple(reasons), price_of(host), passed)


def _of_member(member: PlaceMember, host: NetworkPlace, today: date) -> list[str]:
    found = []
    if member.accepted_at is None or member.ended_on is not None or member.until < today:
        found.append("Cette carte n’est plus valable : son titulaire n’est plus membre.")
    home = NetworkPlace.objects.filter(
        network=host.network_id, place=member.place_id, state=NetworkPlaceState.ACTIVE
    )
    if member.place_id == host.place_id:
        found.append("C’est un membre de ce lieu même.")
    elif not home.exists():
        found.append(f"{member.place} n’est pas dans ce réseau.")
    return found


def _of_host(host: NetworkPlace, local: datetime) -> list[str]:
    if host.state != NetworkPlaceState.ACTIVE or host.network.closed_at is not None:
        return [f"{host.place} n’est plus dans le réseau."]
    if local.weekday() not in host.weekdays:
        return [
            f"Le lieu n’accueille pas le {formats.WEEKDAYS[local.weekday()]} les membres du réseau."
        ]
    minute = local.hour * 60 + local.minute
    if not host.start_minute <= minute < host.end_minute:
        hours = hours_in_words(host.start_minute, host.end_minute)
        return [f"Le lieu accueille les membres du réseau {hours}."]
    return []
