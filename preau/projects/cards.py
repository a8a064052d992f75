"""The menu's lines and the home page's card of those who file projects."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import ANONYMOUS, Actor, actor_of
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.core import navigation
from preau.core.cards import Card
from preau.core.formats import count
from preau.core.navigation import Link
from preau.core.registries import dashboard_cards
from preau.projects.filers import Filer
from preau.projects.queries.drafts import under_way


def _operator(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)  # an error page may have none
    return bool(actor and actor.is_operator)


def _files(request: HttpRequest) -> bool:
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
    Link("Mes projets", "projects:mine", order=25, visible=_files),
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


def _resume(key: object) -> str:
    return reverse("projects:draft_resume", args=[key])


def register() -> None:
    for link in LINKS:
        navigation.register(link)
    dashboard_cards.register("projects.drafts", to_finish, order=30)
