"""The rooms of shared places: their samples and worlds, gathered for `samples`."""

from tests.permissions.samples_capacity import (
    CAPACITY_SAMPLES,
    CAPACITY_SAMPLES_BY_ARGUMENT,
    CapacityWorld,
)
from tests.permissions.samples_charters import (
    CHARTERS_SAMPLES,
    CHARTERS_SAMPLES_BY_ARGUMENT,
    ChartersWorld,
)
from tests.permissions.samples_directory import (
    DIRECTORY_SAMPLES,
    DIRECTORY_SAMPLES_BY_ARGUMENT,
    DirectoryWorld,
)
from tests.permissions.samples_economics import (
    ECONOMICS_SAMPLES,
    ECONOMICS_SAMPLES_BY_ARGUMENT,
    EconomicsWorld,
)
from tests.permissions.samples_initiatives import (
    INITIATIVES_SAMPLES,
    INITIATIVES_SAMPLES_BY_ARGUMENT,
    InitiativesWorld,
)
from tests.permissions.samples_mediation import (
    MEDIATION_SAMPLES,
    MEDIATION_SAMPLES_BY_ARGUMENT,
    MediationWorld,
)
from tests.permissions.samples_siting import SITING_SAMPLES, SITING_SAMPLES_BY_ARGUMENT, SitingWorld
from tests.permissions.samples_timetables import (
    TIMETABLES_SAMPLES,
    TIMETABLES_SAMPLES_BY_ARGUMENT,
    TimetablesWorld,
)


class SharedWorld(
    DirectoryWorld,
    InitiativesWorld,
    ChartersWorld,
    MediationWorld,
    CapacityWorld,
    TimetablesWorld,
    SitingWorld,
    EconomicsWorld,
):
    """Everything of the rooms of shared places."""


SHARED_SAMPLES = (
    DIRECTORY_SAMPLES
    | INITIATIVES_SAMPLES
    | CHARTERS_SAMPLES
    | MEDIATION_SAMPLES
    | CAPACITY_SAMPLES
    | TIMETABLES_SAMPLES
    | SITING_SAMPLES
    | ECONOMICS_SAMPLES
)
SHARED_SAMPLES_BY_ARGUMENT = (
    DIRECTORY_SAMPLES_BY_ARGUMENT
    | INITIATIVES_SAMPLES_BY_ARGUMENT
    | CHARTERS_SAMPLES_BY_ARGUMENT
    | MEDIATION_SAMPLES_BY_ARGUMENT
    | CAPACITY_SAMPLES_BY_ARGUMENT
    | TIMETABLES_SAMPLES_BY_ARGUMENT
    | SITING_SAMPLES_BY_ARGUMENT
    | ECONOMICS_SAMPLES_BY_ARGUMENT
)
