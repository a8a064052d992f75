"""What the room asks of a lock, whoever makes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Wanted:
    """A code that a lock should have.

    Attributes:
        name: ours, the only way back to it when an answer was lost.
        start, end: in the place's time zone, as the lock rounds them.
        code: "" where the maker draws it.
        slot: the user it is for, where the lock numbers them.
        variance: which of the codes of one window, where the lock computes them.
    """

    name: str
    start: datetime
    end: datetime
    code: str = field(repr=False)
    slot: int = 0
    variance: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """The lock has it. `code` where the maker drew it."""

    ref: str
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Health:
    """How a lock is, None for what it does not say.

    Attributes:
        answers: it can be written to now.
        trouble: what somebody should see to, a French sentence, or "".
    """

    answers: bool
    battery: int | None = None
    battery_low: bool | None = None
    trouble: str = ""


class Driver(Protocol):
    """One lock. Every verb may be done twice, and raises what `preau.integrations` documents."""

    def put(self, wanted: Wanted) -> Held | None:
        """Make it so. None: asked, and not there yet; come again."""

    def remove(self, wanted: Wanted) -> bool:
        """Make it not so. False: asked, and maybe still there; come again."""

    def look(self) -> Health:
        """How the lock is now."""

    def listed(self) -> list[tuple[str, str]]:
        """The locks of the account: what they are called there, and their names."""
