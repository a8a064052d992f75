"""Whose people plan for a territory: studies, timetables, calls."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.actors import ANONYMOUS, Actor
from preau.accounts.enums import MembershipRole, OrganizationKind

STEERING = frozenset(
    {
        OrganizationKind.STATE_SERVICE,
        OrganizationKind.COMMUNE,
        OrganizationKind.EPCI,
        OrganizationKind.DEPARTEMENT,
        OrganizationKind.REGION,
        OrganizationKind.PUBLIC_BODY,
        OrganizationKind.OPERATOR,
    }
)


def may_steer(actor: Actor) -> bool:
    """Whether they act for a verified public organisation; the operator always may."""
    organization = actor.organization
    if organization is None:
        return actor.is_operator
    return organization.is_verified and organization.kind in STEERING


def steers(request: HttpRequest) -> bool:
    """Whether « Piloter » is in the menu: asks no database. A caretaker opens and closes."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)  # an error page may have none
    membership = actor.membership
    if membership is None or membership.role == MembershipRole.CARETAKER:
        return actor.is_operator
    return actor.is_operator or membership.organization.kind in STEERING
