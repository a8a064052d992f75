"""Every state of the desk has its one French name in the glossary."""

from pathlib import Path

import pytest
from django.conf import settings

from preau.desk.enums import ImportState, ItemState, Moment, Signer


@pytest.mark.parametrize("choices", [Moment, ItemState, Signer, ImportState])
def test_the_glossary_names_every_state(choices):
    text = (Path(settings.BASE_DIR) / "docs" / "glossaire.md").read_text()
    missing = [one.label for one in choices if f"| {one.label} | `{one.value}` |" not in text]
    assert not missing
