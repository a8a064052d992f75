"""Studies, scenarios computed on a small territory, subjects of the watch."""

import factory
from factory.django import DjangoModelFactory

from preau.core import clock
from preau.siting import computing
from preau.siting.enums import ScenarioState, WatchKind
from preau.siting.models import Scenario, SitingStudy, WatchItem
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.territories.factories import CommuneFactory, DepartementFactory


class StudyFactory(DjangoModelFactory):
    """On a département of eight communes in a row, ten kilometres apart."""

    class Meta:
        model = SitingStudy

    organization = factory.SubFactory(OrganizationFactory, verified=True, town=True)
    title = factory.Sequence(lambda n: f"Accès aux droits {n}")
    area_key = factory.LazyFunction(lambda: f"departement:{row_of_communes()[0].departement_id}")
    area_name = "Isère (38)"
    profile = "mediation"
    directory_on = factory.LazyFunction(clock.today)


class ScenarioFactory(DjangoModelFactory):
    class Meta:
        model = Scenario

    study = factory.SubFactory(StudyFactory)
    name = factory.Sequence(lambda n: f"Scénario {n}")
    places = 2
    radius_km = 15.0
    existing_profile = "mediation"


class WatchItemFactory(DjangoModelFactory):
    class Meta:
        model = WatchItem

    organization = factory.SubFactory(OrganizationFactory, verified=True, town=True)
    kind = WatchKind.NOTE
    title = "Un café associatif se prépare"


def row_of_communes(number=8, code="09"):
    """From west to east, one every ten kilometres or so: 100, 200… inhabitants."""
    departement = DepartementFactory(code=code, name="Ariège")
    return [
        CommuneFactory(
            code=f"{code}{rank:03}",
            name=f"Village {rank}",
            departement=departement,
            population=100 * rank,
            latitude=43.0,
            longitude=1.0 + 0.123 * rank,
            hall_latitude=None,
            hall_longitude=None,
        )
        for rank in range(1, number + 1)
    ]


def computed(**kwargs):
    """A scenario and its result."""
    scenario = ScenarioFactory(**kwargs)
    computing.compute(scenario, computing.prepare(scenario))
    scenario.state = ScenarioState.READY
    scenario.save()
    return scenario


def manager(organization=None, role="gestionnaire", **kwargs):
    """A member who writes, of a verified town."""
    town = organization or OrganizationFactory(verified=True, town=True, **kwargs)
    return MembershipFactory(organization=town, role=role)
