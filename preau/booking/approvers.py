"""Whose accord a step asks for, who stands in for them, who is told."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, Role
from preau.accounts.models import Membership, User
from preau.accounts.perms import Scope, allowed
from preau.booking.enums import Approver
from preau.booking.models import Approval, Delegation
from preau.core import clock
from preau.core.registries import audience_sources, role_sources
from preau.places.enums import PlaceRoleKind
from preau.places.models import Place, PlaceRole

#: Roles whose holders answer requests.
DECIDING = (MembershipRole.APPROVER, MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR)
DECIDING_ON_PLACE = (PlaceRoleKind.OWNER, PlaceRoleKind.OPERATOR, PlaceRoleKind.HEAD_OF_SCHOOL)
_ON_PLACE = {
    Approver.ANY: DECIDING_ON_PLACE,
    Approver.HEAD_OF_SCHOOL: (PlaceRoleKind.HEAD_OF_SCHOOL,),
    Approver.OPERATOR: (PlaceRoleKind.OPERATOR,),
    Approver.OWNER: (PlaceRoleKind.OWNER,),
}
_BY_MEMBERSHIP = frozenset({Approver.ANY, Approver.OWNER})


def people_for(approver: str, place: Place) -> QuerySet[User]:
    """Those whose accord it is, by their role in the owner's organisation or on the place."""
    kind = Approver(approver)
    # Found by their roles first: joined to every user, the roles were sorted out among all of them.
    found = PlaceRole.objects.filter(place=place.pk, role__in=_ON_PLACE[kind]).values("user")
    if kind in _BY_MEMBERSHIP:
        members = Membership.objects.filter(
            organization=place.owner_id, ended_at=None, role__in=DECIDING
        )
        found = found.union(members.values("user"))
    return User.objects.filter(pk__in=found, is_active=True).order_by("pk")


def delegations_at(place: Place) -> QuerySet[Delegation]:
    """The delegations in force today at a place."""
    today = clock.today(place.zone)
    return Delegation.objects.filter(
        place=place, since__lte=today, until__gte=today, revoked_at=None
    )


def lent_places(actor: Actor) -> QuerySet[Place]:
    """Where the actor stands in for somebody today."""
    if actor.user is None:
        return Place.objects.none()
    today = (clock.now() + timedelta(hours=12)).date()  # a day early or late does not matter here
    return Place.objects.filter(
        pk__in=Delegation.objects.filter(
            receiver=actor.user, revoked_at=None, since__lte=today, until__gte=today - timedelta(1)
        ).values("place")
    )


def to_tell(approver: str, place: Place) -> list[User]:
    """Those whose accord it is, and those who stand in for them today."""
    people = list(people_for(approver, place))
    stand_ins = User.objects.filter(
        delegations_received__in=delegations_at(place).filter(giver__in=people), is_active=True
    ).distinct()
    return people + [one for one in stand_ins.order_by("pk") if one not in people]


def may_give(actor: Actor, approval: Approval, place: Place) -> bool:
    """Whether the accord is the actor's to give, in their own right or by delegation."""
    if actor.is_system:
        return True
    return in_own_right(actor, approval.approver, place) or (
        stands_in_for(actor, approval.approver, place) is not None
    )


def in_own_right(actor: Actor, approver: str, place: Place) -> bool:
    kind = Approver(approver)
    if actor.user is None:
        return False
    if kind == Approver.ANY:
        delegated = _roles_by_delegation(actor, place.permission_scope)
        return allowed(actor, "booking.decide", place) and (
            not delegated or people_for(approver, place).filter(pk=actor.user.pk).exists()
        )
    if actor.user.place_roles.filter(place=place, role__in=_ON_PLACE[kind]).exists():
        return True
    member = actor.membership
    by_hat = member is not None and member.organization_id == place.owner_id
    return kind in _BY_MEMBERSHIP and by_hat and member is not None and member.role in DECIDING


def stands_in_for(actor: Actor, approver: str, place: Place) -> User | None:
    """In whose place the actor decides today, by delegation."""
    if actor.user is None:
        return None
    received = delegations_at(place).filter(receiver=actor.user_id)
    return people_for(approver, place).filter(delegations_given__in=received).first()


def _roles_by_delegation(actor: Actor, scope: Scope) -> set[Role]:
    """Who stands in for an approver reads and answers requests, and no more."""
    if actor.user is None or scope.place_id is None:
        return set()
    received: set[int] | None = getattr(actor.user, "_delegated_places", None)
    if received is None:
        live = Delegation.objects.filter(
            receiver=actor.user,
            revoked_at=None,
            until__gte=(clock.now() - timedelta(days=1)).date(),
        ).select_related("place")
        # One gives what one has: once the giver decides nothing there, nor does who stands in.
        received = {
            one.place_id
            for one in live
            if one.since <= clock.today(one.place.zone) <= one.until
            and people_for(Approver.ANY, one.place).filter(pk=one.giver_id).exists()
        }
        actor.user._delegated_places = received  # type: ignore[attr-defined]
    return {Role.APPROVER} if scope.place_id in received else set()


def _audiences_by_delegation(actor: Actor) -> set[str]:
    """Who stands in for an approver reads the documents of the requests too."""
    if actor.user is None:
        return set()
    _roles_by_delegation(actor, Scope(place_id=0))  # reads them once for the request
    received: set[int] = getattr(actor.user, "_delegated_places", set())
    return {f"place:{place_id}" for place_id in received}


role_sources.register("booking", _roles_by_delegation)
audience_sources.register("booking", _audiences_by_delegation)
