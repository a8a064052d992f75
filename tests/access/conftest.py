"""A real broker with a door behind it, and the makers' fakes, as processes of their own."""

import pytest

from tests.access.wires import standing
from tests.integrations.lock_fakes import running


@pytest.fixture(scope="session")
def zigbee_lock(tmp_path_factory):
    with standing(tmp_path_factory.mktemp("broker")) as keypad:
        yield keypad


@pytest.fixture
def keypad(zigbee_lock, settings):
    zigbee_lock.reset()
    settings.MQTT_URL = zigbee_lock.url
    return zigbee_lock


@pytest.fixture(scope="session")
def nuki_doors():
    with running("fakes.nuki") as doors:
        yield doors


@pytest.fixture(scope="session")
def ttlock_doors():
    with running("fakes.ttlock") as doors:
        yield doors


@pytest.fixture(scope="session")
def igloo_doors():
    with running("fakes.igloohome") as doors:
        yield doors


@pytest.fixture
def makers(nuki_doors, ttlock_doors, igloo_doors, settings):
    """The three of them, fresh."""
    for one in (nuki_doors, ttlock_doors, igloo_doors):
        one.reset()
    settings.NUKI_URL, settings.TTLOCK_URL = nuki_doors.url, ttlock_doors.url
    settings.IGLOOHOME_URL = settings.IGLOOHOME_AUTH_URL = igloo_doors.url
    return {"nuki": nuki_doors, "ttlock": ttlock_doors, "igloohome": igloo_doors}
