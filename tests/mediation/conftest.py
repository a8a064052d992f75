"""A town that receives people in its place."""

import pytest

from tests.accounts.factories import OrganizationFactory
from tests.mediation.factories import hand_of, sheet_of
from tests.places.factories import PlaceFactory


@pytest.fixture
def town(db):
    return OrganizationFactory(verified=True, town=True)


@pytest.fixture
def sheet(town):
    return sheet_of(PlaceFactory(owner=town))


@pytest.fixture
def mediator(town):
    return hand_of(town)
