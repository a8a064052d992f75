"""When an organisation is merged into another: projects that both are on."""

from __future__ import annotations

from preau.accounts.models import Organization
from preau.core import clock
from preau.core.errors import Refusal
from preau.projects.enums import ProjectRole
from preau.projects.models import ProjectMember, StateService

_STRENGTH = (ProjectRole.OBSERVER, ProjectRole.SUPPORT, ProjectRole.PILOT, ProjectRole.HOLDER)


def settle(source: Organization, target: Organization) -> None:
    """
    Raises:
        Refusal: both are services of the State, each with its own desk; or one is, and its
            members would be joined by people who are not agents.
    """
    services = StateService.objects.filter(organization__in=(source, target))
    if services.exists() and source.kind != target.kind:
        raise Refusal(
            "Un service de l’État ne se réunit qu’à une structure de même nature : ses membres"
            " lisent les projets de son territoire.",
            field="target",
            code="not_a_service",
        )
    if services.count() == 2:
        raise Refusal(
            f"« {source} » et « {target} » sont deux services de l’État, chacun avec ses projets :"
            " transférez d’abord les projets du premier, puis retirez-le.",
            field="target",
            code="two_services",
        )
    both = (source, target)
    # An explicit observer is nothing else: their own project would be closed to its holder.
    ProjectMember.objects.filter(
        organization__in=both,
        role=ProjectRole.OBSERVER,
        project__holder_organization__in=both,
        ended_at=None,
    ).update(ended_at=clock.now())
    live = ProjectMember.objects.select_for_update().filter(ended_at=None)
    there = {one.project_id: one for one in live.filter(organization=target)}
    for mine in live.filter(organization=source, project__in=there):
        twin = there[mine.project_id]
        strongest = max(ProjectRole(mine.role), ProjectRole(twin.role), key=_STRENGTH.index)
        if twin.role != strongest:
            twin.role = strongest
            twin.save(update_fields=["role"])
        mine.ended_at = clock.now()
        mine.save(update_fields=["ended_at"])
