"""A town whose hall three services share."""

import pytest

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.places.factories import PlaceFactory


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def hand_of(organization, role=MembershipRole.MANAGER):
    membership = MembershipFactory(organization=organization, role=role)
    return Actor(membership.user, membership)


@pytest.fixture
def town(db):
    return OrganizationFactory(verified=True, town=True)


@pytest.fixture
def keeping(town):
    return hand_of(town)


@pytest.fixture
def place(town):
    return PlaceFactory(owner=town, name="Maison commune")


@pytest.fixture
def caf(db):
    return OrganizationFactory(verified=True, name="Caf de l’Isère", siren="775685019")


@pytest.fixture
def of_caf(caf):
    return hand_of(caf)
