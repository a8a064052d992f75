"""The week composed by optimisation: pure, no database, no clock but the seconds it is given.

`quick` answers at once, `improve` goes on for as long as it may; both give a solution and a proven
bound on every other. `verify` reads a solution again, by itself.
"""

from preau.timetables.solving.checking import verify
from preau.timetables.solving.composing import Answer, improve, quick
from preau.timetables.solving.problem import (
    Mediator,
    Problem,
    Room,
    Service,
    Sitting,
    Weights,
)

__all__ = [
    "Answer",
    "Mediator",
    "Problem",
    "Room",
    "Service",
    "Sitting",
    "Weights",
    "improve",
    "quick",
    "verify",
]
