"""Pages that write in a project: closed to whoever comes once the project is over."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from preau.core.errors import Refusal
from preau.projects.actions.states import require_open
from preau.projects.models import Project

View = Callable[[HttpRequest, Any], HttpResponse]


def while_it_goes_on(view: View) -> View:
    """Under `permission`: its subject is a project, or hangs on one.

    What is sent goes to the verb, which refuses with the same sentence: a form keeps what was
    typed; a button leads back to the sheet.
    """

    @wraps(view)
    def guarded(request: HttpRequest, subject: Any) -> HttpResponse:
        project = subject if isinstance(subject, Project) else subject.project
        try:
            if request.method != "POST":
                require_open(project)
            return view(request, subject)
        except Refusal as refusal:
            if refusal.code != "over":
                raise
            messages.error(request, refusal.sentence)
            return redirect("projects:sheet", project.key)

    return guarded
