"""What somebody is to a project: the one place where it is worked out.

Two ways in, that must say the same (tests compare them): `roles_on_project`, asked for one project,
and `visible_to`, asked for a list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.enums import OrganizationKind, Role
from preau.accounts.models import Membership
from preau.accounts.perms import Scope
from preau.core.registries import audience_tests, role_sources
from preau.projects.enums import (
    STANDING,
    TERRITORIAL,
    ProjectRole,
    ProjectState,
    ServiceKind,
    Visibility,
)
from preau.projects.models import Assignment, Project, ProjectMember, StateService
from preau.territories.models import Departement

#: Those who read what the State's services say among themselves.
STATE_SIDE = frozenset({Role.STATE, Role.STATE_READER, Role.AGENT})
_MEMBER_ROLES = {
    ProjectRole.HOLDER: Role.HOLDER,
    ProjectRole.PILOT: Role.PARTNER,
    ProjectRole.SUPPORT: Role.PARTNER,
}
#: What is asked of a project to know what somebody is to it.
FACTS = ("state", "holder_user", "holder_organization", "departement_codes", "escalated_at")


@dataclass(frozen=True, slots=True)
class Competence:
    """What the hat worn makes of its wearer, for every project: a service of the State, or none.

    Attributes:
        departements: codes where the service reads every filed project; None for the whole nation.
        decides: triages there (the pair, a sous-préfecture); otherwise reads, and takes over what
            was escalated.
    """

    service_id: int
    departements: frozenset[str] | None
    decides: bool


def competence_of(actor: Actor) -> Competence | None:
    """The service of the State whose hat is worn. Kept on the person for the request."""
    organization = actor.organization
    if actor.user is None or organization is None:
        return None
    if organization.kind != OrganizationKind.STATE_SERVICE:  # known already: nothing is asked
        return None
    kept: dict[int, Competence | None] | None = getattr(actor.user, "_competences", None)
    if kept is None:
        kept = {}
        actor.user._competences = kept  # type: ignore[attr-defined]
    if organization.pk not in kept:
        kept[organization.pk] = _competence(organization.pk)
    return kept[organization.pk]


def _competence(organization_id: int) -> Competence | None:
    service = StateService.objects.filter(organization=organization_id, active=True).first()
    if service is None:
        return None
    if service.kind in TERRITORIAL:
        return Competence(service.pk, frozenset({service.departement_id or ""}), decides=True)
    if service.kind == ServiceKind.REGION:
        codes = Departement.objects.filter(region=service.region_id).values_list("code", flat=True)
        return Competence(service.pk, frozenset(codes), decides=False)
    if service.kind == ServiceKind.NATIONAL:
        return Competence(service.pk, None, decides=False)
    return Competence(service.pk, frozenset(), decides=False)


def roles_on_project(actor: Actor, scope: Scope) -> set[Role]:
    """What the actor is to the project of a scope.

    An explicit observer is nothing more, whatever else they could be: they write nowhere.
    """
    if actor.user is None or scope.project_id is None:
        return set()
    kept: dict[tuple[int, int | None], frozenset[Role]] = actor.user.__dict__.setdefault(
        "_project_roles", {}
    )
    asked = (scope.project_id, actor.organization_id)
    if asked not in kept:
        kept[asked] = frozenset(_roles(actor, scope.project_id))
    return set(kept[asked])


def forget(actor: Actor) -> None:
    """Ask the database again: a role may just have changed (call it under the project's lock)."""
    if actor.user is not None:
        actor.user.__dict__.pop("_project_roles", None)


def foresee(actor: Actor, keys: Iterable[int], facts: Iterable[Project] | None = None) -> None:
    """Work out at once what `roles_on_project` will be asked for each of these, for pages that
    show many projects: three statements, two when the projects themselves are given."""
    wanted = list(keys)
    if actor.user is None or not wanted:
        return
    if facts is None:
        facts = Project.objects.filter(pk__in=wanted).only(*FACTS)
    projects = {one.pk: one for one in facts}
    members: dict[int, list[str]] = defaultdict(list)
    set_to: dict[int, list[str]] = defaultdict(list)
    for key, role in _memberships(actor).filter(project__in=wanted).values_list("project", "role"):
        members[key].append(role)
    for key, role in _assignments(actor).filter(project__in=wanted).values_list("project", "role"):
        set_to[key].append(role)
    kept = actor.user.__dict__.setdefault("_project_roles", {})
    for key in wanted:
        roles = _worked_out(actor, projects.get(key), members[key], set_to[key])
        kept[key, actor.organization_id] = frozenset(roles)


def _roles(actor: Actor, project_id: int) -> set[Role]:
    project = Project.objects.filter(pk=project_id).only(*FACTS).first()
    if project is None:
        return set()
    members = _memberships(actor).filter(project=project_id).values_list("role", flat=True)
    set_to = _assignments(actor).filter(project=project_id).values_list("role", flat=True)
    return _worked_out(actor, project, list(members), list(set_to))


def _worked_out(
    actor: Actor, project: Project | None, members: list[str], set_to: list[str]
) -> set[Role]:
    """From the project's own facts, what one was invited as, and what one was set to do there."""
    if project is None:
        return set()
    if project.holder_user_id == actor.user_id and project.holder_organization_id in (
        None,
        actor.organization_id,
    ):
        return {Role.HOLDER}
    if project.state == ProjectState.DRAFT:
        return _of_draft(actor, project)
    service = competence_of(actor)
    if ProjectRole.OBSERVER in members:
        return {Role.OBSERVER}
    if ProjectRole.OBSERVER in set_to:
        return {Role.STATE_READER}
    found = {_MEMBER_ROLES[ProjectRole(role)] for role in members}
    if set_to:
        found.add(Role.STATE)
    if actor.organization_id is not None and project.holder_organization_id == (
        actor.organization_id
    ):
        found.add(Role.HOLDER)
    if service is not None and _covers(service, project.departement_codes):
        if service.decides or project.escalated_at:
            found |= {Role.AGENT, Role.STATE}
        else:
            found.add(Role.STATE_READER)
    return found


def _of_draft(actor: Actor, project: Project) -> set[Role]:
    """A draft is its organisation's and nobody else's."""
    ours = actor.organization_id is not None and (
        project.holder_organization_id == actor.organization_id
    )
    return {Role.HOLDER} if ours else set()


def _covers(service: Competence, codes: Iterable[str]) -> bool:
    return service.departements is None or bool(service.departements & set(codes))


def _memberships(actor: Actor) -> QuerySet[ProjectMember]:
    """Those of the person, whatever the hat, and of the organisation whose hat is worn."""
    who = Q(user=actor.user_id)
    if actor.organization_id is not None:
        who |= Q(organization=actor.organization_id)
    return ProjectMember.objects.filter(who, ended_at=None)


def _assignments(actor: Actor) -> QuerySet[Assignment]:
    """Those of the service whose hat is worn; a person set to work is so under any hat, as long as
    they are of the service."""
    who = _named(actor)
    if actor.organization_id is not None:
        who |= Q(service__organization=actor.organization_id)
    return Assignment.objects.filter(who, state__in=STANDING)


def _named(actor: Actor) -> Q:
    """Whoever has left a service keeps nothing of what they were set to there."""
    theirs = Membership.objects.filter(user=actor.user_id, ended_at=None).values("organization")
    return Q(user=actor.user_id, service__organization__in=theirs)


@dataclass(frozen=True)
class Sight:
    """What somebody may read.

    Attributes:
        projects: every one of them, and no other.
        parts: the same in parts that have nothing in common, each with an index of its own.
        within: how a table with `project` and `departement_codes` comes near to it by an index of
            its own; whatever is found there is asked of `projects` too.
    """

    projects: QuerySet[Project]
    parts: tuple[QuerySet[Project], ...] = ()
    within: Q = field(default_factory=Q)


def visible_to(actor: Actor, *, filed: bool = False) -> QuerySet[Project]:
    """Every project that the actor may read under the present hat; `filed` leaves drafts out."""
    return sight_of(actor, filed=filed).projects


def sight_of(actor: Actor, *, filed: bool = False) -> Sight:
    """The same, with what narrows other tables.

    A territory is a condition on the project itself; what else they may read is gathered once, as
    keys (asked for now when there is a territory). Either has its index, and a list that stops
    early may walk the newest first instead (docs/operations/scale.md).
    """
    if actor.user is None and not actor.is_system:
        return Sight(Project.objects.none())
    service, drafts = competence_of(actor), Q() if not filed else _filed()
    if sees_everywhere(actor):
        mine = Q() if actor.is_system else _filed() | held(actor)
        return Sight(Project.objects.filter(drafts if filed else mine))
    territory = sorted(service.departements or ()) if service is not None else []
    beside = _beside(actor, territory)
    if not territory:
        return Sight(Project.objects.filter(_Among(F("pk"), ArraySubquery(beside)), drafts))
    # Few, and asked at once: the planner then knows that it has to do with a territory.
    keys = {one["pk"] for one in beside}
    here = Q(departement_codes__overlap=territory)
    lead = Q(_filed(), departement_code__in=territory)
    across = Q(_filed(), here, departement_codes__len__gt=1)
    named = Q(pk__in=keys) if keys else Q(pk__in=())
    found = Project.objects.filter(Q(_filed(), here) | named, drafts)
    parts = (
        Project.objects.filter(lead),
        Project.objects.filter(across | named, drafts).exclude(lead),
    )
    return Sight(found, parts, here | Q(project__in=keys))


def sees_everywhere(actor: Actor) -> bool:
    """Whether every filed project is read: no territory narrows what is asked."""
    service = competence_of(actor)
    return actor.is_system or (service is not None and service.departements is None)


def _beside(actor: Actor, territory: list[str]) -> QuerySet[Project, Any]:
    """What one is named on, but for what their territory gives already; what one holds."""
    named = [one.values("project") for one in (_memberships(actor), *_assignments_in_two(actor))]
    keys = named[0].union(*named[1:], all=True)
    if territory:  # by its index alone: most of a service's own are where it is
        here = Project.objects.filter(_filed(), departement_code__in=territory)
        keys = keys.difference(here.values("pk"))
    told = Project.objects.filter(_filed(), _Among(F("pk"), ArraySubquery(keys)))
    if territory:
        told = told.exclude(departement_codes__overlap=territory)
    ours = [Project.objects.filter(holder_user=actor.user_id, holder_organization=None)]
    if actor.organization_id is not None:
        ours.append(Project.objects.filter(holder_organization=actor.organization_id))
    return told.values("pk").union(*(one.values("pk") for one in ours), all=True)


class _Among(Func):
    """`key = ANY(ARRAY(SELECT …))`: the keys are gathered once, whatever row is asked."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def state_side_to(actor: Actor) -> QuerySet[Project]:
    """Those of `visible_to` whose internal things the actor reads too: priority, alerts…

    The same as `sees_state_side`, for a list.
    """
    if actor.is_system:
        return Project.objects.all()
    if actor.user is None:
        return Project.objects.none()
    service = competence_of(actor)
    reached = Q(pk__in=_keys_of_assignments(actor))
    if service is not None and service.departements is None:
        reached = Q()
    elif service is not None and service.departements:
        reached |= Q(pk__in=_of_territory(service).values("pk"))
    watching = _memberships(actor).filter(role=ProjectRole.OBSERVER)
    return Project.objects.filter(reached, _filed()).exclude(
        Q(pk__in=watching.values("project")) | _of_person_alone(actor)
    )


def _filed() -> Q:
    return ~Q(state=ProjectState.DRAFT)


def _of_person_alone(actor: Actor) -> Q:
    """Who holds a project in their own name is its holder and nothing else."""
    whose = Q(holder_organization=None)
    if actor.organization_id is not None:
        whose |= Q(holder_organization=actor.organization_id)
    return Q(holder_user=actor.user_id) & whose


def held(actor: Actor) -> Q:
    """What the person holds under the present hat, drafts included."""
    found = Q(holder_user=actor.user_id, holder_organization=None)
    if actor.organization_id is not None:
        found |= Q(holder_organization=actor.organization_id)
    return found


def _of_territory(service: Competence) -> QuerySet[Project]:
    codes = sorted(service.departements or ())
    return Project.objects.filter(_filed(), departement_codes__overlap=codes)


def _assignments_in_two(actor: Actor) -> list[QuerySet[Assignment]]:
    """By person, then by service: each has its index."""
    found = [Assignment.objects.filter(_named(actor), state__in=STANDING)]
    if actor.organization_id is not None:
        served = Assignment.objects.filter(service__organization=actor.organization_id)
        found.append(served.filter(state__in=STANDING))
    return found


def _keys_of_assignments(actor: Actor) -> QuerySet[Any, Any]:
    first, *others = (one.values("project") for one in _assignments_in_two(actor))
    return first.union(*others, all=True) if others else first


def sees_state_side(actor: Actor, project: Project) -> bool:
    """Whether the actor reads internal threads, files, drafts of recommendations."""
    return actor.is_system or bool(roles_on_project(actor, project.permission_scope) & STATE_SIDE)


# --- Audiences: "project:12" for its members, "project:12:etat" for the State's services alone


def audience(project: Project, visibility: str) -> str:
    """The line under which a thread or a document of the project is read."""
    state = ":etat" if visibility == Visibility.STATE else ""
    return f"project:{project.pk}{state}"


def writers(project: Project, visibility: str) -> str:
    """The line of those who may also write there."""
    return audience(project, visibility) + ":ecrit"


def _names(actor: Actor, key: str) -> bool:
    parts = key.split(":")
    if parts[0] != "project" or len(parts) < 2 or not parts[1].isdecimal():
        return False
    roles = roles_on_project(actor, Scope(project_id=int(parts[1])))
    if "etat" in parts[2:]:
        roles &= STATE_SIDE
    if "ecrit" in parts[2:]:
        roles -= {Role.OBSERVER, Role.STATE_READER}
    return bool(roles)


def named_in(actor: Actor, keys: set[str]) -> bool:
    return any(_names(actor, key) for key in keys)


role_sources.register("projects", roles_on_project)
audience_tests.register("projects", named_in)
