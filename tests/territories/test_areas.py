"""Territories of any size, by key and by name."""

import pytest
from django.core.exceptions import ValidationError

from preau.core import clock
from preau.core.errors import Refusal
from preau.territories.area_field import AreaField
from preau.territories.areas import (
    NATION,
    AreaKind,
    area,
    communes_of,
    departements_of,
    keys_over,
    meant_area,
    suggest_areas,
)
from preau.territories.models import Commune, Crte, CrteMembership, Epci
from tests.territories.factories import CommuneFactory, DepartementFactory, RegionFactory

pytestmark = pytest.mark.django_db
KEYS = [
    "nation:",
    "region:84",
    "departement:38",
    "epci:243800984",
    "crte:crte-1",
    "commune:38185",
]


@pytest.fixture
def world():
    voironnais = Epci.objects.create(siren="243800984", name="CA du Pays Voironnais", kind="CA")
    grenoble = CommuneFactory()
    voiron = CommuneFactory(code="38563", name="Voiron", epci=voironnais, postcodes=["38500"])
    drome = DepartementFactory(code="26", name="Drôme")
    valence = CommuneFactory(code="26362", name="Valence", departement=drome, postcodes=["26000"])
    paris = DepartementFactory(
        code="75", name="Paris", region=RegionFactory(code="11", name="Île-de-France")
    )
    capital = CommuneFactory(code="75056", name="Paris", departement=paris, postcodes=["75001"])
    crte = Crte.objects.create(code="crte-1", name="Voironnais", departement=voiron.departement)
    CrteMembership.objects.create(crte=crte, commune=voiron, since="2020-01-01")
    return [grenoble, voiron, valence, capital]


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("nation:", {"38185", "38563", "26362", "75056"}),
        ("region:84", {"38185", "38563", "26362"}),
        ("departement:38", {"38185", "38563"}),
        ("epci:243800984", {"38563"}),
        ("crte:crte-1", {"38563"}),
        ("commune:38185", {"38185"}),
    ],
)
def test_each_size_holds_its_communes(world, key, codes):
    where = area(key)
    assert where.key == key
    assert {one.pk for one in communes_of(where)} == codes
    wanted = Commune.objects.filter(pk__in=codes).values_list("departement", flat=True)
    assert departements_of(where) == sorted(set(wanted))


def test_a_commune_is_in_every_territory_that_holds_it(world):
    for one in world:
        held = {key for key in KEYS if one.pk in {c.pk for c in communes_of(area(key))}}
        assert held == set(keys_over(one)) & set(KEYS)
    voiron = world[1]
    assert set(keys_over(voiron)) == {*KEYS, "commune:38563"} - {"commune:38185"}
    CrteMembership.objects.update(until=clock.today())
    assert "crte:crte-1" not in keys_over(voiron)


@pytest.mark.parametrize("key", ["", "nation:1", "region:99", "village:38", "departement:", "38"])
def test_what_is_no_territory_is_refused(world, key):
    with pytest.raises(Refusal):
        area(key)


def test_a_commune_gone_is_no_longer_there(world):
    Commune.objects.filter(pk="38563").update(active=False)
    assert {one.pk for one in communes_of(area("departement:38"))} == {"38185"}


def test_what_is_suggested_is_understood_when_sent_back(world):
    for text in ("isère", "pari", "voiron", "france", "38", "auvergne"):
        found = suggest_areas(text)
        assert found
        for one in found:
            assert meant_area(one.label) == (one, []), one.label
            assert meant_area(one.key) == (one, [])


def test_a_name_of_several_is_asked_again(world):
    found, others = meant_area("Paris")
    assert found is None
    assert {one.kind for one in others} == {AreaKind.DEPARTEMENT, AreaKind.COMMUNE}


def test_the_field_gives_a_territory_or_says_what_to_type(world):
    field = AreaField()
    assert field.clean("France entière") == NATION
    assert field.clean("Isère").key == "departement:38"
    assert field.prepare_value("departement:38") == "Isère (38), département"
    for typed, said in (("Paris", "Plusieurs"), ("Xyzzy", "n’est pas connu")):
        with pytest.raises(ValidationError, match=said):
            field.clean(typed)
