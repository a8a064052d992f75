"""The stand-in of Démarche numérique, as a process, and what is asked of it."""

from datetime import UTC, datetime

import pytest

from preau.accounts.actors import Actor
from preau.connectors.actions import procedures
from preau.connectors.procedures.readymade import proposed
from preau.connectors.procedures.schema import loaded
from preau.connectors.procedures.states import Family
from preau.core import clock
from preau.projects.enums import ProjectState
from tests.accounts.factories import UserFactory
from tests.integrations.misbehaving import door, running
from tests.projects.factories import ProjectFactory, holder
from tests.territories.factories import CommuneFactory

#: When the stand-in's time stands still.
START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def demarches_process():
    with running("fakes.demarches") as address:
        yield address


@pytest.fixture
def demarches(demarches_process, settings):
    """Opened, emptied, our time and its own at the same moment; opens its doors."""
    settings.DEMARCHES_URL = demarches_process
    door(demarches_process, "/_mood/none")
    door(demarches_process, "/_reset")
    with clock.frozen(START):
        yield lambda path, body=None: door(demarches_process, path, body)


@pytest.fixture
def operator(db):
    return Actor(UserFactory(operator=True))


def added(operator, path, family):
    """Read, confirmed as proposed, published."""
    made = procedures.add(path, family, actor=operator)
    chosen = proposed(Family(family), loaded(made.champs))
    procedures.confirm(made, chosen, seen_revision=made.revision, actor=operator)
    procedures.publish(made, actor=operator)
    return made


@pytest.fixture
def detr(demarches, operator):
    return added(operator, "detr-dsil-2027", Family.DETR_DSIL)


@pytest.fixture
def mayor(db):
    return holder(commune=CommuneFactory(code="38563", name="Voiron", postcodes=["38500"]))


@pytest.fixture
def project(mayor):
    return ProjectFactory(
        name="Une halle pour le marché",
        description="Couvrir la place.",
        state=ProjectState.ACCOMPANIED,
        holder_organization=mayor.organization,
        lead_commune=mayor.organization.commune,
        contact_name="Ana Silva",
        contact_email="mairie@voiron.example",
        budget_cents=480_000_00,
        starts_on=datetime(2027, 3, 1).date(),
    )
