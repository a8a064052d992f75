"""Who fills in a draft: a browser before sign-in, a person after."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.http import HttpRequest

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import allowed
from preau.projects import perms
from preau.projects.models import Project

SESSION_KEY = "project_drafts"
#: Drafts that one browser may hold before signing in.
MOST = 10


@dataclass(frozen=True, slots=True)
class Filer:
    """The actor, and the keys of the drafts that this browser began or took up by link."""

    actor: Actor
    keys: frozenset[str] = frozenset()

    def holds_key(self, project: Project) -> bool:
        """Whether the draft is this browser's: nobody has signed in with it yet."""
        return bool(project.visitor_key) and project.visitor_key in self.keys

    def holds(self, project: Project) -> bool:
        return self.holds_key(project) or allowed(self.actor, "project.edit", project)

    def require(self, project: Project) -> None:
        """Stop whoever neither began this draft nor may edit it.

        Raises:
            Forbidden: with the sentence the person reads.
        """
        if not self.holds_key(project):
            perms.require(self.actor, "project.edit", project)


def filer_of(request: HttpRequest) -> Filer:
    kept = request.session.get(SESSION_KEY, [])
    return Filer(actor_of(request), frozenset(kept))


def new_key() -> str:
    return secrets.token_urlsafe(32)


def remember(request: HttpRequest, key: str) -> None:
    """Let this browser go on with a draft; the oldest of too many is forgotten (its link stays)."""
    kept = [one for one in request.session.get(SESSION_KEY, []) if one != key]
    request.session[SESSION_KEY] = [*kept, key][-MOST:]


def forget(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)
