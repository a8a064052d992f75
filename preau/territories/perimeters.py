"""Perimeters that change while their past is kept: what a new one, on a day, opens and closes."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

#: Whatever can hold one thing a day: a commune (one CRTE), a commune in a programme.
Seat = TypeVar("Seat", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Span(Generic[Seat]):
    """A seat held by `owner` from `since` to the day before `until` (None: still)."""

    pk: int
    seat: Seat
    owner: str
    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(slots=True)
class Changes(Generic[Seat]):
    """
    Attributes:
        entering: seat → new owner, from the day on.
        leaving: what ends on the day.
        erased: what began that very day, and hence never was.
        known_later: seat → what is already said of it after the day: nothing is changed there.
    """

    entering: dict[Seat, str] = field(default_factory=dict)
    leaving: list[Span[Seat]] = field(default_factory=list)
    erased: list[Span[Seat]] = field(default_factory=list)
    known_later: dict[Seat, Span[Seat]] = field(default_factory=dict)
    kept: int = 0


def changes(
    spans: Iterable[Span[Seat]],
    wanted: Mapping[Seat, str],
    on: date,
    *,
    complete: Collection[str],
) -> Changes[Seat]:
    """What makes `wanted` true from the day on.

    Args:
        wanted: seat → owner.
        complete: owners whose seats are all in `wanted`: the others of theirs leave.
    """
    found: Changes[Seat] = Changes()
    held = _held(spans, on, found)
    for seat, owner in wanted.items():
        now = held.get(seat)
        if seat in found.known_later:
            continue
        if now is not None and now.owner == owner:
            found.kept += 1
            continue
        found.entering[seat] = owner
        if now is not None:
            _close(found, now, on)
    for seat, span in held.items():
        if seat not in wanted and seat not in found.known_later and span.owner in complete:
            _close(found, span, on)
    found.known_later = {seat: one for seat, one in found.known_later.items() if seat in wanted}
    return found


def _held(spans: Iterable[Span[Seat]], on: date, found: Changes[Seat]) -> dict[Seat, Span[Seat]]:
    """Who holds each seat that day; what is said of later days goes to `known_later`."""
    held: dict[Seat, Span[Seat]] = {}
    for span in spans:
        if span.since > on or (span.until is not None and span.until > on):
            later = found.known_later.get(span.seat)
            if later is None or later.since < span.since:
                found.known_later[span.seat] = span
        elif span.covers(on):
            held[span.seat] = span
    return held


def _close(found: Changes[Seat], span: Span[Seat], on: date) -> None:
    (found.erased if span.since == on else found.leaving).append(span)
