"""A project of the world, and everyone that one can be to it."""

from functools import cached_property

from preau.accounts.enums import MembershipRole, OrganizationKind, Role
from preau.projects.enums import ProjectRole, ProjectState, ServiceKind
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.permissions.samples_bringing import BRINGING_SAMPLES, BringingWorld
from tests.permissions.samples_connectors import (
    CONNECTORS_SAMPLES_BY_ARGUMENT,
    ConnectorsWorld,
)
from tests.permissions.samples_filing import (
    FILING_SAMPLES,
    FILING_SAMPLES_BY_ARGUMENT,
    FilingWorld,
)
from tests.permissions.samples_help import HELP_SAMPLES, HELP_SAMPLES_BY_ARGUMENT, HelpWorld
from tests.permissions.samples_impact import (
    IMPACT_SAMPLES,
    IMPACT_SAMPLES_BY_ARGUMENT,
    ImpactWorld,
)
from tests.permissions.samples_pair import PAIR_SAMPLES, PAIR_SAMPLES_BY_ARGUMENT
from tests.permissions.samples_portfolio import PORTFOLIO_SAMPLES, PortfolioWorld
from tests.permissions.samples_sheet import (
    SHEET_SAMPLES,
    SHEET_SAMPLES_BY_ARGUMENT,
    SheetWorld,
)
from tests.projects.factories import (
    ProjectFactory,
    assigned,
    blockage,
    member,
    pair_of,
    programme,
    service,
)
from tests.territories.factories import CommuneFactory, DepartementFactory

#: What each is to `world.project`.
PROJECT_ROLES = {
    "mayor": frozenset({Role.HOLDER}),
    "partner": frozenset({Role.PARTNER}),
    "observer": frozenset({Role.OBSERVER}),
    "ddt_agent": frozenset({Role.AGENT, Role.STATE}),
    "other_service": frozenset({Role.STATE}),
    "follower": frozenset({Role.STATE_READER}),
    "foreign_agent": frozenset(),
}
#: The rooms whose addresses these personas walk; the others walk every address.
PROJECT_ROOMS = (
    "projects:",
    "portfolio:",
    "resources:",
    "initiatives:",
    "economics:",
    "connectors:",
)


class ProjectsWorld(
    SheetWorld,
    ImpactWorld,
    HelpWorld,
    BringingWorld,
    FilingWorld,
    PortfolioWorld,
    ConnectorsWorld,
):
    """Added to `samples.World`: made only for the addresses of these rooms."""

    def project_people(self):
        """Name → (user, membership or None)."""
        drome = DepartementFactory(code="26", name="Drôme")
        valence = CommuneFactory(code="26362", name="Valence", departement=drome)
        follower, _ = service(kind=ServiceKind.OTHER)
        other, _ = service(kind=ServiceKind.OTHER)
        assigned(self.project, follower, ProjectRole.OBSERVER)
        assigned(self.project, other, ProjectRole.SUPPORT)
        return {
            "mayor": self._member_of(self.project.holder_organization),
            "partner": (member(self.project).user, None),
            "observer": (member(self.project, ProjectRole.OBSERVER).user, None),
            "ddt_agent": self._member_of(pair_of(self.project.lead_commune).ddt.organization),
            "other_service": self._member_of(other.organization),
            "follower": self._member_of(follower.organization),
            "foreign_agent": self._member_of(pair_of(valence).ddt.organization),
        }

    def _member_of(self, organization):
        membership = MembershipFactory(organization=organization, role=MembershipRole.MANAGER)
        return membership.user, membership

    @cached_property
    def project(self):
        """Filed by a commune, accompanied."""
        town = OrganizationFactory(kind=OrganizationKind.COMMUNE, verified=True)
        return ProjectFactory(state=ProjectState.ACCOMPANIED, holder_organization=town)

    @cached_property
    def project_draft(self):
        return ProjectFactory(state=ProjectState.DRAFT, holder_organization=None)

    @cached_property
    def project_member(self):
        user = UserFactory()
        member(self.project, user=user)
        return self.project.members.get(user=user)

    @cached_property
    def blockage(self):
        return blockage(self.project)

    @cached_property
    def programme(self):
        return programme()

    @cached_property
    def state_pair(self):
        return pair_of(self.project.lead_commune)


#: Arguments by address, and by the name of the argument.
PROJECT_SAMPLES = {
    **FILING_SAMPLES,
    **BRINGING_SAMPLES,
    **SHEET_SAMPLES,
    **PAIR_SAMPLES,
    **IMPACT_SAMPLES,
    **PORTFOLIO_SAMPLES,
    **HELP_SAMPLES,
}
PROJECT_SAMPLES_BY_ARGUMENT = {
    **CONNECTORS_SAMPLES_BY_ARGUMENT,
    **FILING_SAMPLES_BY_ARGUMENT,
    **SHEET_SAMPLES_BY_ARGUMENT,
    **PAIR_SAMPLES_BY_ARGUMENT,
    **IMPACT_SAMPLES_BY_ARGUMENT,
    **HELP_SAMPLES_BY_ARGUMENT,
    "key": lambda world: world.project.key,
    "blockage_id": lambda world: world.blockage.pk,
    "programme_id": lambda world: world.programme.pk,
    "service_id": lambda world: world.state_pair.ddt_id,
}
