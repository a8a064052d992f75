"""Who is written to about money, as things stand today.

Nobody is written to through an account that is closed, nor for an organisation they have left.
"""

from __future__ import annotations

from preau.accounts.enums import MembershipRole
from preau.accounts.models import Membership, Organization, User
from preau.payments.models import CollectingOffice, Deposit, Due

_DECIDE = (MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR)


def deciders(organization: Organization) -> list[User]:
    """Its managers and administrators whose account is open."""
    found = Membership.objects.filter(
        organization=organization, role__in=_DECIDE, ended_at=None, user__is_active=True
    )
    return [one.user for one in found.select_related("user").order_by("user_id")]


def hands_of(office: CollectingOffice) -> list[User]:
    """Who keeps an office: those who decide in its organisation."""
    return deciders(office.organization)


def payers(due: Due) -> list[User]:
    """Who owes it, by their accounts; none for who is reached by a letter only."""
    return _side(due.payer_user, due.payer_organization)


def holders(deposit: Deposit) -> list[User]:
    """Who handed it over, or is to; see `payers`."""
    return _side(deposit.holder_user, deposit.holder_organization)


def _side(user: User | None, organization: Organization | None) -> list[User]:
    """The person; for an organisation that they have left, those who decide there."""
    stays = user is not None and user.is_active
    if stays and organization is not None:
        stays = organization.memberships.filter(user=user, ended_at=None).exists()
    if user is not None and stays:
        return [user]
    return deciders(organization) if organization is not None else []
