"""What the data says of a structure that opens its first place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from preau.accounts.enums import OrganizationKind
from preau.accounts.models import Organization
from preau.accounts.perms import Scope
from preau.agreements.drafting.gathering import case_for
from preau.agreements.enums import SCHOOLS, AuthorityRole, LegalCase
from preau.agreements.models import Model
from preau.agreements.queries import authority_for, national_models, published
from preau.availability.models import OpeningCalendar, SpaceCalendar
from preau.booking.models import BookingRules
from preau.booking.rules import rules_for
from preau.core import audit
from preau.desk.setup.steps import Facts, Step, steps_of
from preau.places.enums import Publication, UserCategory
from preau.places.models import Place, Space
from preau.pricing.models import Tariff
from preau.pricing.queries import tariff_for

#: Who opens places to others as their task; anybody else may, without being invited to.
AUTHORITIES = frozenset(
    {
        OrganizationKind.COMMUNE,
        OrganizationKind.EPCI,
        OrganizationKind.DEPARTEMENT,
        OrganizationKind.REGION,
        OrganizationKind.SCHOOL,
        OrganizationKind.PUBLIC_BODY,
        OrganizationKind.STATE_SERVICE,
    }
)
#: The event of an answer that leaves no other trace ("free", "no agreement").
ANSWERED = "setup.answered"


@dataclass
class Setup:
    """A structure, its first place and what is already said of it. Read once for a page."""

    organization: Organization

    @property
    def permission_scope(self) -> Scope:
        return self.organization.permission_scope

    @cached_property
    def place(self) -> Place | None:
        living = self.organization.places.exclude(publication=Publication.ARCHIVED)
        return living.select_related("owner", "commune").order_by("pk").first()

    @cached_property
    def space(self) -> Space | None:
        if self.place is None:
            return None
        living = self.place.spaces.exclude(publication=Publication.ARCHIVED).filter(root=None)
        return living.select_related("place__owner", "place__commune").order_by("pk").first()

    @cached_property
    def calendar(self) -> OpeningCalendar | None:
        found = SpaceCalendar.objects.filter(space=self.space).select_related("calendar").first()
        return found.calendar if found else None

    @cached_property
    def tariff(self) -> Tariff | None:
        return tariff_for(self.space) if self.space else None

    @cached_property
    def rules(self) -> BookingRules | None:
        return rules_for(self.space) if self.space else None

    @cached_property
    def answers(self) -> dict[str, str]:
        """Step → last answer noted in the audit trail of the place."""
        if self.place is None:
            return {}
        events = audit.history(self.place).filter(verb=ANSWERED)
        return {one.data["step"]: one.data["answer"] for one in events}

    @property
    def model(self) -> Model | None:
        return self.rules.agreement_model if self.rules else None

    @cached_property
    def case(self) -> LegalCase | None:
        if self.place is None or self.space is None:
            return None
        categories = self.space.categories
        usual = UserCategory.ASSOCIATION
        return case_for(self.place, usual if usual in categories else UserCategory(categories[0]))

    @cached_property
    def national(self) -> Model | None:
        """The national model for this case, if it is published here."""
        found = national_models().filter(case=self.case).first()
        return found if found and published(found) else None

    @property
    def roles_to_sign(self) -> list[AuthorityRole]:
        case = self.model.case if self.model else self.case
        both = [AuthorityRole.OWNER, AuthorityRole.HEAD_OF_SCHOOL]
        return both if case in SCHOOLS else both[:1]

    def facts(self) -> Facts:
        agreement = "choisie" if self.model else self.answers.get("convention", "")
        place = self.place
        return Facts(
            is_verified=self.organization.is_verified,
            has_asked=self.organization.verification_asked_at is not None,
            has_place=place is not None,
            has_space=self.space is not None,
            has_hours=self.calendar is not None,
            has_price=self.tariff is not None or "prix" in self.answers,
            has_rules=self.rules is not None,
            agreement=agreement,
            has_signatory=place is not None
            and all(authority_for(place, role) for role in self.roles_to_sign),
            is_published=self.space is not None and self.space.is_public,
        )

    @cached_property
    def steps(self) -> list[Step]:
        return steps_of(self.facts())
