"""A store of its own for each test, and a way to hang pictures."""

import pytest

from preau.accounts.actors import SYSTEM
from preau.places import actions
from tests.documents.pictures import picture


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def album():
    def hang(place, space=None, text="La grande salle", **size):
        return actions.add_photo(
            actor=SYSTEM, place=place, space=space, upload=picture(**size), alternative_text=text
        )

    return hang
