"""When an organisation is merged into another: the names that its files gave to projects."""

from __future__ import annotations

from preau.accounts.models import Organization
from preau.portfolio.bringing.models import ProjectBatch
from preau.projects.models import ExternalRef


def system_of(organization_id: int | None) -> str:
    """Whose names the identifiers of a service's own files are."""
    return f"service:{organization_id or 0}"


def move_names(source: Organization, target: Organization) -> None:
    """A file sent again finds its projects. A name that both gave keeps meaning the other's."""
    old, new = system_of(source.pk), system_of(target.pk)
    taken = ExternalRef.objects.filter(system=new).values("external_id")
    ExternalRef.objects.filter(system=old).exclude(external_id__in=taken).update(system=new)
    ProjectBatch.objects.filter(system=old).update(system=new)
