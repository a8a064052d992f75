"""What follows the end of a project, or of an account."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.accounts.events import account_closed
from preau.accounts.models import User
from preau.projects.actions import asking, reviewing
from preau.projects.enums import ProjectState
from preau.projects.events import project_moved
from preau.projects.models import Project
from preau.projects.personal_data import forget


@receiver(project_moved, dispatch_uid="projects.impact")
def ask_what_came_of_it(sender: Any, project: Project, **more: Any) -> None:
    """Closed, from whatever page: its review is asked for, and an opinion on its programmes."""
    if project.state == ProjectState.CLOSED:
        reviewing.ask_once_closed(project)
        asking.ask_of_programmes(project)


@receiver(account_closed, dispatch_uid="projects.personal_data")
def forget_person(sender: Any, *, user: User, **more: Any) -> None:
    """What named whoever closes their account is emptied."""
    forget(user)
