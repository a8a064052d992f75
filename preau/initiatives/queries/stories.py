"""Published stories, and those of a place or of a project. Keyset pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.models import User
from preau.core import keyset
from preau.directory.models import Sheet
from preau.initiatives.enums.stories import StoryState
from preau.initiatives.models import Story, StoryPhoto
from preau.places.models import Place
from preau.projects.models import Project
from preau.territories.models import Commune

PAGE = 18


@dataclass(frozen=True, slots=True)
class Page:
    stories: list[Story] = field(default_factory=list)
    next: str = ""


def published() -> QuerySet[Story]:
    """With its pictures; of a project, nothing of its sheet is read."""
    pictures = Prefetch("photos", StoryPhoto.objects.select_related("file", "thumbnail"))
    rows = Story.objects.filter(state=StoryState.PUBLISHED).select_related("commune", "sheet")
    return rows.prefetch_related(pictures).order_by("-published_at", "-pk")


def page(*, commune: Commune | None = None, after: str = "") -> Page:
    found = published()
    if commune is not None:
        found = found.filter(commune__departement=commune.departement_id)
    return Page(*keyset.some(found, by="published_at", after=after, number=PAGE))


def of_sheet(sheet: Sheet) -> QuerySet[Story]:
    return published().filter(sheet=sheet)


def of_place(place: Place) -> QuerySet[Story]:
    return published().filter(sheet__place=place)


def of_project(project: Project) -> QuerySet[Story]:
    """In every state: those who read the sheet see what is being written."""
    return project.stories.order_by("-pk")


def writable(actor: Actor) -> QuerySet[Story]:
    """Of the places that the hat worn answers for, and those the person began."""
    if actor.user is None:
        return Story.objects.none()
    mine = Q(created_by=actor.user)
    membership = actor.membership
    if membership and membership.role in {MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR}:
        mine |= Q(sheet__manager=actor.organization_id)
    return Story.objects.filter(mine).select_related("commune").order_by("-updated_at", "-pk")


def signalled() -> QuerySet[Story]:
    """For the operator: published, and signalled by a reader."""
    rows = Story.objects.filter(state=StoryState.PUBLISHED, signals__closed_at=None)
    return rows.filter(signals__isnull=False).select_related("commune").distinct().order_by("pk")


def personal_data(user: User) -> dict[str, Any]:
    began = Story.objects.filter(created_by=user).order_by("pk")
    sent = StoryPhoto.objects.filter(added_by=user).select_related("story").order_by("pk")
    return {
        "récits commencés": [
            {"titre": one.title, "signé": one.authors, "état": one.get_state_display()}
            for one in began
        ],
        "photos de récits": [
            {"récit": one.story.title, "description": one.alternative_text, "crédit": one.credit}
            for one in sent
        ],
    }
