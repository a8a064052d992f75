"""A town whose place joins a charter that another organisation keeps."""

import pytest

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.agreements.loading import load_national_models
from preau.directory.actions.following import follow_place
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.charters.factories import charter_of
from tests.places.factories import PlaceFactory


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def hand_of(organization, role=MembershipRole.MANAGER):
    membership = MembershipFactory(organization=organization, role=role)
    return Actor(membership.user, membership)


@pytest.fixture
def keeper(db):
    return OrganizationFactory(verified=True, kind=OrganizationKind.EPCI, name="Pays Voironnais")


@pytest.fixture
def keeping(keeper):
    return hand_of(keeper)


@pytest.fixture
def town(db):
    return OrganizationFactory(verified=True, town=True)


@pytest.fixture
def hosting(town):
    return hand_of(town)


@pytest.fixture
def place(town):
    place = PlaceFactory(owner=town)
    follow_place(place)
    return place


@pytest.fixture
def charter(keeper, keeping):
    load_national_models()
    return charter_of(keeper, keeping)
