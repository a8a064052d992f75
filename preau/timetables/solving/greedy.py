"""A first timetable at once: always the sitting that brings most, lazily."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from preau.timetables.solving.board import Board
from preau.timetables.solving.problem import Problem, Sitting


def greedy(problem: Problem, kept: Iterable[Sitting] = ()) -> list[Sitting]:
    """Add to what is kept (and to the pins) as long as it brings something."""
    board = Board(problem, kept)
    fill(board)
    return sorted(board.sittings)


def fill(board: Board) -> None:
    """The same, on a board begun already."""
    problem = board.problem
    places = [
        sorted({problem.rooms[problem.windows[n].room].place for n in chosen})
        for chosen in problem.choices
    ]
    heap = [
        (-board.worth(service, place), service, place)
        for service, wanted in enumerate(problem.services)
        if board.held[service] < wanted.sessions
        for place in places[service]
    ]
    heapify(heap)
    while heap:
        _, service, place = heappop(heap)
        if board.held[service] >= problem.services[service].sessions:
            continue
        found = board.best(service, place)
        if found is None or found[0] <= 0:
            continue
        gain, one = found
        if heap and gain < -heap[0][0]:
            heappush(heap, (-gain, service, place))
            continue
        opened = not board.staffed[place, one.half_day]
        board.add(one)
        heappush(heap, (-board.worth(service, place), service, place))
        if opened:  # others come to an open place at a lesser cost: look at them again
            for other, reach in enumerate(places):
                if place in reach and board.held[other] < problem.services[other].sessions:
                    heappush(heap, (-board.worth(other, place), other, place))
