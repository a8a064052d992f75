"""What the pair gives to other pages: « Et maintenant » on the sheet, cards of the home page."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse

from preau.accounts.actors import Actor, actor_of
from preau.core import clock, navigation
from preau.core.cards import Card, Panel
from preau.core.formats import count
from preau.core.navigation import Link
from preau.core.registries import dashboard_cards, project_panels
from preau.projects import standing
from preau.projects.enums import ProjectState
from preau.projects.models import Project
from preau.projects.queries import inbox, next_steps, waiting


def what_next(request: HttpRequest, project: Project) -> Panel | None:
    """What comes next, who must act, before when; with the buttons of the reader's own."""
    if project.is_draft:
        return None
    actor = actor_of(request)
    state_side = standing.sees_state_side(actor, project)
    context = {
        "request": request,
        "csrf_token": get_token(request),  # a panel is drawn apart from its page
        "project": project,
        "next": next_steps.next_of(project, state_side=state_side),
        "verbs": next_steps.verbs(project, actor),
        "waiting": next_steps.waiting_for(project, actor),
    }
    return Panel("Et maintenant", "projects/pair_panel.html", context)


def _of_service(request: HttpRequest) -> Actor | None:
    """The actor, when they wear the hat of a service of the State."""
    actor: Actor | None = getattr(request, "actor", None)
    return actor if actor is not None and standing.competence_of(actor) is not None else None


def to_acknowledge(request: HttpRequest) -> Card | None:
    actor = _of_service(request)
    if actor is None:
        return None
    new = inbox.in_hands(actor).filter(state=ProjectState.DEPOSITED)
    number = inbox.capped(new)
    if not number:
        return None
    late = inbox.capped(new.filter(acknowledge_by__lte=clock.now()))
    return Card(
        title=f"{count(number, 'projet')} à prendre en compte",
        href=reverse("projects:inbox"),
        text="Le porteur attend de savoir qui le rappelle.",
        badge=("error", f"{late} en retard") if late else ("new", "À faire"),
    )


def to_answer(request: HttpRequest) -> Card | None:
    actor = _of_service(request)
    number = inbox.capped(waiting.assignments(actor)) if actor is not None else 0
    if not number:
        return None
    return Card(
        title=f"{count(number, 'demande')} d’appui sur des projets",
        href=f"{reverse('projects:inbox')}?vue=affectations",
        text="Acceptez ou déclinez : la personne qui vous l’a demandé attend.",
        badge=("warning", "À faire"),
    )


INBOX = Link(
    "Projets à trier",
    "projects:inbox",
    order=32,
    visible=lambda request: _of_service(request) is not None,
)
SERVICES = Link(
    "Services de l’État",
    "projects:services",
    order=90,
    visible=lambda request: bool(getattr(request, "actor", None) and request.actor.is_operator),  # type: ignore[attr-defined]
    menu=False,
)
FOLLOW_UP = Link(
    "Suivi de mes projets par courriel",
    "projects:follow_up",
    order=91,
    visible=lambda request: bool(getattr(request, "user", None) and request.user.is_authenticated),
    menu=False,
)


def register() -> None:
    project_panels.register("next", what_next, order=10)
    dashboard_cards.register("projects.inbox", to_acknowledge, order=12)
    dashboard_cards.register("projects.assignments", to_answer, order=13)
    for link in (INBOX, SERVICES, FOLLOW_UP):
        navigation.register(link)
