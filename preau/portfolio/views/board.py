"""The board, and moving a project on it: the same move as on its sheet, with the same rules."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

import preau.portfolio.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.portfolio.moving import MoveForm
from preau.portfolio.queries import board as boards
from preau.portfolio.views.asked import Asked
from preau.projects.actions import states
from preau.projects.enums import ENDED, TRANSITIONS, WITH_REASON, ProjectState
from preau.projects.loading import load_project
from preau.projects.models import Project
from preau.projects.queries.blockages import STANDS, standing_of


@permission("portfolio.see")
def board(request: HttpRequest) -> HttpResponse:
    asked = Asked(request)
    columns = boards.columns(asked.filters, asked.actor)
    query = asked.form.query()
    others = {name: one for name, one in asked.form.params().items() if name != "etat"}
    context = asked.context("board") | {
        "columns": [
            (
                column,
                [(line, choices(line.project, asked.actor)) for line in column.lines],
                asked.form.address("projects", others, etat=column.state),
            )
            for column in columns
        ],
        "back": query,
        "empty": not any(column.lines for column in columns),
    }
    return render(request, "portfolio/board.html", context)


def choices(project: Project, actor: Actor) -> list[tuple[str, str]]:
    """Where the actor may move it from the board; `standing.foresee` has made this cheap."""
    state = ProjectState(project.state)
    if state == ProjectState.DRAFT:
        return []
    return [
        (to.value, to.label + ("…" if needs_reason(state, to) else ""))
        for to in ProjectState
        if to in TRANSITIONS[state] and allowed(actor, states.action_for(project, to), project)
    ]


def ends_blockages(project: Project, to: ProjectState) -> bool:
    """Whether something that stands would end with the project: it is shown first."""
    return to in ENDED and project.blockages.filter(STANDS).exists()


def needs_reason(state: ProjectState, to: ProjectState) -> bool:
    return to in WITH_REASON or state in ENDED


@permission("portfolio.move", load=load_project)
def move(request: HttpRequest, project: Project) -> HttpResponse:
    """Move at once, or ask for what the move needs first: the reason that the holder reads."""
    actor = actor_of(request)
    form = MoveForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        messages.error(request, "Choisissez l’état vers lequel déplacer le projet.")
        return redirect(_board(form))
    data = form.cleaned_data
    to = ProjectState(data["vers"])
    asks = needs_reason(ProjectState(data["vu"]), to) or ends_blockages(project, to)
    if request.method != "POST" or (asks and "motif" not in request.POST):
        return _ask(request, project, form, to)
    try:
        states.move(
            project,
            to,
            actor=actor,
            reason=data["motif"],
            redirected_to=data["vers_qui"],
            seen_state=data["vu"],
        )
    except Refusal as refusal:
        if refusal.code in {"reason", "redirected_to"}:
            form.refuse_here(refusal)
            return _ask(request, project, form, to)
        messages.error(request, str(refusal))
        return redirect(_board(form))
    messages.success(request, f"« {project} » est maintenant « {to.label} ».")
    return redirect(_board(form) + f"#{to.value}")


def _ask(request: HttpRequest, project: Project, form: MoveForm, to: ProjectState) -> HttpResponse:
    context: dict[str, Any] = {"project": project, "form": form.asking(to), "to": to}
    if to in ENDED:
        context["blockages"] = standing_of(project)
    return render(request, "portfolio/move.html", context | {"back": _board(form)})


def _board(form: MoveForm) -> str:
    query = form.query_kept()
    return reverse("portfolio:board") + (f"?{query}" if query else "")
