"""Services, pairs, projects, members: the least that is true."""

import secrets
from datetime import timedelta

import factory

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.core import clock
from preau.projects.enums import (
    AssignmentState,
    Origin,
    ProjectRole,
    ProjectState,
    ServiceKind,
)
from preau.projects.models import (
    Assignment,
    Blockage,
    Programme,
    Project,
    ProjectCommune,
    ProjectMember,
    StatePair,
    StateService,
)
from preau.projects.references import new_reference
from preau.resources.enums import BlockageKind
from preau.territories.models import Commune
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.territories.factories import CommuneFactory


def actor_for(membership) -> Actor:
    """The person under that hat."""
    return Actor(user=membership.user, membership=membership)


def service(
    departement=None, kind=ServiceKind.DDT, region=None, role=MembershipRole.MEMBER
) -> tuple[StateService, Actor]:
    """A service of the State and one of its people, who answers for it."""
    organization = OrganizationFactory(kind=OrganizationKind.STATE_SERVICE)
    membership = MembershipFactory(organization=organization, role=role)
    made = StateService.objects.create(
        organization=organization,
        kind=kind,
        departement=departement,
        region=region,
        referent=membership.user,
    )
    return made, actor_for(membership)


def agent_of(made: StateService, role=MembershipRole.MEMBER) -> Actor:
    """One more person of a service."""
    return actor_for(MembershipFactory(organization=made.organization, role=role))


def pair(departement) -> StatePair:
    ddt, _ = service(departement, ServiceKind.DDT)
    prefecture, _ = service(departement, ServiceKind.PREFECTURE)
    region, _ = service(kind=ServiceKind.REGION, region=departement.region)
    return StatePair.objects.create(
        departement=departement, ddt=ddt, prefecture=prefecture, escalates_to=region
    )


def pair_of(commune: Commune) -> StatePair:
    """The pair of a commune's département, made once."""
    found = StatePair.objects.filter(departement=commune.departement).first()
    return found or pair(commune.departement)


def holder(kind=OrganizationKind.COMMUNE, commune=None) -> Actor:
    """Somebody of a verified commune."""
    organization = OrganizationFactory(
        kind=kind, verified=True, **({"commune": commune} if commune else {})
    )
    return actor_for(MembershipFactory(organization=organization, role=MembershipRole.MANAGER))


class ProjectFactory(factory.django.DjangoModelFactory):
    """A filed project, in its pair's hands. `state=ProjectState.DRAFT` for a draft."""

    class Meta:
        model = Project
        skip_postgeneration_save = True

    reference = factory.LazyFunction(new_reference)
    name = factory.Sequence(lambda n: f"Halle couverte n° {n}")
    state = ProjectState.DEPOSITED
    origin = Origin.SITE
    lead_commune = factory.SubFactory(CommuneFactory)
    holder_organization = factory.SubFactory(OrganizationFactory, verified=True)
    departement_code = factory.LazyAttribute(lambda one: one.lead_commune.departement_id)
    departement_codes = factory.LazyAttribute(lambda one: [one.departement_code])
    latitude = factory.LazyAttribute(lambda one: one.lead_commune.latitude)
    longitude = factory.LazyAttribute(lambda one: one.lead_commune.longitude)
    deposited_at = factory.LazyAttribute(
        lambda one: None if one.state == ProjectState.DRAFT else clock.now()
    )
    acknowledged_at = factory.LazyAttribute(
        lambda one: (
            clock.now()
            if one.state
            in {
                ProjectState.ACKNOWLEDGED,
                ProjectState.QUALIFIED,
                ProjectState.ACCOMPANIED,
                ProjectState.CLOSED,
            }
            else None
        )
    )
    ended_at = factory.LazyAttribute(
        lambda one: (
            clock.now()
            if one.state in {ProjectState.CLOSED, ProjectState.REFUSED, ProjectState.REDIRECTED}
            else None
        )
    )
    end_reason = factory.LazyAttribute(
        lambda one: (
            "Hors du champ." if one.state in {ProjectState.REFUSED, ProjectState.REDIRECTED} else ""
        )
    )

    @factory.lazy_attribute
    def service_in_charge(self):
        return None if self.state == ProjectState.DRAFT else pair_of(self.lead_commune).ddt

    @factory.lazy_attribute
    def in_charge(self):
        return self.service_in_charge.referent if self.service_in_charge else None

    @factory.post_generation
    def with_commune(self, create, extracted, **kwargs):
        if create and self.lead_commune_id:
            ProjectCommune.objects.get_or_create(project=self, commune=self.lead_commune)


def member(project: Project, role=ProjectRole.SUPPORT, user=None) -> Actor:
    """Somebody invited to a project, for themself."""
    user = user or UserFactory()
    ProjectMember.objects.create(project=project, user=user, role=role)
    return Actor(user=user)


def assigned(project: Project, made: StateService, role=ProjectRole.SUPPORT, user=None):
    return Assignment.objects.create(
        project=project, service=made, user=user, role=role, state=AssignmentState.ACCEPTED
    )


def blockage(project: Project, kind=BlockageKind.FINANCEMENT, **more) -> Blockage:
    return Blockage.objects.create(
        project=project, kind=kind, **({"title": "Le plan de financement ne tient pas"} | more)
    )


def programme(**more) -> Programme:
    tail = secrets.token_hex(3)
    return Programme.objects.create(
        **({"slug": f"prog-{tail}", "name": f"Programme {tail}", "is_national": True} | more)
    )


def days_ago(number: float):
    return clock.now() - timedelta(days=number)
