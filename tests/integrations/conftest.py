import pytest

from tests.integrations.misbehaving import running


@pytest.fixture(scope="session")
def geocoder_url():
    with running("fakes.geocoder") as address:
        yield address
