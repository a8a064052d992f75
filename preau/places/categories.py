"""As what an organisation, or a person for themself, books: rules and prices go by it."""

from __future__ import annotations

from preau.accounts.enums import OrganizationKind
from preau.accounts.models import Organization
from preau.places.enums import UserCategory

_OF_KIND = {
    OrganizationKind.ASSOCIATION: UserCategory.ASSOCIATION,
    OrganizationKind.COMPANY: UserCategory.COMPANY,
    OrganizationKind.SCHOOL: UserCategory.SCHOOL,
}


def category_of(organization: Organization | None) -> UserCategory:
    """The category of users of an organisation; of a resident when there is none."""
    if organization is None:
        return UserCategory.RESIDENT
    return _OF_KIND.get(OrganizationKind(organization.kind), UserCategory.PUBLIC)
