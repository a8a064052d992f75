"""The commune meant, and those that the same name may mean."""

import pytest

from preau.territories.queries import meant, resolve
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def saints():
    return [
        CommuneFactory(code=f"381{n:02}", name="Saint-Martin", population=1000 - n, postcodes=[])
        for n in range(3)
    ]


def test_a_name_alone_comes_with_its_namesakes(saints, django_assert_num_queries):
    CommuneFactory(code="38200", name="Saint-Martin-le-Vinoux", population=5000)
    with django_assert_num_queries(1):
        assert meant("St Martin") == (saints[0], saints[1:])


@pytest.mark.parametrize("text", ["saint-marti", "Saint-Marzin"])
def test_an_unfinished_or_mistyped_name_too(saints, text):
    assert meant(text) == (saints[0], saints[1:])


def test_a_number_leaves_no_doubt(saints):
    CommuneFactory(code="38185", name="Grenoble", postcodes=["38000"])
    assert meant("38000") == (resolve("Grenoble"), [])
    assert meant("Grenoble 38000") == (resolve("38000"), [])
    assert meant("nulle part") == (None, [])
    assert meant("") == (None, [])


def test_an_article_is_another_name():
    plain = CommuneFactory(code="01100", name="Chapelle", population=50)
    CommuneFactory(code="01101", name="La Chapelle", population=90)
    assert meant("La Chapelle") == (resolve("La Chapelle"), [])
    assert meant("Chapelle")[0] != plain  # the most populated of both
