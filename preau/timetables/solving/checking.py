"""A second reading of a solution, that shares no line with what made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, pairwise
from math import ceil

from preau.timetables.solving.problem import Problem, Sitting


def verify(problem: Problem, sittings: Sequence[Sitting]) -> list[str]:
    """Every rule that the sittings break; nothing when they may be held."""
    wrong = [text for one in sittings for text in _alone(problem, one)]
    for one, other in combinations(sorted(sittings), 2):
        wrong += _together(problem, one, other)
    wrong += _counts(problem, sittings)
    wrong += _rounds(problem, sittings)
    missing = set(problem.pins) - set(sittings)
    return wrong + [f"pin lost: {pin}" for pin in sorted(missing)]


def _alone(problem: Problem, one: Sitting) -> list[str]:
    if one in problem.pins:  # a person chose it: the conflicts between sittings still count
        return []
    service, room = problem.services[one.service], problem.rooms[one.room]
    who = problem.mediators[service.mediator]
    end, half_day = one.start + service.length, 2 * one.day + (1 if one.start >= 52 else 0)
    forbidden = any(
        asked in (one.service,) and place in (room.place, -1) and when in (half_day, -1)
        for asked, place, when in problem.forbidden
    )
    checks = {
        "room does not suit": one.room in service.rooms,
        "not free": all(room.free[one.day] >> q & 1 for q in range(one.start, end)),
        "across noon": one.start >= 52 or end <= 52,
        "off the grid": one.start % problem.step == 0,
        "service not then": half_day in service.half_days,
        "mediator not then": half_day in who.half_days,
        "mediator not there": room.place in who.places,
        "forbidden": not forbidden,
    }
    return [f"{words}: {one}" for words, right in checks.items() if not right]


def _together(problem: Problem, one: Sitting, other: Sitting) -> list[str]:
    """Two sittings of one day, the first begins no later."""
    if one.day != other.day:
        return []
    first, second = problem.services[one.service], problem.services[other.service]
    end, wrong = one.start + first.length, []
    room = problem.rooms[one.room]
    if one.room == other.room and other.start < end + room.pad:
        wrong.append(f"room taken twice: {one} {other}")
    if first.mediator == second.mediator:
        road = problem.travel[room.place][problem.rooms[other.room].place]
        if other.start < end + ceil(road / 15):
            wrong.append(f"mediator in two places: {one} {other}")
    return wrong


def _counts(problem: Problem, sittings: Sequence[Sitting]) -> list[str]:
    held = Counter(one.service for one in sittings)
    wrong = [
        f"too many of service {number}"
        for number, count in held.items()
        if count > problem.services[number].sessions
    ]
    twice = Counter(
        (one.service, problem.rooms[one.room].place, one.day, one.start >= 52) for one in sittings
    )
    return wrong + [f"twice in a half-day: {key}" for key, count in twice.items() if count > 1]


def _rounds(problem: Problem, sittings: Sequence[Sitting]) -> list[str]:
    made: dict[tuple[int, int, bool], list[int]] = {}
    for one in sorted(sittings):
        key = (problem.services[one.service].mediator, one.day, one.start >= 52)
        made.setdefault(key, []).append(problem.rooms[one.room].place)
    wrong = []
    for (number, day, late), places in made.items():
        who = problem.mediators[number]
        minutes = sum(problem.travel[a][b] for a, b in pairwise(places))
        if len(set(places)) > who.most_places:
            wrong.append(f"too many places: mediator {number}, day {day}, {late}")
        if len(set(places)) > 1 and minutes > who.most_travel:
            wrong.append(f"too much travel: mediator {number}, day {day}, {late}")
    return wrong
