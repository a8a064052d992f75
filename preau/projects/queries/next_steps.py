"""« Et maintenant »: what comes next, who must act, before when; and what the reader may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.accounts.perms import MATRIX, roles_of
from preau.core import clock
from preau.core.formats import day, hour, local
from preau.projects import answering
from preau.projects.enums import AssignmentState, ProjectState
from preau.projects.models import Assignment, Project
from preau.projects.queries.why import until_of

S = ProjectState


@dataclass(frozen=True, slots=True)
class Next:
    """Attributes:
    who: must act; what: in a sentence; until: before when; is_late: that is past.
    replacement: who answers today in the place of the person in charge.
    """

    who: str
    what: str
    until: str = ""
    is_late: bool = False
    replacement: User | None = None


def next_of(project: Project, *, state_side: bool) -> Next:
    """The same facts for both sides, in their words."""
    until = until_of(project)
    late = until is not None and until <= clock.now()
    who, what = _words(project, state_side=state_side)
    return Next(
        who=who,
        what=what,
        until=_moment(project, until),
        is_late=late,
        replacement=answering.replacement_of(project) if project.is_live else None,
    )


def _moment(project: Project, at: datetime | None) -> str:
    if at is None:
        return ""
    wall = local(at, project.zone)
    return f"{day(wall.date())} à {hour(wall)}" if wall.minute == 0 else day(wall.date())


#: What is going on, to the State's side and to the holder.
_DOING = {
    S.DEPOSITED: (
        "doit prendre le projet en compte : le porteur saura qui l’appelle.",
        "prend connaissance de votre projet. Vous serez prévenu par courriel.",
    ),
    S.ACKNOWLEDGED: (
        "étudie le projet avec le porteur, puis le qualifie ou le réoriente.",
        "étudie votre projet et vous recontacte.",
    ),
    S.QUALIFIED: (
        "prépare l’accompagnement : recommandations, services à associer.",
        "prépare les recommandations qui vous seront envoyées.",
    ),
    S.ACCOMPANIED: (
        "suit les actions, les blocages et les réponses aux recommandations.",
        "vous accompagne. Vos actions et les recommandations à lire sont plus bas.",
    ),
}


def _words(project: Project, *, state_side: bool) -> tuple[str, str]:
    state = S(project.state)
    if state not in _DOING:
        return "", _ended(project, state)
    person, service = str(project.in_charge or ""), str(project.service_in_charge or "")
    ours, theirs = _DOING[state]
    return f"{person} ({service})", ours if state_side else theirs


def _ended(project: Project, state: ProjectState) -> str:
    if state == S.REFUSED:
        return f"Ce projet n’est pas retenu. Motif : {project.end_reason}"
    if state == S.REDIRECTED:
        return f"Réorienté vers : {project.redirected_to}. Motif : {project.end_reason}"
    return "L’accompagnement de ce projet est terminé."


# --- What the reader may do


@dataclass(frozen=True, slots=True)
class Verb:
    """A button: a link to a page that asks, or (`posts`) the act itself."""

    label: str
    url: str
    kind: str = "secondary"
    posts: bool = False


def verbs(project: Project, actor: Actor) -> list[Verb]:
    """The main one first; none for whoever may not write."""
    roles = roles_of(actor, project.permission_scope)
    state = S(project.state)
    found: list[Verb] = []

    def add(action: str, label: str, name: str, *, kind: str = "secondary") -> None:
        if MATRIX[action] & roles:
            url = reverse(f"projects:{name}", args=[project.key])
            found.append(Verb(label, url, kind, posts=name == "acknowledge"))

    if state == S.DEPOSITED:
        add("project.triage", "Prendre en compte", "acknowledge", kind="primary")
    elif state == S.ACKNOWLEDGED:
        add("project.move", "Qualifier le projet", "qualify", kind="primary")
    elif state == S.QUALIFIED:
        add("project.move", "Commencer l’accompagnement", "accompany", kind="primary")
    elif state in {S.REFUSED, S.REDIRECTED}:
        add("project.edit", "Déposer de nouveau", "come_back")
    elif state == S.CLOSED:
        add("project.move", "Reprendre le projet", "accompany")
    if project.is_live:
        add("project.triage", "Trier et affecter", "triage")
    return found


def waiting_for(project: Project, actor: Actor) -> list[Assignment]:
    """Assignments of this project that the reader may answer."""
    if actor.user_id is None:
        return []
    found = Assignment.objects.filter(project=project, state=AssignmentState.PROPOSED)
    return [
        one
        for one in found.select_related("service__organization", "created_by")
        if one.user_id == actor.user_id
        or (one.user_id is None and one.service.organization_id == actor.organization_id)
    ]


def assignments_of(project: Project) -> QuerySet[Assignment]:
    """All of them, those that stand first."""
    return project.assignments.select_related(
        "service__organization", "user", "created_by"
    ).order_by("ended_at", "-state", "pk")
