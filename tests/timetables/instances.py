"""Small problems drawn from a seed, and the best of them by trying everything."""

import itertools
import random

from preau.timetables.solving import Mediator, Problem, Room, Service, Sitting, Weights, verify

HOURS = [(36, 40, 44, 48), (52, 56, 60, 64)]  # starts: 9, 10, 11, 12 h; 13, 14, 15, 16 h


def small(seed):
    """Two or three services, two or three places, one day: few enough to try everything."""
    chance = random.Random(seed)
    places = chance.randint(2, 3)
    rooms = _rooms(chance, places)
    spots = [(chance.randint(0, 30), chance.randint(0, 30)) for _ in range(places)]
    drawn = Problem(
        days=1,
        places=places,
        rooms=tuple(rooms),
        mediators=tuple(_mediator(chance, places) for _ in range(2)),
        services=tuple(_service(chance, len(rooms)) for _ in range(chance.randint(2, 3))),
        travel=tuple(tuple(abs(a - x) + abs(b - y) for a, b in spots) for x, y in spots),
        demand=tuple(
            (chance.randint(1, 40), frozenset(chance.sample(range(places), chance.randint(1, 2))))
            for _ in range(4)
        ),
        weights=Weights(
            session=chance.choice([0, 5, 30]),
            half_day=chance.choice([0, 10, 25]),
            minute=chance.choice([0, 1]),
        ),
        step=4,
        forbidden=frozenset({(0, chance.randrange(places), -1)} if chance.random() < 0.3 else ()),
    )
    return _pinned(drawn, chance) if chance.random() < 0.3 else drawn


def _rooms(chance, places):
    rooms = []
    for place in range(places):
        for _ in range(chance.choice([1, 1, 2])):
            free = 0
            for hour in chance.sample(range(9, 17), chance.randint(4, 7)):
                free |= 0b1111 << 4 * hour
            rooms.append(Room(place, (free,), pad=chance.choice([0, 0, 4])))
    return rooms[:4]


def _mediator(chance, places):
    return Mediator(
        half_days=frozenset(chance.choice([(0, 1), (0,), (1,)])),
        places=frozenset(range(places)),
        most_places=chance.choice([1, 2, 3]),
        most_travel=chance.choice([20, 60]),
    )


def _service(chance, rooms):
    return Service(
        sessions=chance.choice([1, 1, 2]),
        length=chance.choice([4, 8, 12]),
        priority=chance.randint(1, 3),
        rooms=frozenset(chance.sample(range(rooms), chance.randint(1, rooms))),
        half_days=frozenset({0, 1}),
        mediator=chance.randint(0, 1),
    )


def _pinned(problem, chance):
    """The same with one sitting held as it is, when one can be."""
    possible = [one for one in everything(problem) if not verify(problem, [one])]
    if not possible:
        return problem
    return Problem(**{**problem.__dict__, "pins": (chance.choice(possible),)})


def everything(problem):
    return [
        Sitting(0, start, room, service)
        for service in range(len(problem.services))
        for room in range(len(problem.rooms))
        for half in HOURS
        for start in half
    ]


def best_value(problem):
    """The largest objective of all the sets of sittings that break no rule."""
    possible = [
        one
        for one in everything(problem)
        if one not in problem.pins and not verify(problem, sorted({one, *problem.pins}))
    ]
    best = objective(problem, problem.pins)

    def more(kept, rest):
        nonlocal best
        best = max(best, objective(problem, kept))
        for position, one in enumerate(rest):
            if not verify(problem, [*kept, one]):
                more([*kept, one], rest[position + 1 :])

    more(list(problem.pins), possible)
    return best


def objective(problem, sittings):
    """Written apart from `value_of`, to check it."""
    weights, total = problem.weights, 0
    place = {room: one.place for room, one in enumerate(problem.rooms)}
    for number, service in enumerate(problem.services):
        mine = [one for one in sittings if one.service == number]
        reached = sum(
            people
            for people, near in problem.demand
            if any(place[one.room] in near for one in mine)
        )
        total += service.priority * (reached + weights.session * len(mine))
    total -= weights.half_day * len({(place[o.room], o.day, o.start >= 52) for o in sittings})
    for mediator in range(len(problem.mediators)):
        for late in (False, True):
            stops = sorted(
                (one.day, one.start, place[one.room])
                for one in sittings
                if problem.services[one.service].mediator == mediator and (one.start >= 52) == late
            )
            for before, after in itertools.pairwise(stops):
                if before[0] == after[0]:
                    total -= weights.minute * problem.travel[before[2]][after[2]]
    return total
