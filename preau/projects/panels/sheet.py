"""The sections of the sheet that this part gives: a short list, and the way to the whole."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.core.cards import Card, Panel
from preau.core.formats import count
from preau.core.registries import audience_names, dashboard_cards, project_panels
from preau.projects import perms
from preau.projects.models import Project
from preau.projects.queries import assessments, files, past, people, steps, threads

MOST_STEPS = 5
MOST_PEOPLE = 12
MOST_THREADS = 5
MOST_FILES = 6
MOST_LINES = 8


def _context(request: HttpRequest, project: Project, **more: Any) -> dict[str, Any]:
    may_write = perms.may_work(actor_of(request), "project.contribute", project)
    return {"request": request, "project": project, "may_write": may_write, **more}


def steps_panel(request: HttpRequest, project: Project) -> Panel:
    to_do = [line for line in steps.lines_of(project) if line.is_open]
    context = _context(
        request, project, lines=to_do[:MOST_STEPS], more=max(0, len(to_do) - MOST_STEPS)
    )
    return Panel("Actions", "projects/panel_steps.html", context)


def threads_panel(request: HttpRequest, project: Project) -> Panel:
    live = threads.listed(actor_of(request), project).filter(closed_at=None)
    found = list(live[:MOST_THREADS])
    may_write = allowed(actor_of(request), "project.contribute", project)  # over or not
    context = _context(request, project, threads=found, zone=project.time_zone, may_write=may_write)
    return Panel("Conversations", "projects/panel_threads.html", context)


def files_panel(request: HttpRequest, project: Project) -> Panel:
    found = list(files.visible_to(actor_of(request), project)[:100])
    context = _context(
        request, project, files=found[:MOST_FILES], more=max(0, len(found) - MOST_FILES)
    )
    return Panel("Fichiers", "projects/panel_files.html", context, not found)


def assessments_panel(request: HttpRequest, project: Project) -> Panel:
    """The last edition of each questionnaire."""
    last: dict[int, assessments.Progress] = {}
    for one in assessments.progress_of(project):
        last.setdefault(one.assessment.version.questionnaire_id, one)
    context = _context(request, project, rows=list(last.values()))
    return Panel("État des lieux", "projects/panel_assessments.html", context, not last)


def people_panel(request: HttpRequest, project: Project) -> Panel:
    found = people.people_of(project)[:MOST_PEOPLE]
    may_invite = perms.may_work(actor_of(request), "project.invite", project)
    context = _context(request, project, people=found, may_invite=may_invite)
    return Panel("Personnes", "projects/panel_people.html", context)


def past_panel(request: HttpRequest, project: Project) -> Panel:
    page = past.page_of(past.events_for(actor_of(request), project), None, MOST_LINES)
    context = _context(request, project, lines=page.lines, zone=project.time_zone)
    return Panel("Historique", "projects/panel_past.html", context)


def my_steps(request: HttpRequest) -> Card | None:
    """What the person has to do in their projects, the late first."""
    actor = actor_of(request)
    lines = steps.steps_of(actor) if actor.user is not None else []
    if not lines:
        return None
    late = sum(line.is_late for line in lines)
    first = lines[0].step
    return Card(
        f"{count(len(lines), 'action')} à faire dans vos projets",
        reverse("projects:my_steps"),
        f"La première : {first.title} ({first.project.name}).",
        ("error", f"{late} en retard") if late else None,
    )


def register() -> None:
    project_panels.register("projects.steps", steps_panel, order=40)
    project_panels.register("projects.threads", threads_panel, order=50)
    project_panels.register("projects.files", files_panel, order=60)
    project_panels.register("projects.assessments", assessments_panel, order=70)
    project_panels.register("projects.people", people_panel, order=80)
    project_panels.register("projects.past", past_panel, order=110)
    audience_names.register("projects", files.audience_names)
    dashboard_cards.register("projects.steps", my_steps, order=28)
