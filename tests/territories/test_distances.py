"""Great-circle distances: Python and SQL say the same."""

import pytest

from preau.territories.distances import distance_km, in_box, km_between
from preau.territories.models import Commune
from tests.territories.factories import CommuneFactory

PARIS, GRENOBLE, NOUMEA = (48.8566, 2.3522), (45.1885, 5.7245), (-22.2758, 166.458)


def test_known_distances():
    assert km_between(*PARIS, *GRENOBLE) == pytest.approx(481.5, abs=1.5)
    assert km_between(*PARIS, *NOUMEA) == pytest.approx(16_740, rel=0.01)
    assert km_between(*PARIS, *PARIS) == 0
    assert km_between(0, 0, 0, 180) == pytest.approx(20_015.1, abs=0.2)


@pytest.mark.django_db
@pytest.mark.parametrize("start", [PARIS, GRENOBLE, NOUMEA, (-14.3, 179.99), (90.0, 0.0)])
def test_sql_agrees_with_python(start):
    CommuneFactory()
    commune = Commune.objects.annotate(km=distance_km(*start)).get()
    assert commune.km == pytest.approx(km_between(*start, *GRENOBLE), abs=1e-6)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end"),
    [
        (PARIS, (48.95, 2.45)),
        ((-14.3, 179.95), (-14.3, -179.95)),
        ((-14.3, -179.95), (-14.3, 179.95)),
        ((89.99, 0.0), (89.99, 180.0)),
        ((60.0, 10.0), (60.15, 9.7)),
    ],
)
def test_the_box_holds_every_point_of_the_circle(start, end):
    CommuneFactory(latitude=end[0], longitude=end[1])
    km = km_between(*start, *end) + 0.001
    assert Commune.objects.filter(in_box(*start, km)).exists()


@pytest.mark.django_db
def test_the_box_leaves_far_points_out():
    CommuneFactory()
    assert not Commune.objects.filter(in_box(*PARIS, 100)).exists()
