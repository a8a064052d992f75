"""What follows when somebody says what blocks a project, or answers a recommendation."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from procrastinate.contrib.django import app

from preau.accounts.actors import Actor
from preau.projects.actions import blockages
from preau.projects.enums import ENDED
from preau.projects.events import blockage_opened, project_moved, recommendation_answered
from preau.projects.models import Blockage, Project, Recommendation, RecommendationAnswer
from preau.projects.telling import help as telling_help

TELL_BLOCKAGE = "projects.tell_blockage"


@receiver(project_moved, dispatch_uid="projects.help")
def end_blockages(
    sender: Any, *, project: Project, actor: Actor, passing: bool = False, **_: Any
) -> None:
    """However the project ended, nothing blocks it any more; handed to others, it goes on."""
    if project.state in ENDED and not passing:
        blockages.end_with(project, actor=actor)


@receiver(blockage_opened)
def tell_services(sender: Any, *, blockage: Blockage, **_: Any) -> None:
    """In a task: the letter holds the suggestions, which take a few searches."""
    app.configure_task(TELL_BLOCKAGE).defer(blockage_id=blockage.pk)


@receiver(recommendation_answered)
def tell_advisers(
    sender: Any,
    *,
    recommendation: Recommendation,
    answer: RecommendationAnswer,
    actor: Actor,
    **_: Any,
) -> None:
    telling_help.tell_answered(recommendation, answer, actor=actor)
