"""The names of states are those of the glossary."""

from pathlib import Path

import pytest
from django.conf import settings

from preau.resources.enums import ResourceState, Signal, Source


@pytest.mark.parametrize("choices", [ResourceState, Signal, Source])
def test_each_name_is_in_the_glossary(choices):
    text = (Path(settings.BASE_DIR) / "docs" / "glossaire.md").read_text()
    for value, label in choices.choices:
        assert f"| {label} | `{value}` |" in text
