"""How each outside service is: what its accounts' last exchanges tell, in a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet

from preau.connectors.enums import BADGES, Verdict
from preau.core import clock
from preau.core.formats import count
from preau.outside import registry
from preau.outside.models import ServiceFailure, ServiceState
from preau.outside.registry import OutsideService

#: Failures shown of one account, and accounts shown of one service.
MOST_FAILURES = 20
MOST_ACCOUNTS = 200


@dataclass(frozen=True, slots=True)
class Health:
    """One service, all its accounts together.

    Attributes:
        accounts: how many were ever called for; `paused` of them are left alone now.
        paused_until: when the first of them is tried again.
        failure: the last one kept, None when none is.
        waiting: how many of our things wait for it; 0 when it is off.
    """

    service: OutsideService
    verdict: Verdict
    accounts: int = 0
    paused: int = 0
    paused_until: datetime | None = None
    last_success_at: datetime | None = None
    failure: ServiceFailure | None = None
    waiting: int = 0

    @property
    def badge(self) -> tuple[str, str]:
        kind, words = BADGES[self.verdict]
        if self.verdict is Verdict.PAUSED and self.accounts > 1:
            words = f"{count(self.paused, 'compte')} sur {self.accounts} en pause"
        return kind, words

    @property
    def can_be_asked(self) -> bool:
        """Else « Essayer » only ends the pause. A template that says `trial` would call it."""
        return self.service.trial is not None

    @property
    def may_try(self) -> bool:
        return self.verdict is not Verdict.OFF and (
            self.can_be_asked or self.verdict is Verdict.PAUSED
        )


@dataclass(frozen=True, slots=True)
class Account:
    """One account at a service."""

    state: ServiceState
    verdict: Verdict

    @property
    def badge(self) -> tuple[str, str]:
        return BADGES[self.verdict]


def everything() -> list[Health]:
    """Each registered service; two statements, and one for each queue that waits."""
    found = {one["service"]: one for one in _summed(ServiceState.objects.all())}
    last = {one.state.service: one for one in _last_failures()}
    return [_health(one, found.get(one.key), last.get(one.key)) for one in registry.registered()]


def of_service(service: OutsideService) -> Health:
    own = ServiceState.objects.filter(service=service.key)
    return _health(service, next(_summed(own), None), failures_of(service).first())


def accounts_of(service: OutsideService) -> list[Account]:
    """Those in trouble first."""
    rows = ServiceState.objects.filter(service=service.key).order_by(
        F("paused_until").desc(nulls_last=True), "-failures", "account"
    )
    return [Account(one, _of_state(one)) for one in rows[:MOST_ACCOUNTS]]


def failures_of(service: OutsideService) -> QuerySet[ServiceFailure]:
    """The newest first."""
    rows = ServiceFailure.objects.filter(state__service=service.key)
    return rows.select_related("state").order_by("-id")


def paused() -> list[str]:
    """Names of the services that are left alone now, for the operator's home page."""
    keys = set(
        ServiceState.objects.filter(paused_until__gt=clock.now())
        .order_by()
        .values_list("service", flat=True)
        .distinct()
    )
    return [one.name for one in registry.registered() if one.key in keys]


def _summed(states: QuerySet[ServiceState]) -> Iterator[Mapping[str, Any]]:
    now = clock.now()
    is_paused = Q(paused_until__gt=now)
    found: Iterator[Mapping[str, Any]] = (
        states.order_by()
        .values("service")
        .annotate(
            accounts=Count("id"),
            paused=Count("id", filter=is_paused),
            to_try=Count("id", filter=Q(paused_until__lte=now)),
            failing=Count("id", filter=Q(failures__gt=0)),
            until=Min("paused_until", filter=is_paused),
            success=Max("last_success_at"),
        )
        .iterator()
    )
    return found


def _last_failures() -> QuerySet[ServiceFailure]:
    last = ServiceState.objects.order_by().values("service").annotate(last=Max("troubles"))
    return ServiceFailure.objects.filter(pk__in=last.values("last")).select_related("state")


def _health(
    service: OutsideService, summed: Mapping[str, Any] | None, failure: ServiceFailure | None
) -> Health:
    is_on = service.is_configured()
    if summed is None:
        verdict = Verdict.UNTRIED if is_on else Verdict.OFF
        return Health(service, verdict, waiting=service.waiting() if is_on else 0)
    return Health(
        service=service,
        verdict=_verdict(is_on, summed),
        accounts=summed["accounts"],
        paused=summed["paused"],
        paused_until=summed["until"],
        last_success_at=summed["success"],
        failure=failure,
        waiting=service.waiting() if is_on else 0,
    )


def _verdict(is_on: bool, summed: Mapping[str, Any]) -> Verdict:
    if not is_on:
        return Verdict.OFF
    for name, verdict in (
        ("paused", Verdict.PAUSED),
        ("to_try", Verdict.TO_TRY),
        ("failing", Verdict.FAILING),
        ("success", Verdict.WELL),
    ):
        if summed[name]:
            return verdict
    return Verdict.UNTRIED


def _of_state(state: ServiceState) -> Verdict:
    now = clock.now()
    return _verdict(
        True,
        {
            "paused": state.paused_until and state.paused_until > now,
            "to_try": state.paused_until,
            "failing": state.failures,
            "success": state.last_success_at,
        },
    )
