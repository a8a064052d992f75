"""Health of the service: the index, the hours, the tasks, the e-mails."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import preau.portal.service.perms  # noqa: F401  (declares the matrix)
from preau.accounts.perms import permission
from preau.availability.queries.health import index_health
from preau.notifications import queries as notifications
from preau.portal.service.tasks_health import tasks_health


@permission("service.read")
@require_safe
def service(request: HttpRequest) -> HttpResponse:
    context = {
        "index": index_health(),
        "tasks": tasks_health(),
        "emails": notifications.failed().count(),
        "retried": notifications.being_retried().count(),
    }
    return render(request, "portal/service.html", context)
