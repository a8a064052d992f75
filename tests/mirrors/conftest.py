import pytest

from fakes.misbehaving import door
from tests.integrations.misbehaving import running


@pytest.fixture(scope="session")
def grist_url():
    with running("fakes.grist") as address:
        yield address


@pytest.fixture
def grist(grist_url, settings):
    """An empty fake, whose server is allowed here."""
    door(grist_url, "/_mood/none")
    door(grist_url, "/_reset")
    settings.GRIST_HOSTS = [grist_url.removeprefix("http://")]
    settings.SITE_URL = "http://localhost:8000"
    return grist_url
