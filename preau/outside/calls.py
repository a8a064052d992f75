"""The circuit breaker: a service that fails is left alone for a while, then tried by one caller.

After the pattern of M. Nygard, « Release It! » (2nd ed., 2018, § 5.2), its state kept in the
database: every process and worker knows at once what one has learnt.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from preau.core import clock
from preau.integrations.http import Rejected, Throttled, Unauthorized, Unavailable
from preau.outside.enums import Trouble
from preau.outside.models import ServiceFailure, ServiceState
from preau.outside.registry import service as known

#: Failures in a row after which nobody asks for a while.
FAILURES_TO_PAUSE = 4
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
#: How long the one who tries again may take before another does.
TRIAL = timedelta(minutes=1)
#: A success is noted again after that long: calls that go well write next to nothing.
NOTED_EVERY = timedelta(minutes=1)


class NotAsked(Unavailable):
    """It failed lately: it was not asked. `retry_after` says in how many seconds it will be."""


@contextmanager
def calling(service: str, account: str = "") -> Iterator[None]:
    """Around one exchange with an outside service: is it worth asking, and how did it go.

    An exchange that the service understood (also when it says no: `Rejected`) is a success; a
    fault of ours tells nothing of the service: who came to try it lets the next one try.

    Args:
        service: the key it is registered under.
        account: whose account there, where each organisation has its own.

    Raises:
        NotAsked: it is paused.
        RuntimeError: inside a transaction, where no remote call is made.
    """
    state, trial_until = _admitted(known(service).key, account)
    try:
        yield
    except Unavailable as error:
        _failed(state, error)
        raise
    except Rejected:
        _answered(state)
        raise
    except BaseException:
        if trial_until is not None:
            mine = ServiceState.objects.filter(pk=state.pk, paused_until=trial_until)
            mine.update(paused_until=clock.now())
        raise
    _answered(state)


def try_now(service: str, account: str = "") -> bool:
    """Let the next caller try, whatever pause is left; False when nothing was paused."""
    paused = ServiceState.objects.filter(
        service=service, account=account, paused_until__gt=clock.now()
    )
    return paused.update(paused_until=clock.now()) > 0


def _admitted(service: str, account: str) -> tuple[ServiceState, datetime | None]:
    """The state; until when it is ours alone to try, None where anybody may ask."""
    with transaction.atomic(durable=True):
        state, _ = ServiceState.objects.get_or_create(service=service, account=account)
        now = clock.now()
        if state.paused_until is None:
            return state, None
        free = ServiceState.objects.filter(pk=state.pk, paused_until__lte=now)
        if free.update(paused_until=now + TRIAL):
            return state, now + TRIAL
    left = (state.paused_until - now).total_seconds()
    raise NotAsked("paused after failures", retry_after=max(left, 1.0))


def _answered(state: ServiceState) -> None:
    now = clock.now()
    stale = Q(failures__gt=0) | Q(last_success_at=None) | Q(last_success_at__lt=now - NOTED_EVERY)
    ServiceState.objects.filter(stale, pk=state.pk).update(
        failures=0, paused_until=None, last_success_at=now
    )


def _failed(state: ServiceState, error: Unavailable) -> None:
    now = clock.now()
    with transaction.atomic():
        found = ServiceState.objects.filter(pk=state.pk)
        found.update(failures=F("failures") + 1, last_failure_at=now)
        ServiceFailure.objects.create(
            state=state, trouble=_trouble(error), what=str(error)[:120], at=now
        )
        pause = _pause(error, found.values_list("failures", flat=True).get())
        if pause is not None:
            until = now + pause
            found.update(paused_until=Greatest(F("paused_until"), until))


def _trouble(error: Unavailable) -> Trouble:
    if isinstance(error, Throttled):
        return Trouble.THROTTLED
    return Trouble.UNAUTHORIZED if isinstance(error, Unauthorized) else Trouble.DOWN


def _pause(error: Unavailable, failures: int) -> timedelta | None:
    """How long to leave it alone: what it asked, at once; else longer at each failure."""
    longest = LONGEST_PAUSE.total_seconds()
    if error.retry_after is not None:
        return timedelta(seconds=min(max(error.retry_after, 1.0), longest))
    is_certain = isinstance(error, Throttled | Unauthorized)
    extra = failures - (1 if is_certain else FAILURES_TO_PAUSE)
    if extra < 0:
        return None
    return timedelta(seconds=min(FIRST_PAUSE.total_seconds() * 2.0 ** min(extra, 10), longest))
