"""Spaces and their units: ordinary, divided, pooled."""

import pytest

from preau.accounts.actors import SYSTEM
from preau.core.errors import Refusal
from preau.places import actions
from preau.places.enums import Equipment, Layout, Publication, SpaceKind
from preau.places.models import SpaceUnit
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds, pool

pytestmark = pytest.mark.django_db


def units_of(space):
    rows = SpaceUnit.objects.filter(space=space)
    return list(rows.order_by("unit__position").values_list("unit__position", flat=True))


def test_an_ordinary_space_has_one_unit_of_its_own():
    place = PlaceFactory()
    space = actions.create_space(
        actor=SYSTEM,
        place=place,
        name="Salle du conseil",
        kind=SpaceKind.SALLE_REUNION,
        capacity=30,
        equipment={Equipment.SCREEN: 1, Equipment.CHAIRS: 30, Equipment.PIANO: 0},
        layouts={Layout.THEATRE: 30},
    )
    assert space.slug == "salle-du-conseil"
    assert space.publication == Publication.DRAFT
    assert space.own_units.get().name == "Salle du conseil"
    assert units_of(space) == [0]
    assert dict(space.equipment.values_list("kind", "quantity")) == {1: 1, 7: 30}


def test_a_pool_has_one_unit_a_station():
    desks = pool(PlaceFactory(), 12)
    assert desks.is_pool
    assert units_of(desks) == list(range(12))
    assert desks.own_units.first().name == "Poste 1"


def test_a_hall_shares_its_units_with_its_parts():
    hall = hall_in_thirds(PlaceFactory())
    assert units_of(hall) == [0, 1, 2]
    assert [units_of(part) for part in hall.parts.order_by("pk")] == [[0], [1], [2], [0, 1], [1, 2]]
    assert {part.publication for part in hall.parts.all()} == {Publication.PUBLISHED}


def test_a_combination_is_declared_once():
    hall = hall_in_thirds(PlaceFactory())
    with pytest.raises(Refusal, match="existe déjà"):
        actions.add_combination(
            actor=SYSTEM, hall=hall, combination=actions.Combination("Deux tiers", 200, (1, 0))
        )
    made = actions.add_combination(
        actor=SYSTEM, hall=hall, combination=actions.Combination("Les ailes", 200, (0, 2))
    )
    assert units_of(made) == [0, 2]


@pytest.mark.parametrize("positions", [(), (0,), (0, 1, 2), (7, 8)])
def test_a_combination_takes_some_parts_not_all(positions):
    hall = hall_in_thirds(PlaceFactory())
    with pytest.raises(Refusal, match="au moins deux parties"):
        actions.add_combination(
            actor=SYSTEM, hall=hall, combination=actions.Combination("Non", 10, positions)
        )


def test_undividing_gives_one_room_back():
    hall = hall_in_thirds(PlaceFactory())
    actions.undivide_space(actor=SYSTEM, space=hall)
    assert not hall.parts.exists()
    assert units_of(hall) == [0]


def test_a_pool_grows_and_shrinks():
    desks = pool(PlaceFactory(), 3)
    actions.resize_pool(actor=SYSTEM, space=desks, size=5)
    assert [unit.name for unit in desks.own_units.all()][-1] == "Poste 5"
    actions.resize_pool(actor=SYSTEM, space=desks, size=2)
    assert units_of(desks) == [0, 1]
    with pytest.raises(Refusal):
        actions.resize_pool(actor=SYSTEM, space=desks, size=0)


def test_a_pool_and_a_part_do_not_divide():
    place = PlaceFactory()
    parts = [actions.Part("A", 10), actions.Part("B", 10)]
    hall = hall_in_thirds(place)
    for space in (pool(place, 3), hall.parts.first(), hall):
        with pytest.raises(Refusal):
            actions.divide_space(actor=SYSTEM, space=space, parts=parts)


@pytest.mark.parametrize("names", [["Une"], ["Scène", "scène"], [str(n) for n in range(13)]])
def test_parts_are_several_and_named_apart(names):
    parts = [actions.Part(name, 10) for name in names]
    with pytest.raises(Refusal):
        actions.divide_space(actor=SYSTEM, space=SpaceFactory(), parts=parts)


def test_rules_of_a_hall_may_reach_its_parts():
    hall = hall_in_thirds(PlaceFactory())
    actions.edit_space(actor=SYSTEM, space=hall, and_parts=True, buffer_after=30, name="Halle")
    assert {part.buffer_after for part in hall.parts.all()} == {30}
    assert not hall.parts.filter(name="Halle").exists()


def test_the_database_refuses_contradictory_rules():
    with pytest.raises(Refusal, match="durée maximale"):
        actions.edit_space(actor=SYSTEM, space=SpaceFactory(), min_minutes=120, max_minutes=60)
    with pytest.raises(Refusal, match="quarts d’heure"):
        actions.edit_space(actor=SYSTEM, space=SpaceFactory(), buffer_before=10)


def test_a_copy_is_a_draft_with_its_own_units():
    desks = pool(PlaceFactory(), 4)
    copy = actions.duplicate_space(actor=SYSTEM, space=desks)
    assert copy.publication == Publication.DRAFT
    assert units_of(copy) == [0, 1, 2, 3]
    assert copy.slug != desks.slug


def test_no_layout_holds_more_than_the_space():
    with pytest.raises(Refusal, match="40 personnes") as caught:
        actions.edit_space(actor=SYSTEM, space=SpaceFactory(), layouts={Layout.THEATRE: 41})
    assert caught.value.field == "layout_conference"
