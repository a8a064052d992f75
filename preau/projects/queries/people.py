"""Who is on a project, and what the actor may give there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.enums import Role
from preau.accounts.models import User
from preau.projects import standing
from preau.projects.enums import STANDING, ProjectRole
from preau.projects.models import Assignment, Project, ProjectInvitation, ProjectMember
from preau.projects.words import MAY, RANKS, rank


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list of people.

    Attributes:
        name: a person, an organisation, or both.
        role: what they do there; `may` says it in words.
        member: their row, when somebody invited them: it can be changed.
    """

    name: str
    role: ProjectRole
    detail: str = ""
    email: str = ""
    member: ProjectMember | None = None

    @property
    def may(self) -> str:
        return MAY[self.role]


def name_of(user: User | None) -> str:
    """A person, though their account be closed."""
    if user is None or user.closed_at is not None:
        return "Compte supprimé"
    return user.full_name


def live_members(project: Project) -> QuerySet[ProjectMember]:
    return project.members.filter(ended_at=None).select_related("user", "organization")


def people_of(project: Project) -> list[Person]:
    """The holder, the State's services at work, whoever was invited: the strongest first."""
    found = _holder(project)
    found += [_member(one) for one in live_members(project).order_by("started_at", "pk")]
    found += [_service(one) for one in services_of(project)]
    return sorted(found, key=lambda one: -rank(one.role))


def services_of(project: Project) -> QuerySet[Assignment]:
    """The services of the State set to work on it."""
    standing_ones = project.assignments.filter(state__in=STANDING)
    return standing_ones.select_related("service__organization", "user").order_by("pk")


def _holder(project: Project) -> list[Person]:
    if project.holder_organization is not None:
        detail = "Toutes les personnes de cette structure portent le projet."
        return [Person(project.holder, ProjectRole.HOLDER, detail)]
    if project.holder_user is not None:
        email = project.holder_user.email
        return [Person(name_of(project.holder_user), ProjectRole.HOLDER, email=email)]
    detail = "Cette structure n’est pas encore sur Préau."
    return [Person(project.holder, ProjectRole.HOLDER, detail)] if project.holder else []


def _member(one: ProjectMember) -> Person:
    role = ProjectRole(one.role)
    if one.organization is not None:
        return Person(one.organization.name, role, "Structure membre du projet.", member=one)
    email = one.user.email if one.user and one.user.closed_at is None else ""
    return Person(name_of(one.user), role, email=email, member=one)


def _service(one: Assignment) -> Person:
    detail = "Service de l’État"
    if one.theme:
        detail += f", {one.get_theme_display()}"
    name = one.service.organization.name
    if one.user is not None:
        name = f"{name_of(one.user)}, {name}"
    email = one.user.email if one.user and one.user.closed_at is None else ""
    return Person(name, ProjectRole(one.role), detail, email)


def pending_invitations(project: Project) -> QuerySet[ProjectInvitation]:
    """Those that nobody has answered yet, the expired ones included."""
    waiting = project.invitations.filter(accepted_at=None, revoked_at=None)
    return waiting.select_related("invited_by").order_by("-created_at", "-pk")


def highest_role(actor: Actor, project: Project) -> ProjectRole | None:
    """The strongest role that the actor has there, hence that they may give."""
    if actor.is_system:
        return ProjectRole.HOLDER
    roles = standing.roles_on_project(actor, project.permission_scope)
    if Role.HOLDER in roles:
        return ProjectRole.HOLDER
    if Role.AGENT in roles:
        return ProjectRole.PILOT
    held = _roles_held(actor, project)
    return max(held, key=rank) if held else None


def _roles_held(actor: Actor, project: Project) -> list[ProjectRole]:
    """By invitation, or as a service set to work. Observing goes before all the rest."""
    who, set_to = Q(user=actor.user_id), Q(user=actor.user_id)
    if actor.organization_id is not None:
        who |= Q(organization=actor.organization_id)
        set_to |= Q(service__organization=actor.organization_id)
    rows = [
        *project.members.filter(who, ended_at=None).values_list("role", flat=True),
        *project.assignments.filter(set_to, state__in=STANDING).values_list("role", flat=True),
    ]
    held = [ProjectRole(role) for role in rows]
    return [ProjectRole.OBSERVER] if ProjectRole.OBSERVER in held else held


def may_give(actor: Actor, project: Project) -> list[ProjectRole]:
    """The roles that the actor may offer, strongest first. The holder's own are never offered:
    the people of its organisation have them already."""
    highest = highest_role(actor, project)
    if highest is None or highest == ProjectRole.OBSERVER:
        return []
    most = min(rank(highest), rank(ProjectRole.PILOT))
    return [role for role in reversed(RANKS) if rank(role) <= most]


def may_change(actor: Actor, member: ProjectMember) -> bool:
    """Whether the actor may give another role to somebody, or remove them."""
    return outranks(actor, highest_role(actor, member.project), member)


def outranks(actor: Actor, highest: ProjectRole | None, member: ProjectMember | None) -> bool:
    """The same for each line of a list, the actor's strongest role being known."""
    if member is None or highest is None or highest == ProjectRole.OBSERVER:
        return False
    is_me = member.user_id is not None and member.user_id == actor.user_id
    return not is_me and rank(member.role) <= rank(highest)


def my_membership(actor: Actor, project: Project) -> ProjectMember | None:
    """The actor's own row, whatever their hat: what `leave` ends."""
    if actor.user is None:
        return None
    return project.members.filter(user=actor.user, ended_at=None).first()
