"""What the pair decides of a project: taken into account, priority, who answers, no, elsewhere."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.models import Membership, User
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.formats import hour, local
from preau.core.french import by_name
from preau.projects import perms
from preau.projects.actions import receiving, states
from preau.projects.enums import (
    STANDING,
    TERRITORIAL,
    AssignmentState,
    EventKind,
    Priority,
    ProjectRole,
    ProjectState,
    Visibility,
)
from preau.projects.history import note
from preau.projects.models import Assignment, Project, StateService
from preau.projects.telling import pair as telling_pair
from preau.territories.models import Departement

S = ProjectState


@transaction.atomic
def acknowledge(project: Project, *, actor: Actor, seen_state: str = "") -> Project:
    """Say that the project is seen and that somebody will call: its delay ends."""
    project = states.move(project, S.ACKNOWLEDGED, actor=actor, seen_state=seen_state)
    receiving.accept_for(project, actor=actor)
    return project


@transaction.atomic
def prioritise(project: Project, priority: str, *, reason: str, actor: Actor) -> Project:
    """Put a project before or after others, and say why; « sans priorité » takes that back."""
    perms.require(actor, "project.triage", project)
    project = states.lock_open(project)
    if priority not in Priority.values:
        raise Refusal("Choisissez une priorité.", field="priority", code="priority")
    reason = reason.strip()
    if priority and not reason:
        raise Refusal("Dites pourquoi cette priorité.", field="priority_reason", code="reason")
    before = project.priority
    if (before, project.priority_reason) == (priority, reason):
        return project
    project.priority, project.priority_reason = priority, reason if priority else ""
    project.save(update_fields=["priority", "priority_reason"])
    change = (Priority(before).label, Priority(priority).label)
    note(
        project,
        EventKind.PRIORITY,
        actor=actor,
        change=change,
        reason=reason,
        visibility=Visibility.STATE,  # how services sort among themselves
    )
    return project


def may_lead(project: Project) -> QuerySet[StateService]:
    """The services one of whose people may answer for it: those of its département, and those
    set to work on it."""
    at_work = Assignment.objects.filter(project=project, state__in=STANDING).exclude(
        role=ProjectRole.OBSERVER
    )
    there = Q(departement__in=project.departement_codes, kind__in=TERRITORIAL)
    return (
        StateService.objects.filter(there | Q(pk__in=at_work.values("service")), active=True)
        .select_related("organization")
        .order_by(*by_name("organization__name"), "pk")
    )


@transaction.atomic
def hand_over(
    project: Project,
    user: User,
    *,
    service: StateService,
    reason: str,
    actor: Actor,
    seen: int | None = None,
) -> Project:
    """Change who answers for a project: one name for another.

    Args:
        seen: the person in charge on the page that the actor acted from.

    Raises:
        Refusal: somebody else handed it over meanwhile ("handed_over"), it is over ("over"), the
            person is not of a service at work on it ("user"), or the reason is missing.
    """
    perms.require(actor, "project.triage", project)
    project = states.lock_open(project)
    _still_theirs(project, seen)
    check_of_service(user, service)
    if not may_lead(project).filter(pk=service.pk).exists():
        raise Refusal(
            "Affectez d’abord ce service au projet, puis confiez-lui le projet.",
            field="person",
            code="service",
        )
    before = project.in_charge
    if (project.in_charge_id, project.service_in_charge_id) == (user.pk, service.pk):
        raise Refusal(f"{user} a déjà ce projet en charge.", field="person", code="same")
    if not reason.strip():
        raise Refusal("Dites pourquoi : la personne le lira.", field="reason", code="reason")
    project.in_charge, project.service_in_charge = user, service
    project.save(update_fields=["in_charge", "service_in_charge"])
    _lead(project, service, user, actor=actor)
    note(
        project,
        EventKind.IN_CHARGE,
        actor=actor,
        about=str(service),
        change=(str(before or ""), str(user)),
        reason=reason.strip(),
    )
    telling_pair.tell_in_charge(project, reason=reason.strip(), actor=actor)
    return project


def check_of_service(user: User, service: StateService) -> None:
    """
    Raises:
        Refusal: the person is not, or no longer, of that service ("user").
    """
    there = Membership.objects.filter(
        user=user, organization=service.organization_id, ended_at=None, user__is_active=True
    )
    if not there.exists():
        raise Refusal(
            f"{user} ne fait pas, ou plus, partie de {service}. Choisissez une autre personne.",
            field="person",
            code="user",
        )


def _still_theirs(project: Project, seen: int | None) -> None:
    if seen is None or seen == project.in_charge_id:
        return
    last = project.events.filter(kind=EventKind.IN_CHARGE).order_by("-id").first()
    who = str(last.user) if last is not None and last.user else "Quelqu’un"
    when = f", à {hour(local(last.at, project.zone))}" if last is not None else ""
    raise Refusal(
        f"{who} vient de confier ce projet à {project.in_charge}{when}. Votre choix n’est pas"
        " enregistré : relisez, puis décidez de nouveau si besoin.",
        code="handed_over",
    )


def _lead(project: Project, service: StateService, user: User, *, actor: Actor) -> None:
    """The service of whoever answers is the pilot; the former one stays in support."""
    standing = Assignment.objects.filter(project=project, state__in=STANDING)
    standing.filter(role=ProjectRole.PILOT).exclude(service=service).update(
        role=ProjectRole.SUPPORT
    )
    now = clock.now()
    ours = {
        "role": ProjectRole.PILOT,
        "user": user,
        "state": AssignmentState.ACCEPTED,
        "decided_at": now,
    }
    if not standing.filter(service=service).update(**ours):
        Assignment.objects.create(project=project, service=service, created_by=actor.user, **ours)


@transaction.atomic
def refuse(project: Project, *, reason: str, actor: Actor, seen_state: str = "") -> Project:
    """Say no, and why: the holder reads it."""
    return states.move(project, S.REFUSED, actor=actor, reason=reason, seen_state=seen_state)


@transaction.atomic
def redirect(
    project: Project, to: str, *, reason: str, actor: Actor, seen_state: str = ""
) -> Project:
    """Say that somebody else than the State's services helps better: whom, and why."""
    return states.move(
        project,
        S.REDIRECTED,
        actor=actor,
        reason=reason,
        redirected_to=to,
        seen_state=seen_state,
    )


