"""From the addresses of stories to what they are about, or 404."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from preau.directory.models import Sheet
from preau.initiatives.models import Story, StoryPhoto
from preau.initiatives.queries import stories as queries
from preau.projects.loading.sheet import load_filed
from preau.projects.models import Project


def load_story(*, story_key: UUID) -> Story:
    """In any state, for its authors and the operator."""
    rows = Story.objects.select_related("sheet", "project", "commune")
    return get_object_or_404(rows, key=story_key)


def load_published(*, story_key: UUID) -> Story:
    story = queries.published().filter(key=story_key).first()
    if story is None:
        raise Http404("Ce récit n’est pas publié, ou ne l’est plus.")
    return story


def load_photo(*, story_photo_id: int) -> StoryPhoto:
    rows = StoryPhoto.objects.select_related("story__sheet", "story__project", "file", "thumbnail")
    return get_object_or_404(rows, pk=story_photo_id)


def load_sheet(*, story_sheet_key: UUID) -> Sheet:
    return get_object_or_404(Sheet.objects.select_related("commune"), key=story_sheet_key)


def load_project(*, story_project_key: UUID) -> Project:
    return load_filed(story_project_key)
