"""Two years of bookings: habits of associations, and occasions of residents and companies.

Times are taken through the engine (`occupy_many`), so the constraint checks the invention too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.utils.crypto import get_random_string

from preau.accounts.actors import SYSTEM
from preau.accounts.models import Organization, User
from preau.availability import bits
from preau.availability.actions.occupancies import Use, occupy_many, release
from preau.availability.enums import OccupancyKind
from preau.availability.facts import opening_of
from preau.availability.models import Occupancy
from preau.availability.opening import Opening
from preau.booking.enums import (
    BLOCKING,
    UNANSWERED,
    ApprovalState,
    Approver,
    BookingState,
    Side,
)
from preau.booking.models import Approval, Booking, BookingDate
from preau.conversations.models import Thread, ThreadAudience
from preau.core import clock
from preau.core.timeranges import Period, local_instant
from preau.places.enums import ApprovalMode, SpaceKind
from preau.places.models import Space
from preau.portal.demo import names
from preau.portal.demo.people import People
from preau.portal.demo.places import Made

YEAR = timedelta(days=365)
EVENTS = {SpaceKind.SALLE_DES_FETES, SpaceKind.CUISINE, SpaceKind.PLACE_PUBLIQUE}


@dataclass(frozen=True)
class Wish:
    """One booking to invent."""

    period: Period
    user: User
    organization: Organization | None
    purpose: str
    state: BookingState


class Diary:
    """What is taken in one hall while inventing, unit by unit."""

    def __init__(self, made: Made, root: Space) -> None:
        today = clock.today(made.place.zone)
        self.first, self.last = today - YEAR, today + YEAR
        self.opening: Opening = opening_of(made.calendar, self.first, self.last)
        self.zone = made.place.zone
        self.spaces = [root, *root.parts.select_related("place").order_by("pk")]
        self.units = {
            space.pk: set(space.units.values_list("pk", flat=True)) for space in self.spaces
        }
        self.taken: list[tuple[set[int], Period]] = []

    def accepts(self, space: Space, period: Period) -> bool:
        """Open all along, and free with the preparation and clean-up times; noted if so."""
        for day, mask in bits.masks(period, self.zone).items():
            if self.opening.bits(day) & mask != mask:
                return False
        busy = period.widened(space.before, space.after)
        units = self.units[space.pk]
        if any(units & others and busy.overlaps(other) for others, other in self.taken):
            return False
        self.taken.append((units, busy))
        return True


def invent(
    rng: Random, people: People, made: Made, root: Space, wanted: int, *, lively: bool
) -> Iterator[tuple[Space, list[Wish]]]:
    """About as many wishes as wanted for one hall, space by space."""
    diary = Diary(made, root)
    wishes: dict[int, list[Wish]] = {space.pk: [] for space in diary.spaces}
    found = 0
    for _ in range(60):
        if found >= wanted:
            break
        space = rng.choice(diary.spaces)
        if root.kind in EVENTS or rng.random() < 0.2:
            fresh = _occasion(rng, people, diary, space, lively)
        else:
            fresh = _habit(rng, people, diary, space, lively, wanted - found)
        wishes[space.pk] += fresh
        found += len(fresh)
    for space in diary.spaces:
        if wishes[space.pk]:
            yield space, wishes[space.pk]


def _length(rng: Random, space: Space) -> int:
    usual = [90, 120, 120, 180] if space.kind not in EVENTS else [240, 480, 600]
    minutes = rng.choice(usual)
    return max(space.min_minutes, min(minutes, space.max_minutes))


def _start(rng: Random, day: date, space: Space, diary: Diary) -> datetime:
    hour = rng.choice([18, 18, 19, 20, 9, 14] if day.weekday() < 5 else [9, 10, 14, 16])
    if space.kind in EVENTS:
        hour = rng.choice([9, 10, 12, 18])
    return local_instant(day, hour * 60, diary.zone)


def _habit(
    rng: Random, people: People, diary: Diary, space: Space, lively: bool, most: int
) -> list[Wish]:
    """The same hour every week for a season, with some weeks off."""
    number = rng.randrange(len(people.associations))
    association = people.associations[number]
    user = _speaker(people, number)
    day = diary.first + timedelta(days=rng.randrange(500))
    minutes, purpose = _length(rng, space), rng.choice(names.PURPOSES)
    start = _start(rng, day, space, diary).astimezone(diary.zone)
    found = []
    for week in range(rng.randint(6, min(30, max(most, 6)))):
        one = day + timedelta(weeks=week)
        if one > diary.last or rng.random() < 0.15:
            continue
        begin = local_instant(one, start.hour * 60 + start.minute, diary.zone)
        period = Period(begin, begin + timedelta(minutes=minutes))
        if diary.accepts(space, period):
            state = _state(rng, space, period, lively)
            found.append(Wish(period, user, association, purpose, state))
    return found


def _occasion(rng: Random, people: People, diary: Diary, space: Space, lively: bool) -> list[Wish]:
    """Single dates: a wedding, a seminar, a general meeting."""
    found = []
    for _ in range(rng.randint(2, 5)):
        day = diary.first + timedelta(days=rng.randrange(720))
        begin = _start(rng, day, space, diary)
        period = Period(begin, begin + timedelta(minutes=_length(rng, space)))
        if diary.accepts(space, period):
            user = rng.choice([*people.residents, people.personas["habitant"]])
            purpose = rng.choice(names.PRIVATE)
            found.append(Wish(period, user, None, purpose, _state(rng, space, period, lively)))
    return found


def _speaker(people: People, number: int) -> User:
    if number == 0:
        return people.personas["presidente"]
    return people.residents[(number - 1) % len(people.residents)]


def _state(rng: Random, space: Space, period: Period, lively: bool) -> BookingState:
    chance = rng.random()
    if chance < 0.03:
        return BookingState.CANCELLED
    if chance < 0.05:
        return BookingState.REFUSED
    waiting = space.approval == ApprovalMode.MANAGER
    ahead = period.start - clock.now()
    if waiting and timedelta(days=2) < ahead < timedelta(days=60):
        if chance < (0.4 if lively else 0.12):
            return BookingState.REQUESTED
        if chance < (0.45 if lively else 0.13):
            return BookingState.CHANGE_ASKED
    return BookingState.CONFIRMED


def write(space: Space, wishes: list[Wish], numbers: Iterator[int], rng: Random) -> int:
    """Take the times, write the bookings with their conversations, free what did not hold."""
    taken = occupy_many(space, [(wish.period, _use(wish)) for wish in wishes], actor=SYSTEM)
    threads = Thread.objects.bulk_create(
        [Thread(subject=f"{space.place.name} – {space.name}") for _ in wishes]
    )
    bookings = [
        _booking(space, wish, occupancy, thread, next(numbers), rng)
        for wish, occupancy, thread in zip(wishes, taken, threads, strict=True)
    ]
    Booking.objects.bulk_create(bookings)
    BookingDate.objects.bulk_create(
        BookingDate(booking=booking, occupancy=booking.occupancy) for booking in bookings
    )
    Approval.objects.bulk_create(
        _waiting_accord(booking) for booking in bookings if booking.state in UNANSWERED
    )
    ThreadAudience.objects.bulk_create(
        [ThreadAudience(thread=b.thread, key=key) for b in bookings for key in _keys(b)]
    )
    for booking, occupancy in zip(bookings, taken, strict=True):
        if booking.state not in BLOCKING:
            release(occupancy, actor=SYSTEM)
    return len(bookings)


def _waiting_accord(booking: Booking) -> Approval:
    return Approval(
        booking=booking,
        position=1,
        approver=Approver.ANY,
        label=Approver.ANY.label,
        hours=booking.space.response_hours,
        state=ApprovalState.WAITING,
        opened_at=booking.requested_at,
    )


def _use(wish: Wish) -> Use:
    return Use(
        OccupancyKind.BOOKING,
        label=wish.purpose,
        holder_user=wish.user,
        holder_organization=wish.organization,
        contact_name=wish.user.full_name,
        contact_phone=wish.user.phone,
    )


def _keys(booking: Booking) -> list[str]:
    keys = [
        f"user:{booking.requester_id}",
        f"organization:{booking.place.owner_id}",
        f"place:{booking.place_id}",
    ]
    if booking.organization_id:
        keys.append(f"organization:{booking.organization_id}")
    return keys


def _booking(
    space: Space, wish: Wish, occupancy: Occupancy, thread: Thread, number: int, rng: Random
) -> Booking:
    now = clock.now()
    asked = min(wish.period.start, now) - timedelta(hours=rng.randint(30, 1500))
    if wish.state in {BookingState.REQUESTED, BookingState.CHANGE_ASKED}:
        asked = now - timedelta(hours=rng.randint(1, 40))
    ended = wish.state not in BLOCKING
    waiting = wish.state in {BookingState.REQUESTED, BookingState.CHANGE_ASKED}
    reasons = {
        BookingState.REFUSED: "La salle est réservée au conseil municipal ce jour-là.",
        BookingState.CANCELLED: "Empêchement.",
        BookingState.CHANGE_ASKED: "Pouvez-vous commencer une demi-heure plus tard ?",
    }
    return Booking(
        reference=f"{get_random_string(2, 'ABCDEFGHJKLMNPQRSTUVWXYZ')}-{number:06d}",
        occupancy=occupancy,
        starts_at=wish.period.start,
        ends_at=wish.period.end,
        space=space,
        place=space.place,
        departement_code=occupancy.departement_code,
        state=wish.state,
        requester=wish.user,
        organization=wish.organization,
        purpose=wish.purpose,
        is_public_event=rng.random() < 0.2,
        attendance=rng.randint(min(4, space.capacity), space.capacity),
        contact_name=wish.user.full_name,
        contact_phone=wish.user.phone,
        thread=thread,
        created_at=asked,
        requested_at=asked,
        answer_by=now + timedelta(hours=rng.randint(20, 44)) if waiting else None,
        decided_at=None if waiting else asked + timedelta(hours=20),
        reason=reasons.get(wish.state, ""),
        ended_at=asked + timedelta(hours=28) if ended else None,
        ended_by_side=_side(wish.state) if ended else "",
    )


def _side(state: BookingState) -> Side:
    return Side.MANAGER if state == BookingState.REFUSED else Side.OCCUPANT
