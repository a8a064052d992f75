"""Who acts: nobody, a person for themself, or a person for one of their organisations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest

from preau.core.errors import Forbidden

if TYPE_CHECKING:
    from preau.accounts.models import Membership, Organization, User


@dataclass(frozen=True, slots=True)
class Actor:
    """The person and the hat they wear. `membership` is None when they act for themself."""

    user: User | None = None
    membership: Membership | None = None
    is_system: bool = False

    @property
    def is_anonymous(self) -> bool:
        return self.user is None and not self.is_system

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def person(self) -> User:
        """The signed-in person, for actions that nobody else can do."""
        if self.user is None:
            raise Forbidden
        return self.user

    @property
    def organization(self) -> Organization | None:
        return self.membership.organization if self.membership else None

    @property
    def organization_id(self) -> int | None:
        return self.membership.organization_id if self.membership else None

    @property
    def is_operator(self) -> bool:
        return bool(self.user and self.user.is_operator)

    def __str__(self) -> str:
        if self.is_system:
            return "Préau"
        return str(self.organization or self.user or "Visiteur")


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request; the middleware has found out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def by_operator(request: HttpRequest) -> bool:
    """Whether the operator looks; also on pages that the middleware has not reached."""
    return bool(getattr(request, "user", None) and getattr(request.user, "is_operator", False))


ANONYMOUS = Actor()
#: Deadlines and clean-ups: nobody asked, the clock did.
SYSTEM = Actor(is_system=True)