@transaction.atomic
def pass_to_pair(
    project: Project, departement: Departement, *, reason: str, actor: Actor, seen_state: str = ""
) -> Project:
    """Give it to the pair of another département: filed again there, with its whole past.

    The former pair goes on reading it; its assignments end.

    Raises:
        Refusal: that département has no pair ("no_pair"), or it is there already ("same").
    """
    perms.require(actor, "project.triage", project)
    project = states.lock(project)
    if departement.code == project.departement_code:
        raise Refusal(
            "Ce projet est déjà dans les mains de ce binôme.", field="departement", code="same"
        )
    receiving.pair_of(departement.code)
    words = f"Services de l’État : {departement.name}"
    project = states.move(
        project,
        S.REDIRECTED,
        actor=actor,
        reason=reason,
        redirected_to=words,
        seen_state=seen_state,
        passing=True,
    )
    Assignment.objects.filter(project=project, state__in=STANDING).update(
        state=AssignmentState.ENDED, ended_at=clock.now(), reason=f"Réorienté : {words}"[:500]
    )
    project.departement_code = departement.code
    project.departement_codes = sorted({*project.departement_codes, departement.code})
    project.save(update_fields=["departement_code", "departement_codes"])
    return states.move(project, S.DEPOSITED, actor=actor, reason=reason)


def arrive_again(project: Project, *, actor: Actor) -> None:
    """A project filed again: a new delay runs, in the hands of whoever answers now."""
    pair = receiving.charge(project)
    project.save(update_fields=list(receiving.FIELDS))
    receiving.receive(project, pair, actor=actor)
