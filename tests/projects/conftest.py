"""A project that is accompanied, and the two people most tests need."""

import pytest

from preau.projects.enums import ProjectState
from tests.projects.factories import ProjectFactory, agent_of, holder, pair_of


@pytest.fixture
def mayor():
    """Of the commune that carries the project."""
    return holder()


@pytest.fixture
def project(mayor):
    return ProjectFactory(state=ProjectState.ACCOMPANIED, holder_organization=mayor.organization)


@pytest.fixture
def agent(project):
    """Of the DDT of its département."""
    return agent_of(pair_of(project.lead_commune).ddt)
