"""Alphabetical order: accents, capitals and ligatures stand with their letters."""

import pytest

from preau.core.french import by_name, rank
from preau.territories.models import Region

IN_ORDER = ["Dojo", "école du bourg", "École Zola", "Foyer", "Île Verte", "oeil", "Œuvre", "Zone"]


def test_a_list_of_python():
    assert sorted(set(IN_ORDER), key=rank) == IN_ORDER


@pytest.mark.django_db
def test_a_list_of_the_database():
    for number, name in enumerate(reversed(IN_ORDER)):
        Region.objects.create(code=f"{number:02}", name=name)
    found = Region.objects.order_by(*by_name("name")).values_list("name", flat=True)
    assert list(found) == IN_ORDER
