"""What is told about stories, and to whom."""

from __future__ import annotations

from django.urls import reverse

from preau.accounts.audiences import DECIDERS
from preau.accounts.models import User
from preau.initiatives.models import Signal, Story
from preau.initiatives.topics.stories import SIGNALLED, STORIES
from preau.notifications.actions import notify
from preau.projects.recipients import holder_side


def page_of(story: Story) -> str:
    return reverse("initiatives:story_manage", args=[story.key])


def authors(story: Story) -> list[User]:
    """Who answers for the place, or carries the project; and whoever wrote it."""
    if story.project is not None:
        return holder_side(story.project)
    assert story.sheet is not None
    if story.sheet.manager_id is None:
        return [story.created_by] if story.created_by else []
    return list(
        User.objects.filter(
            memberships__organization=story.sheet.manager_id,
            memberships__ended_at=None,
            memberships__role__in=DECIDERS,
            is_active=True,
        ).distinct()
    )


def tell_signal(row: Signal, story: Story) -> None:
    notify(
        User.objects.filter(is_operator=True, is_active=True),
        topic=SIGNALLED.key,
        title=f"Un récit est signalé : {story.title}",
        body=f"{row.get_reason_display()}. {row.message}".strip(),
        cause=f"initiatives.signal:{row.pk}",
        url=page_of(story),
    )


def tell_taken_off(story: Story) -> None:
    assert story.withdrawn_at is not None
    notify(
        authors(story),
        topic=STORIES.key,
        title=f"Votre récit est retiré : {story.title}",
        body=f"Motif : {story.withdrawal_reason} Vous pouvez le reprendre et le corriger.",
        cause=f"initiatives.story:{story.pk}:taken_off:{story.withdrawn_at.isoformat()}",
        url=page_of(story),
    )


def ask_again(story: Story) -> None:
    """Its authors have corrected what was taken off: one notice for each version of it."""
    notify(
        User.objects.filter(is_operator=True, is_active=True),
        topic=SIGNALLED.key,
        title=f"Un récit retiré est à relire : {story.title}",
        body=f"Il avait été retiré : {story.withdrawal_reason} Publiez-le s’il est corrigé.",
        cause=f"initiatives.story:{story.pk}:again:{story.updated_at.isoformat()}",
        url=page_of(story),
    )


def tell_back(story: Story) -> None:
    assert story.published_at is not None
    notify(
        authors(story),
        topic=STORIES.key,
        title=f"Votre récit est de nouveau publié : {story.title}",
        body="L’opérateur du site l’a relu.",
        cause=f"initiatives.story:{story.pk}:back:{story.published_at.isoformat()}",
        url=page_of(story),
    )
