"""A project arrives: who answers for it, until when, and whom it is told."""

from __future__ import annotations

from datetime import timedelta

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.projects.enums import EventKind, ProjectRole
from preau.projects.history import note
from preau.projects.models import Assignment, Project, StatePair


def charge(project: Project) -> StatePair:
    """Put the project in the hands of its département's pair (not saved).

    Raises:
        Refusal: the département has no pair yet ("no_pair").
    """
    pair = (
        StatePair.objects.select_related("ddt", "prefecture")
        .filter(departement=project.departement_code)
        .first()
    )
    if pair is None:
        raise Refusal(
            "Les services de l’État de ce département ne sont pas encore sur Préau. Votre"
            " brouillon est gardé : vous serez prévenu dès qu’ils le seront.",
            code="no_pair",
        )
    project.service_in_charge = pair.ddt
    project.in_charge = pair.ddt.referent
    project.acknowledge_by = clock.now() + timedelta(days=pair.acknowledge_days)
    return pair


def receive(project: Project, pair: StatePair, *, actor: Actor) -> None:
    """Set both services to it, in the transaction of the deposit."""
    for service, role in ((pair.ddt, ProjectRole.PILOT), (pair.prefecture, ProjectRole.SUPPORT)):
        made = Assignment.objects.create(project=project, service=service, role=role)
        note(
            project,
            EventKind.ASSIGNMENT,
            actor=actor,
            subject=made,
            about=str(service),
            change=("", role),
        )
