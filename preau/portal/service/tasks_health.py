"""What the queue of tasks says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from preau.core import clock

#: A task that should have begun since then is late.
PATIENCE = timedelta(minutes=10)
#: A worker says every ten seconds that it is there.
SILENCE = timedelta(minutes=1)
RECENT = timedelta(days=7)


@dataclass(frozen=True)
class Failure:
    """A kind of task that failed for good in the last days."""

    name: str
    count: int


@dataclass(frozen=True)
class TasksHealth:
    workers: int
    late: int
    failures: list[Failure]

    @property
    def failed(self) -> int:
        return sum(one.count for one in self.failures)

    @property
    def is_well(self) -> bool:
        return bool(self.workers) and not (self.late or self.failures)


def tasks_health() -> TasksHealth:
    now = clock.now()
    jobs = ProcrastinateJob.objects
    late = jobs.filter(status="todo").filter(
        Q(scheduled_at__lt=now - PATIENCE)
        | Q(scheduled_at=None, procrastinateevent__at__lt=now - PATIENCE)
    )
    failed = (
        jobs.filter(
            status="failed",
            procrastinateevent__type="failed",
            procrastinateevent__at__gt=now - RECENT,
        )
        .values("task_name")
        .annotate(count=Count("id", distinct=True))
        .order_by("-count", "task_name")
    )
    return TasksHealth(
        workers=ProcrastinateWorker.objects.filter(last_heartbeat__gt=now - SILENCE).count(),
        late=late.distinct().count(),
        failures=[Failure(row["task_name"], row["count"]) for row in failed],
    )
