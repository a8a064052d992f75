"""What stories bring to pages of other rooms and to the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.core import navigation
from preau.core.cards import Card, Panel
from preau.core.formats import count
from preau.core.navigation import Link
from preau.core.registries import (
    dashboard_cards,
    personal_data_sources,
    project_panels,
    public_place_panels,
    sheet_merges,
    sheet_panels,
)
from preau.directory.models import Sheet
from preau.places.models import Place
from preau.projects.models import Project

if TYPE_CHECKING:
    from preau.initiatives.models import Story

#: Stories of a panel.
MOST = 4


def register() -> None:
    """Called once, when the room is ready."""
    from preau.initiatives.queries.stories import personal_data
    from preau.initiatives.topics import stories as topics  # noqa: F401

    navigation.register(
        Link(
            "Récits",
            "initiatives:story_list",
            order=43,
            menu=False,
            hub="proposer",
            text="Ce qui s’est fait dans des lieux partagés et grâce à des projets, raconté par"
            " celles et ceux qui l’ont fait.",
        )
    )
    navigation.register(
        Link(
            "Mes récits",
            "initiatives:story_mine",
            order=44,
            menu=False,
            visible=navigation.signed_in,
        )
    )
    public_place_panels.register("initiatives.stories", _of_place, order=60)
    sheet_panels.register("initiatives.stories", _of_sheet, order=60)
    project_panels.register("initiatives.stories", _of_project, order=105)
    sheet_merges.register("initiatives.stories", _follow_sheet)
    dashboard_cards.register("initiatives.stories", _signalled, order=66)
    personal_data_sources.register("initiatives.stories", personal_data, order=47)


def _of_place(request: HttpRequest, place: Place) -> Panel | None:
    """One statement for a visitor; the way to write one for who answers for the place."""
    from preau.initiatives.queries.stories import of_place

    may_write = allowed(actor_of(request), "story.write", place)
    sheet = Sheet.objects.filter(place=place).only("key").first() if may_write else None
    return _panel(list(of_place(place)[:MOST]), sheet)


def _of_sheet(request: HttpRequest, sheet: Sheet) -> Panel | None:
    from preau.initiatives.queries.stories import of_sheet

    may_write = allowed(actor_of(request), "story.write", sheet)
    return _panel(list(of_sheet(sheet)[:MOST]), sheet if may_write else None)


def _follow_sheet(kept: Sheet, gone: Sheet) -> None:
    """What was told of a place stays told of it, under its one sheet."""
    from preau.initiatives.models import Story

    Story.objects.filter(sheet=gone).update(sheet=kept)


def _panel(stories: list[Story], written_by: Sheet | None) -> Panel | None:
    if not stories and written_by is None:
        return None
    url = reverse("initiatives:story_create_of_place", args=[written_by.key]) if written_by else ""
    context = {"stories": stories, "create_url": url}
    return Panel("Ce qui s’y est fait", "initiatives/story_panel.html", context)


def _of_project(request: HttpRequest, project: Project) -> Panel | None:
    from preau.initiatives.queries.stories import of_project

    stories = list(of_project(project)[:MOST])
    may_write = allowed(actor_of(request), "story.write", project)
    if not stories and not may_write:
        return None
    url = reverse("initiatives:story_create_of_project", args=[project.key]) if may_write else ""
    context = {"stories": stories, "create_url": url, "may_write": may_write}
    return Panel("Récits", "initiatives/story_project_panel.html", context, not stories)


def _signalled(request: HttpRequest) -> Card | None:
    """For the operator: what a reader signals."""
    from preau.initiatives.queries import stories

    waiting = stories.signalled().count() if actor_of(request).is_operator else 0
    if not waiting:
        return None
    return Card(
        f"{count(waiting, 'récit')} à relire",
        reverse("initiatives:story_mine"),
        "Signalé par un lecteur.",
        ("waiting", "À relire"),
    )
