"""Setting services and people to work on a project; what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Membership, User
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.core.formats import hour, local
from preau.projects import perms
from preau.projects.actions import states
from preau.projects.actions.triage import check_of_service
from preau.projects.enums import (
    LIVE,
    STANDING,
    AssignmentState,
    EventKind,
    ProjectRole,
    Visibility,
)
from preau.projects.history import note
from preau.projects.models import Assignment, Project, StateService, ThemeRule
from preau.projects.telling import pair as telling_pair
from preau.resources.enums import Theme


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom a rule proposes, and why; a person confirms."""

    rule: ThemeRule
    theme: Theme

    @property
    def reason(self) -> str:
        return (
            f"Ce projet porte le thème « {self.theme.label} », que la règle du département confie à"
            f" {self.who}."
        )

    @property
    def value(self) -> str:
        """As the form of assignment chooses it."""
        return f"{self.rule.service_id}:{self.rule.user_id or ''}"

    @property
    def who(self) -> str:
        return (
            f"{self.rule.service} ({self.rule.user})" if self.rule.user else str(self.rule.service)
        )


def proposals(project: Project) -> list[Proposal]:
    """The rules of its themes, but for services that are at work on it already."""
    at_work = Assignment.objects.filter(project=project, state__in=STANDING).values("service")
    rules = (
        ThemeRule.objects.filter(
            departement=project.departement_code, theme__in=project.themes, service__active=True
        )
        .exclude(service__in=at_work)
        .select_related("service__organization", "user")
    )
    by_theme = {rule.theme: rule for rule in rules}
    return [Proposal(by_theme[one], Theme(one)) for one in project.themes if one in by_theme]


@transaction.atomic
def assign(
    project: Project,
    service: StateService,
    *,
    user: User | None = None,
    role: str = ProjectRole.SUPPORT,
    theme: str = "",
    due_on: date | None = None,
    actor: Actor,
) -> Assignment:
    """Set a service to work, somebody there if one is named; they answer yes or no.

    Raises:
        Refusal: it is over ("ended"), the service is on it already or another one leads
            ("taken": who has just done it is named), or the person is not of it ("user").
    """
    perms.require(actor, "project.triage", project)
    project = states.lock_open(project)
    if project.state not in LIVE:
        raise Refusal("Ce projet est terminé : il ne s’affecte plus.", code="ended")
    if not service.active:
        raise Refusal("Ce service n’est plus en activité.", field="service", code="inactive")
    if user is not None:
        check_of_service(user, service)
    if due_on is not None and due_on < clock.today(project.zone):
        raise Refusal("Choisissez un jour à venir.", field="due_on", code="past")
    reads = role == ProjectRole.OBSERVER  # nothing to do, hence nothing to answer
    try:
        with transaction.atomic():
            made = Assignment.objects.create(
                project=project,
                service=service,
                user=user,
                role=role,
                theme=theme,
                due_on=due_on,
                state=AssignmentState.ACCEPTED if reads else AssignmentState.PROPOSED,
                decided_at=clock.now() if reads else None,
                created_by=actor.user,
            )
    except IntegrityError as clash:
        raise _taken(project, service) from clash
    about = f"{service} ({user})" if user else str(service)
    note(project, EventKind.ASSIGNMENT, actor=actor, subject=made, about=about, change=("", role))
    telling_pair.tell_assigned(made, actor=actor)
    return made


def _taken(project: Project, service: StateService) -> Refusal:
    """Who was quicker, with what."""
    standing = Assignment.objects.filter(project=project, state__in=STANDING).select_related(
        "service__organization", "user", "created_by", "project__lead_commune"
    )
    there = standing.filter(service=service).first()
    other = there or standing.filter(role=ProjectRole.PILOT).first()
    if other is None:
        return Refusal("L’affectation a changé entre-temps : relisez, puis recommencez.")
    who = f"{other.created_by} a confié" if other.created_by else "Préau a confié"
    whom = f"{other.service} ({other.user})" if other.user else str(other.service)
    role = ProjectRole(other.role).label.lower()
    when = f"à {hour(local(other.created_at, project.zone))}"
    return Refusal(
        f"{who} ce projet à {whom}, {role}, {when}. Votre choix n’est pas enregistré : relisez les"
        " affectations, puis décidez de nouveau si besoin.",
        field="service" if there else "role",
        code="taken",
    )


@transaction.atomic
def answer(assignment: Assignment, *, accept: bool, reason: str = "", actor: Actor) -> Assignment:
    """Say yes or no, for oneself or for one's service. Twice the same answer is once.

    Raises:
        Forbidden: it is not asked of them.
        Refusal: no without a reason ("reason"), no from the service in charge ("in_charge"), or
            answered or ended already ("answered").
    """
    perms.require(actor, "project.write_state_side", assignment.project)
    project = states.lock_open(assignment.project)
    assignment = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if not may_answer(assignment, actor):
        raise Forbidden("Cette affectation attend la réponse d’une autre personne.")
    wanted = AssignmentState.ACCEPTED if accept else AssignmentState.DECLINED
    if assignment.state == wanted:
        return assignment
    if assignment.state not in STANDING:
        state = AssignmentState(assignment.state).label.lower()
        raise Refusal(f"Cette affectation est déjà {state}.", code="answered")
    if not accept:
        _refuse_in_charge(assignment, project)
    reason = reason.strip()
    if not accept and not reason:
        raise Refusal("Dites pourquoi vous déclinez.", field="reason", code="reason")
    before = assignment.state
    assignment.state, assignment.decided_at, assignment.reason = wanted, clock.now(), reason[:500]
    assignment.save(update_fields=["state", "decided_at", "reason"])
    note(
        project,
        EventKind.ASSIGNMENT,
        actor=actor,
        subject=assignment,
        about=str(assignment.service),
        change=(before, wanted),
        reason=reason,
        visibility=Visibility.STATE,
    )
    telling_pair.tell_answered(assignment, reason=reason, actor=actor)
    return assignment


def may_answer(assignment: Assignment, actor: Actor) -> bool:
    """The person named; otherwise anybody of the service."""
    if actor.user_id is None:
        return False
    if assignment.user_id == actor.user_id:
        return True
    return Membership.objects.filter(
        user=actor.user_id, organization=assignment.service.organization_id, ended_at=None
    ).exists()


def _refuse_in_charge(assignment: Assignment, project: Project) -> None:
    """
    Raises:
        Refusal: the service answers for the project.
    """
    if assignment.service_id == project.service_in_charge_id and project.state in LIVE:
        raise Refusal(
            f"{assignment.service} répond de ce projet : confiez-le d’abord à quelqu’un d’autre.",
            code="in_charge",
        )


@transaction.atomic
def end(assignment: Assignment, *, reason: str = "", actor: Actor) -> Assignment:
    """Take a service off a project. Whoever answers for the project hands it over first."""
    perms.require(actor, "project.triage", assignment.project)
    project = states.lock(assignment.project)
    assignment = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if assignment.state not in STANDING:
        return assignment
    _refuse_in_charge(assignment, project)
    before, assignment.state = assignment.state, AssignmentState.ENDED
    assignment.ended_at, assignment.reason = clock.now(), reason.strip()[:500]
    assignment.save(update_fields=["state", "ended_at", "reason"])
    note(
        project,
        EventKind.ASSIGNMENT,
        actor=actor,
        subject=assignment,
        about=str(assignment.service),
        change=(before, AssignmentState.ENDED),
        reason=reason.strip(),
        visibility=Visibility.STATE,
    )
    return assignment
