"""`make bench ONLY=projects.mirror`: every project of the nation mirrored to the fake Grist.

Three runs: all of them, nothing changed, one in a hundred changed. Memory is this process's, a
tenth of the way and at the end. The mirror is taken away afterwards, and the names are put back.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Concat, Left, Length

from bench.figures import figure, progress
from bench.projects import Portfolio
from bench.projects.questions import Crowd
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, VerificationMethod
from preau.accounts.models import Membership, Organization, User
from preau.core import clock
from preau.mirrors.actions import mirrors, runs
from preau.mirrors.actions.mirrors import Choice
from preau.mirrors.enums import LIVE_RUNS
from preau.mirrors.models import Mirror, MirrorRun
from preau.mirrors.servers import Address
from preau.mirrors.sources import SOURCES
from preau.mirrors.syncing import running
from preau.mirrors.syncing.progress import Progress
from preau.projects.models import Project

MARK, NAME, EMAIL = " (changé)", "Mesure", "mirror@bench.example"
PAGE = 4096


def main(portfolio: Portfolio) -> None:
    with _grist() as url, _keeper(portfolio) as actor:
        settings.GRIST_HOSTS = [url.removeprefix("http://")]
        mirror = mirrors.prepare(NAME, Address(url, "doc"), "owner", actor=actor)
        try:
            columns = [one.id for one in SOURCES["projets"].fields if one.usual]
            mirrors.choose(mirror, {"projets": Choice(columns)}, actor=actor)
            mirrors.start(mirror, leaving="retirer", actor=actor)
            _measured("first", mirror)
            _measured("same", mirror, lambda: runs.ask(mirror, actor=actor))
            changed = Project.objects.annotate(rank=F("pk") % 100).filter(rank=7)
            changed.update(name=Concat(Left("name", 150), Value(MARK)))
            _measured("changed", mirror, lambda: runs.ask(mirror, actor=actor))
            figure("projects.mirror.changed.wanted", changed.count(), "rows")
        finally:
            _take_away(mirror)


def _measured(name: str, mirror: Mirror, ask: Callable[[], object] = lambda: None) -> None:
    """Do the run that waits, and say what it took."""
    ask()
    run = MirrorRun.objects.get(mirror=mirror, state__in=LIVE_RUNS)
    sizes = list[tuple[int, float]]()
    told = Progress.beat

    def beat(self: Progress, part: str = "", at: int | None = None, **more: int) -> None:
        told(self, part, at, **more)
        looked = sizes[-1][0] + more.get("looked", 0) if sizes else more.get("looked", 0)
        sizes.append((looked, _megabytes()))
        progress(f"projects.mirror.{name}", looked, self.run.expected or 1)

    Progress.beat = beat  # type: ignore[method-assign]
    began = time.monotonic()
    try:
        running.work(run.pk)
    finally:
        Progress.beat = told  # type: ignore[method-assign]
    seconds = time.monotonic() - began
    run.refresh_from_db()
    if run.error:
        raise RuntimeError(run.error)
    early = next((size for looked, size in sizes if looked >= run.expected / 10), sizes[-1][1])
    figure(f"projects.mirror.{name}.seconds", seconds, "s")
    figure(f"projects.mirror.{name}.calls", run.calls, "calls")
    figure(f"projects.mirror.{name}.looked", run.looked, "rows")
    figure(f"projects.mirror.{name}.sent", run.sent, "rows")
    figure(f"projects.mirror.{name}.memory.tenth", early, "MB")
    figure(f"projects.mirror.{name}.memory.end", sizes[-1][1], "MB")


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * PAGE / 1e6


@contextmanager
def _grist() -> Iterator[str]:
    command = [sys.executable, "-m", "fakes.grist"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


@contextmanager
def _keeper(portfolio: Portfolio) -> Iterator[Actor]:
    """A manager of the national service, for the time of the measure."""
    organization = Crowd(f"{portfolio.seed} mirror").actor("nation").organization
    assert organization is not None
    before = (organization.verified_at, organization.verified_by_method)
    proven = {"verified_at": clock.now(), "verified_by_method": VerificationMethod.OPERATOR}
    Organization.objects.filter(pk=organization.pk).update(**proven)
    organization.refresh_from_db()
    Mirror.objects.filter(name=NAME).delete()  # of a measure that was stopped
    user = User.objects.filter(email=EMAIL).first() or User.objects.create_user(email=EMAIL)
    hat, _ = Membership.objects.get_or_create(
        user=user, organization=organization, ended_at=None, role=MembershipRole.MANAGER
    )
    try:
        yield Actor(user, hat)
    finally:
        hat.delete()
        User.objects.filter(pk=user.pk).delete()
        Organization.objects.filter(pk=organization.pk).update(
            verified_at=before[0], verified_by_method=before[1]
        )


def _take_away(mirror: Mirror) -> None:
    Mirror.objects.filter(pk=mirror.pk).delete()
    marked = Project.objects.filter(name__endswith=MARK)
    marked.update(name=Left("name", Length("name") - len(MARK)))
    with connection.cursor() as cursor:  # nobody works them here
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name LIKE 'mirrors.%%'")
