"""The menu's lines and the home page's card of those who file projects."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import ANONYMOUS, Actor, actor_of
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.core import navigation
from preau.core.cards import Card
from preau.core.formats import count, day, local
from preau.core.navigation import Link
from preau.core.registries import dashboard_cards
from preau.projects.filers import Filer
from preau.projects.queries import waiting_holder
from preau.projects.queries.drafts import under_way


def _operator(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)  # an error page may have none
    return bool(actor and actor.is_operator)


def has_projects(request: HttpRequest) -> bool:
    """Who may have projects: neither a caretaker nor a service of the State under that hat."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    membership = actor.membership
    if membership is None:
        return actor.user is not None
    if membership.role == MembershipRole.CARETAKER:
        return False
    return membership.organization.kind != OrganizationKind.STATE_SERVICE


LINKS = (
    Link(
        "Déposer un projet",
        "projects:start",
        order=10,
        menu=False,
        hub="proposer",
        text="Dites ce que vous voulez faire, où et pourquoi : l’État vous répond.",
    ),
    Link("Mes projets", "projects:mine", order=25, visible=has_projects),
    Link(
        "Programmes et questionnaires",
        "projects:programmes",
        order=90,
        visible=_operator,
        menu=False,
    ),
)


def to_finish(request: HttpRequest) -> Card | None:
    """Drafts under way, under the present hat."""
    drafts = under_way(Filer(actor_of(request)))
    if not drafts:
        return None
    words = count(len(drafts), "projet à terminer", "projets à terminer")
    first = f"« {drafts[0]} » attend d’être déposé." if len(drafts) == 1 else ""
    text = first or "Ils attendent d’être déposés."
    url = reverse("projects:mine") if len(drafts) > 1 else _resume(drafts[0].key)
    return Card(words, url, text)


def to_reply(request: HttpRequest) -> Card | None:
    """Advice that waits for the holder's answer."""
    actor = _holder(request)
    number, first = waiting_holder.unanswered(actor) if actor is not None else (0, None)
    if first is None:
        return None
    one = first.project
    where = f"projects:{'recommendation' if number == 1 else 'recommendations'}"
    url = reverse(where, args=[one.key, first.pk] if number == 1 else [one.key])
    return Card(
        f"{count(number, 'recommandation')} à lire ou à répondre",
        url,
        f"« {first.title} », pour « {one.name} »." if number == 1 else f"Pour « {one.name} ».",
        ("warning", "À faire"),
    )


def held_back(request: HttpRequest) -> Card | None:
    """What blocks the projects of the hat worn."""
    actor = _holder(request)
    projects = waiting_holder.held_back(actor) if actor is not None else []
    if not projects:
        return None
    first = projects[0]
    if len(projects) > 1:
        return Card(
            f"{len(projects)} de vos projets sont bloqués",
            reverse("projects:mine"),
            "Dites où vous en êtes, ou ce qui a changé.",
            ("error", "Bloqués"),
        )
    url = reverse("projects:blockages", args=[first.key])
    text = "Dites où vous en êtes, ou ce qui a changé."
    return Card(f"« {first.name} » est bloqué", url, text, ("error", "Bloqué"))


def awaited(request: HttpRequest) -> Card | None:
    """Filed, not acknowledged yet: who answers, and before when."""
    actor = _holder(request)
    projects = waiting_holder.awaited(actor) if actor is not None else []
    if not projects:
        return None
    first = projects[0]
    if len(projects) > 1:
        words = f"{len(projects)} projets attendent une réponse de l’État"
        return Card(words, reverse("projects:mine"), f"Le plus ancien : « {first.name} ».")
    url = reverse("projects:sheet", args=[first.key])
    until = first.acknowledge_by
    before = f" avant le {day(local(until, first.zone).date())}" if until else ""
    text = f"Réponse attendue{before} : {first.service_in_charge}."
    return Card(f"« {first.name} » est déposé", url, text)


def _holder(request: HttpRequest) -> Actor | None:
    actor = actor_of(request)
    return actor if actor.user is not None and has_projects(request) else None


def _resume(key: object) -> str:
    return reverse("projects:draft_resume", args=[key])


def register() -> None:
    for link in LINKS:
        navigation.register(link)
    dashboard_cards.register("projects.replies", to_reply, order=26)
    dashboard_cards.register("projects.blocked", held_back, order=27)
    dashboard_cards.register("projects.drafts", to_finish, order=30)
    dashboard_cards.register("projects.awaited", awaited, order=31)
