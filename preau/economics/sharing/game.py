"""What a place costs to any group of providers: the game that the three rules share out.

The cost of a group has four parts. Opening: paid once as soon as somebody is there. Staffing: each
half-day during which at least one of the group is there. Rooms: the smallest room that holds the
neediest of the group, each room costing what it adds to the smaller one (the airport game of
Littlechild and Owen, 1973). Hours: what each uses up while there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Room:
    """A room of so many square metres, and what it costs over the whole period."""

    square_metres: int
    cents: int


@dataclass(frozen=True, slots=True)
class Costs:
    """What the place costs over the period.

    Attributes:
        opening: whatever happens, in cents.
        half_day: one staffed half-day, in cents.
        hour: one hour of presence of one provider, in cents.
        rooms: larger rooms cost no less: made so by `step_costs`.
    """

    opening: int = 0
    half_day: int = 0
    hour: int = 0
    rooms: tuple[Room, ...] = ()


@dataclass(frozen=True, slots=True)
class Provider:
    """Who comes, how long, in how large a room, during which half-days ("2027-03-02:matin")."""

    name: str
    minutes: int
    square_metres: int
    half_days: frozenset[str] = field(default_factory=frozenset)

    @property
    def weight(self) -> int:
        """Minutes × square metres."""
        return self.minutes * self.square_metres


@dataclass(frozen=True)
class Game:
    costs: Costs
    providers: tuple[Provider, ...]

    @cached_property
    def steps(self) -> list[tuple[int, int]]:
        """(square metres, what this room adds to the next smaller one), from the smallest.

        A provider who needs more than the largest room takes the largest.
        """
        steps, before = [], 0
        for room in sorted(self.costs.rooms, key=lambda one: (one.square_metres, one.cents)):
            steps.append((room.square_metres, max(0, room.cents - before)))
            before = max(before, room.cents)
        return steps

    def step_of(self, provider: Provider) -> int:
        """How many steps of rooms it needs."""
        for number, (size, _) in enumerate(self.steps):
            if provider.square_metres <= size:
                return number + 1
        return len(self.steps)

    def hourly(self, provider: Provider) -> int:
        """Its hours, to the nearest cent."""
        return (2 * self.costs.hour * provider.minutes + 60) // 120

    @cached_property
    def users_of_half_days(self) -> Counter[str]:
        return Counter(slot for one in self.providers for slot in one.half_days)

    def rooms_of(self, group: Iterable[Provider]) -> int:
        needed = max((self.step_of(one) for one in group), default=0)
        return sum(cents for _, cents in self.steps[:needed])

    def cost(self, group: Collection[Provider]) -> int:
        """What the group would pay if it were alone in the place."""
        if not group:
            return 0
        slots = frozenset[str]().union(*(one.half_days for one in group))
        return (
            self.costs.opening
            + self.costs.half_day * len(slots)
            + self.rooms_of(group)
            + sum(self.hourly(one) for one in group)
        )

    def alone(self, provider: Provider) -> int:
        return self.cost([provider])

    @cached_property
    def total(self) -> int:
        return self.cost(self.providers)
