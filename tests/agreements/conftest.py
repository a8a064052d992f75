import pytest
from django.test import override_settings

from preau.accounts.enums import OrganizationKind
from preau.agreements.loading import load_national_models
from tests.accounts.factories import OrganizationFactory
from tests.agreements.papers import every_paper
from tests.places.factories import PlaceFactory, SpaceFactory


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def library(db):
    return load_national_models()


@pytest.fixture
def town(db):
    return OrganizationFactory(verified=True, town=True)


@pytest.fixture
def place(town):
    return PlaceFactory(owner=town, erp_type="L", erp_category=4, max_attendance=120)


@pytest.fixture
def space(place):
    return SpaceFactory(place=place)


@pytest.fixture
def holder(db):
    return OrganizationFactory(
        verified=True, kind=OrganizationKind.ASSOCIATION, rna="W381000000", name="Les Pas dansants"
    )


@pytest.fixture(scope="session")
def papers(django_db_setup, django_db_blocker, tmp_path_factory):
    """Every paper of the platform; nothing of it stays in the database."""
    folder = tmp_path_factory.mktemp("papers")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder):
        return every_paper()
