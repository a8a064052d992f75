"""Where a run is: told after each body, stopped when asked, one worker at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from preau.core import clock
from preau.mirrors.enums import RunState
from preau.mirrors.models import MirrorRun

#: A worker that has said nothing for so long is dead: a body takes 30 seconds at most.
SILENCE = timedelta(minutes=2)
#: In `position`, a part that is done.
DONE = -1


class Stopped(Exception):
    """Somebody asked for it."""


class Overtaken(Exception):
    """Another worker has the run: this one was thought dead."""


class Progress:
    def __init__(self, run: MirrorRun, claim: UUID) -> None:
        self.run, self._claim = run, claim
        self.position: dict[str, int] = dict(run.position)

    @classmethod
    def take(cls, run_id: int) -> Progress | None:
        """The run, for this worker alone; None when it has ended or another is at it."""
        now, claim = clock.now(), uuid4()
        free = Q(state=RunState.WAITING) | Q(state=RunState.RUNNING, told_at__lt=now - SILENCE)
        taken = MirrorRun.objects.filter(free, pk=run_id).update(
            state=RunState.RUNNING,
            claim=claim,
            told_at=now,
            started_at=Coalesce(F("started_at"), now),
            attempts=F("attempts") + 1,
        )
        if not taken:
            return None
        run = MirrorRun.objects.select_related("mirror__organization", "asked_by").get(pk=run_id)
        return cls(run, claim)

    def at(self, part: str) -> int:
        """The last subject of that part that was dealt with; 0 before the first."""
        return self.position.get(part, 0)

    def is_done(self, part: str) -> bool:
        return self.at(part) == DONE

    def beat(self, part: str = "", at: int | None = None, **more: int) -> None:
        """Say where it is, and add to what it counts.

        Raises:
            Stopped, Overtaken: see there.
        """
        values: dict[str, Any] = {name: F(name) + number for name, number in more.items() if number}
        if more.get("sent"):
            values["attempts"] = 0
        if at is not None:
            self.position[part] = at
            values["position"] = self.position
        if not self.ours.update(told_at=clock.now(), **values):
            raise Overtaken
        if self.ours.filter(stop_asked=True).exists():
            raise Stopped

    def end(self, state: RunState, error: str = "") -> bool:
        """False when it is not this worker's any more."""
        now = clock.now()
        return bool(
            self.ours.update(state=state, error=error[:600], ended_at=now, told_at=now, claim=None)
        )

    def wait(self, error: str) -> bool:
        """Leave it where it is, for a later try."""
        return bool(
            self.ours.update(
                state=RunState.WAITING, error=error[:600], told_at=clock.now(), claim=None
            )
        )

    @property
    def ours(self) -> Any:
        return MirrorRun.objects.filter(pk=self.run.pk, claim=self._claim, state=RunState.RUNNING)
