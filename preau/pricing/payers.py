"""Who pays, as far as prices go: a category of users, and the commune they are of."""

from __future__ import annotations

from dataclasses import dataclass

from preau.accounts.actors import Actor
from preau.accounts.models import Organization, User
from preau.places.categories import category_of
from preau.places.enums import UserCategory
from preau.pricing.grids import Who


@dataclass(frozen=True, slots=True)
class Payer:
    """For whom a price is.

    Attributes:
        user_id, organization_id: who uses the quotas; both None for somebody not known yet.
        commune_code: the commune they are of; "" when unknown, or not verified.
        is_local: says outright whether they are local (simulations, callers); None: by commune.
        is_simulated: a payer made up to see a price, who has used nothing of the quotas yet.
    """

    category: UserCategory
    user_id: int | None = None
    organization_id: int | None = None
    is_verified: bool = False
    commune_code: str = ""
    is_local: bool | None = None
    is_simulated: bool = False

    def who_at(self, commune_code: str) -> Who:
        """The payer as a place of that commune sees them."""
        local = self.is_local
        if local is None:
            local = bool(self.commune_code) and self.commune_code == commune_code
        return Who(self.category, local)

    @property
    def holder(self) -> dict[str, int | None]:
        """Whose quotas are used: the organisation's, else the person's."""
        if self.organization_id is not None:
            return {"organization_id": self.organization_id, "user_id": None}
        return {"organization_id": None, "user_id": self.user_id}

    @property
    def has_quotas(self) -> bool:
        """Free bookings are for whoever can be told apart from others."""
        return self.is_known or self.is_simulated

    @property
    def is_known(self) -> bool:
        return self.organization_id is not None or self.user_id is not None


def payer_for(user: User | None, organization: Organization | None) -> Payer:
    """An organisation where there is one (of its commune once verified), else a person."""
    if organization is not None:
        verified = organization.is_verified
        return Payer(
            category=category_of(organization),
            user_id=user.pk if user else None,
            organization_id=organization.pk,
            is_verified=verified,
            commune_code=organization.commune_id if verified else "",
        )
    return Payer(
        category=category_of(None),
        user_id=user.pk if user else None,
        is_verified=user is not None,
        commune_code=(user.commune_id or "") if user else "",
    )


def payer_of(actor: Actor) -> Payer:
    """Whoever looks, wearing their present hat; a visitor is a person of no known commune."""
    return payer_for(actor.user, actor.organization)


def caller(category: UserCategory, *, is_local: bool = False) -> Payer:
    """Somebody for whom a clerk books: neither account nor quotas."""
    return Payer(category=category, is_local=is_local)
