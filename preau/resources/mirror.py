"""The mirror of Aides-territoires, read each night from its API.

A reading that stops half-way keeps what it brought and puts nothing away; the next one goes over
the same pages and writes only what changed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.integrations.aides_territoires import Client
from preau.integrations.http import Rejected, Unavailable
from preau.outside import calls
from preau.outside.registry import OutsideService
from preau.resources.enums import ResourceState, Source
from preau.resources.loading import load_aids
from preau.resources.loading.report import Report
from preau.resources.models import MirrorRun, Resource

KEY = "aides_territoires"
READ = "resources.read_aids"
READ_NOW = "resources.read_aids_now"
#: A whole reading so recent is tonight's.
TONIGHT = timedelta(hours=12)
#: Seconds for one exchange when the operator tries it.
TRIAL_SECONDS = 3.0
MOST_TOLD = 40
KEPT = timedelta(days=90)
_log = logging.getLogger(__name__)


def is_configured() -> bool:
    return bool(settings.AIDES_TERRITOIRES["url"] and settings.AIDES_TERRITOIRES["key"])


def service() -> OutsideService:
    return OutsideService(
        key=KEY,
        name="Aides-territoires",
        purpose="Donne chaque nuit les aides publiques que les recommandations proposent.",
        without="Les aides déjà lues restent proposées, avec leur date, jusqu’à leur échéance.",
        is_configured=is_configured,
        settings=("PREAU_AIDES_TERRITOIRES_KEY", "PREAU_AIDES_TERRITOIRES_URL"),
        trial=trial,
    )


def trial() -> None:
    """Raises: Unavailable."""
    with calls.calling(KEY):
        _client(timeout=TRIAL_SECONDS, tries=1).aid("1")


def last() -> MirrorRun | None:
    return MirrorRun.objects.filter(source=Source.AIDES_TERRITOIRES).order_by("-id").first()


def ask(*, actor: Actor) -> None:
    """Read it as soon as a worker is free.

    Raises:
        Refusal: it is not configured ("off"), or somebody asked already ("asked").
    """
    if not allowed(actor, "resource.mirror"):
        raise Forbidden
    if not is_configured():
        raise Refusal("Aides-territoires n’est pas configuré.", code="off")
    try:
        with transaction.atomic():
            app.configure_task(READ_NOW, queueing_lock=READ_NOW, lock=READ).defer()
    except AlreadyEnqueued:
        raise Refusal("Une lecture est déjà demandée : elle va commencer.", code="asked") from None


def read_tonight() -> bool:
    """Unless it was read whole tonight already."""
    since = clock.now() - TONIGHT
    whole = MirrorRun.objects.filter(source=Source.AIDES_TERRITOIRES, is_whole=True)
    MirrorRun.objects.filter(started_at__lt=clock.now() - KEPT).delete()
    return False if whole.filter(ended_at__gt=since).exists() else read()


def read() -> bool:
    """Read every page and bring the library to it; whether it was read whole."""
    if not is_configured():
        return False
    run = MirrorRun.objects.create(source=Source.AIDES_TERRITOIRES)
    report, error = Report(), ""
    try:
        load_aids(_pages(), fetched_at=run.started_at, report=report)
    except (Unavailable, Rejected) as stopped:
        error = str(stopped)
        _log.warning("Aides-territoires was not read whole: %s", stopped)
    _write_down(run, report, error)
    return run.is_whole


def _write_down(run: MirrorRun, report: Report, error: str) -> None:
    run.is_whole, run.ended_at = not error, clock.now()
    run.read, run.created, run.updated = report.read, report.created, report.updated
    run.retired, run.skipped = report.retired, len(report.skipped)
    run.told = ([f"stopped: {error}"] if error else []) + report.lines()[:MOST_TOLD]
    run.save()
    if run.is_whole and not report.warnings:
        # All that is left was in it: « lue le » is today's, changed or not.
        Resource.objects.filter(
            source=Source.AIDES_TERRITOIRES, state=ResourceState.PUBLISHED
        ).update(fetched_at=run.started_at)


def _pages() -> Iterator[dict[str, Any]]:
    """Each page is one exchange for the breaker: what is written between two is none."""
    with _client() as client:
        pages = client.pages()
        while True:
            with calls.calling(KEY):
                page = next(pages, None)
            if page is None:
                return
            yield page.answer


def _client(**given: Any) -> Client:
    return Client(settings.AIDES_TERRITOIRES["url"], settings.AIDES_TERRITOIRES["key"], **given)
