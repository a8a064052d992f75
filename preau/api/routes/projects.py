"""Projects: what the portfolio shows to the person behind the token, no more."""

from __future__ import annotations

from typing import Annotated, TypeVar
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import Field, StringConstraints

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.api.enums import Scope
from preau.api.routes.kit import read
from preau.api.routes.places import Code, Departement, lost_cursor
from preau.api.routes.shown import page_of
from preau.api.schemas.kit import Cursor
from preau.api.schemas.others import ProjectLine, ProjectOut, ProjectsPage
from preau.portfolio.filters import Filters
from preau.portfolio.queries import listing
from preau.portfolio.queries.listing import Line
from preau.projects.enums import ProjectState
from preau.projects.models import Project, ProjectCommune
from preau.territories.models import Commune
from preau.territories.models import Departement as DepartementRow

T = TypeVar("T")
router = Router(tags=["Projets"])
Words = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]


@read(
    router,
    "/projects",
    scope=Scope.PROJECTS,
    answer=ProjectsPage,
    summary="Les projets que la structure peut lire",
)
def list_projects(
    request: HttpRequest,
    words: Words = "",
    state: ProjectState | None = None,
    departement: Departement | None = None,
    commune: Code | None = None,
    blocked: bool = False,
    late: Annotated[bool, Field(description="En retard.")] = False,
    cursor: Cursor | None = None,
) -> ProjectsPage:
    """Comme le portefeuille du site, la dernière activité d’abord."""
    if cursor and listing.read_cursor(cursor) is None:
        raise lost_cursor()
    actor = actor_of(request)
    filters = Filters(
        words=words,
        states=(state.value,) if state else (),
        departement=_known(DepartementRow.objects.filter(pk=departement).first())
        if departement
        else None,
        commune=_known(Commune.objects.filter(pk=commune).first()) if commune else None,
        blocked=blocked,
        late=late,
    )
    page = listing.page(filters.of(actor), actor, cursor or "")
    return ProjectsPage(items=[_line(one) for one in page.lines], next=page.next or None)


def _known(found: T | None) -> T:
    if found is None:
        raise Http404
    return found


@read(
    router,
    "/projects/{key}",
    scope=Scope.PROJECTS,
    answer=ProjectOut,
    summary="Un projet",
)
def read_project(request: HttpRequest, key: UUID) -> ProjectOut:
    """Ce que sa fiche dit ; sans les personnes, ni ce que les services de l’État se disent."""
    actor = actor_of(request)
    project = Project.objects.select_related("crte").filter(key=key).first()
    if project is None or not allowed(actor, "project.read", project):
        raise Http404
    [line] = listing.lines_of([project.pk], actor)
    communes = ProjectCommune.objects.filter(project=project).order_by("commune")
    return ProjectOut(
        **_line(line).model_dump(),
        purpose=project.purpose,
        description=project.description,
        themes=list(project.themes),
        communes=list(communes.values_list("commune", flat=True)),
        crte=project.crte.name if project.crte else None,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        deposited_at=project.deposited_at,
        acknowledged_at=project.acknowledged_at,
        ended_at=project.ended_at,
    )


def _line(line: Line) -> ProjectLine:
    project = line.project
    organization = project.holder_organization
    return ProjectLine(
        key=str(project.key),
        reference=project.reference,
        name=str(project),
        state=project.state,
        state_label=project.get_state_display(),
        phase=project.phase,
        is_blocked=line.blocked,
        # A person who carries a project in their own name is not named.
        holder=organization.name if organization else project.holder_name,
        commune=project.lead_commune.name if project.lead_commune else None,
        departement=project.lead_commune.departement_id if project.lead_commune else "",
        budget_cents=project.budget_cents,
        updated_at=project.updated_at,
        url=page_of("projects:sheet", project.key),
    )
