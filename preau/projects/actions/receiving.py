"""A project arrives: who answers for it, until when, who is set to it."""

from __future__ import annotations

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.models import User
from preau.core import clock
from preau.core.errors import Refusal
from preau.projects import answering, working_days
from preau.projects.enums import STANDING, AssignmentState, EventKind, ProjectRole
from preau.projects.history import note
from preau.projects.models import Assignment, Project, StatePair, StateService

#: What is written anew each time a project comes into the hands of a pair.
FIELDS = ("service_in_charge", "in_charge", "acknowledge_by", "escalated_at")


def pair_of(departement_code: str) -> StatePair:
    """The pair of a département, its services at hand.

    Raises:
        Refusal: it has none yet ("no_pair").
    """
    pair = (
        StatePair.objects.select_related(
            "departement", "ddt__organization", "prefecture__organization", "escalates_to"
        )
        .filter(departement=departement_code)
        .first()
    )
    if pair is None:
        raise Refusal(
            "Les services de l’État de ce département ne sont pas encore sur Préau. Votre"
            " brouillon est gardé : vous serez prévenu dès qu’ils le seront.",
            code="no_pair",
        )
    return pair


def charge(project: Project) -> StatePair:
    """Put the project in the hands of its département's pair (not saved: `FIELDS` are written).

    In charge: the service and the person of the theme's rule when it names one of the pair's;
    otherwise whoever answers for the DDT today.

    Raises:
        Refusal: the département has no pair yet ("no_pair").
    """
    pair = pair_of(project.departement_code)
    rule = answering.rule_for(project)
    service, wanted, theme = pair.ddt, None, project.themes[0] if project.themes else ""
    if rule is not None and rule.service_id in {pair.ddt_id, pair.prefecture_id}:
        service = pair.ddt if rule.service_id == pair.ddt_id else pair.prefecture
        wanted, theme = rule.user_id, rule.theme
    project.service_in_charge = service
    project.in_charge = answering.who_answers(service, wanted=wanted, theme=theme)
    project.acknowledge_by = working_days.deadline(pair.departement, pair.acknowledge_days)
    project.escalated_at = None
    return pair


def receive(project: Project, pair: StatePair, *, actor: Actor) -> None:
    """Set both services to it, in the transaction of the deposit; one in charge leads."""
    leads = project.service_in_charge_id
    for service in (pair.ddt, pair.prefecture):
        _set(project, service, leads=service.pk == leads, actor=actor)
    note(
        project,
        EventKind.IN_CHARGE,
        actor=SYSTEM,
        about=str(project.service_in_charge),
        change=("", str(project.in_charge)),
    )


def _set(project: Project, service: StateService, *, leads: bool, actor: Actor) -> None:
    standing = Assignment.objects.filter(project=project, state__in=STANDING)
    if standing.filter(service=service).exists():
        return
    leads = leads and not standing.filter(role=ProjectRole.PILOT).exists()
    role = ProjectRole.PILOT if leads else ProjectRole.SUPPORT
    made = Assignment.objects.create(
        project=project, service=service, role=role, user=_person(project, service)
    )
    change = ("", role)
    note(
        project, EventKind.ASSIGNMENT, actor=actor, subject=made, about=str(service), change=change
    )


def _person(project: Project, service: StateService) -> User | None:
    """The person in charge for their own service; for the other one, whoever answers today."""
    if service.pk == project.service_in_charge_id:
        return project.in_charge
    return answering.who_answers(service)


def accept_for(project: Project, *, actor: Actor) -> None:
    """Whoever takes the project into account answers « oui » for their service."""
    Assignment.objects.filter(
        project=project,
        service__organization=actor.organization_id,
        state=AssignmentState.PROPOSED,
    ).update(state=AssignmentState.ACCEPTED, decided_at=clock.now())
