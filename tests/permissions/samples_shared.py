"""The rooms of shared places: their samples and worlds, gathered for `samples`."""

from tests.permissions.samples_access import (
    ACCESS_SAMPLES,
    ACCESS_SAMPLES_BY_ARGUMENT,
    AccessWorld,
)
from tests.permissions.samples_api import API_SAMPLES, API_SAMPLES_BY_ARGUMENT, ApiWorld
from tests.permissions.samples_calendars import CALENDARS_SAMPLES_BY_ARGUMENT, CalendarsWorld
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
from tests.permissions.samples_mirrors import (
    MIRRORS_SAMPLES,
    MIRRORS_SAMPLES_BY_ARGUMENT,
    MirrorsWorld,
)
from tests.permissions.samples_money_back import (
    MONEY_BACK_SAMPLES,
    MONEY_BACK_SAMPLES_BY_ARGUMENT,
    MoneyBackWorld,
)
from tests.permissions.samples_payments import PAYMENTS_SAMPLES_BY_ARGUMENT, PaymentsWorld
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
    MirrorsWorld,
    EconomicsWorld,
    AccessWorld,
    ApiWorld,
    CalendarsWorld,
    MoneyBackWorld,
    PaymentsWorld,
):
    """Everything of the rooms of shared places."""


SHARED_SAMPLES = (
    ACCESS_SAMPLES
    | API_SAMPLES
    | MONEY_BACK_SAMPLES
    | DIRECTORY_SAMPLES
    | INITIATIVES_SAMPLES
    | CHARTERS_SAMPLES
    | MEDIATION_SAMPLES
    | CAPACITY_SAMPLES
    | TIMETABLES_SAMPLES
    | SITING_SAMPLES
    | MIRRORS_SAMPLES
    | ECONOMICS_SAMPLES
)
SHARED_SAMPLES_BY_ARGUMENT = (
    ACCESS_SAMPLES_BY_ARGUMENT
    | API_SAMPLES_BY_ARGUMENT
    | CALENDARS_SAMPLES_BY_ARGUMENT
    | MONEY_BACK_SAMPLES_BY_ARGUMENT
    | PAYMENTS_SAMPLES_BY_ARGUMENT
    | DIRECTORY_SAMPLES_BY_ARGUMENT
    | INITIATIVES_SAMPLES_BY_ARGUMENT
    | CHARTERS_SAMPLES_BY_ARGUMENT
    | MEDIATION_SAMPLES_BY_ARGUMENT
    | CAPACITY_SAMPLES_BY_ARGUMENT
    | TIMETABLES_SAMPLES_BY_ARGUMENT
    | SITING_SAMPLES_BY_ARGUMENT
    | MIRRORS_SAMPLES_BY_ARGUMENT
    | ECONOMICS_SAMPLES_BY_ARGUMENT
)
