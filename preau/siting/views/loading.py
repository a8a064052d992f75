"""From an address to what it is about, and who may go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from preau.accounts.actors import actor_of
from preau.accounts.perms import Denied, Scope, login_redirect
from preau.accounts.steering import may_steer
from preau.core.errors import Forbidden
from preau.siting.enums import Visibility
from preau.siting.models import Scenario, SitingStudy, WatchItem
from preau.siting.perms import NOT_SHARED, SHARED_WITH, may_read

View = Callable[..., HttpResponse]


def load_study(study_key: UUID) -> SitingStudy:
    study = SitingStudy.objects.select_related("organization").filter(key=study_key).first()
    if study is None:
        raise Http404
    return study


def load_scenario(scenario_key: UUID) -> Scenario:
    found = Scenario.objects.select_related("study__organization", "travel_times")
    scenario = found.defer("travel_times__content").filter(key=scenario_key).first()
    if scenario is None:
        raise Http404
    return scenario


@dataclass(frozen=True, slots=True)
class Gap:
    """A commune of a scenario."""

    scenario: Scenario
    code: str

    @property
    def permission_scope(self) -> Scope:
        return self.scenario.permission_scope


def load_gap(scenario_key: UUID, gap_code: str) -> Gap:
    scenario = load_scenario(scenario_key)
    if not scenario.is_ready:
        raise Http404
    return Gap(scenario, gap_code)


def load_watch(watch_key: UUID) -> WatchItem:
    found = WatchItem.objects.select_related("organization", "owner", "project", "sheet")
    item = found.filter(key=watch_key).first()
    if item is None:
        raise Http404
    return item


def for_steerers(view: View) -> View:
    """Under another hat, a page that says whose this is."""

    @wraps(view)
    def guarded(request: HttpRequest, *subject: object) -> HttpResponse:
        if not may_steer(actor_of(request)):
            return render(request, "siting/nobody.html")
        return view(request, *subject)

    return guarded


def for_readers(view: View) -> View:
    """The study's organisation, whoever it is shared with, everybody when it is public."""

    @wraps(view)
    def guarded(request: HttpRequest, subject: SitingStudy | Scenario) -> HttpResponse:
        study = subject.study if isinstance(subject, Scenario) else subject
        actor = actor_of(request)
        if not may_read(actor, study):
            shared = study.visibility == Visibility.SHARED
            if actor.user is not None:
                denied = Denied("study.see", study, opens=lambda hat: may_read(hat, study))
                raise denied from Forbidden(SHARED_WITH if shared else NOT_SHARED)
            if shared:
                messages.info(request, f"{SHARED_WITH} Connectez-vous pour la lire.")
            return login_redirect(request)
        return view(request, subject)

    return guarded
