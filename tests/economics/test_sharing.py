"""The three rules against what their definitions say, group by group."""

import random
import time
from fractions import Fraction
from itertools import combinations
from math import factorial

import pytest

from preau.economics.sharing.core import group_costs, worst_leaving
from preau.economics.sharing.game import Costs, Game, Provider, Room
from preau.economics.sharing.rounding import to_cents
from preau.economics.sharing.rules import Rule, all_rules, share


def random_game(seed, most=7, least=1):
    dice = random.Random(seed)
    slots = [f"jour{i}" for i in range(dice.randint(1, 12))]
    providers = tuple(
        Provider(
            f"P{i}",
            minutes=15 * dice.randint(1, 400),
            square_metres=dice.randint(5, 120),
            half_days=frozenset(dice.sample(slots, dice.randint(0, len(slots)))),
        )
        for i in range(dice.randint(least, most))
    )
    rooms = tuple(
        Room(dice.randint(10, 100), dice.randint(0, 90_000)) for _ in range(dice.randint(0, 3))
    )
    costs = Costs(
        dice.choice([0, dice.randint(1, 900_000)]),
        dice.randint(0, 9_999),
        dice.randint(0, 333),
        rooms,
    )
    return Game(costs, providers)


def enumerated(game):
    """Shapley's own definition: the marginal cost of each, over every group of the others."""
    size = len(game.providers)
    costs = group_costs(game)
    values = []
    for i in range(size):
        value = Fraction(0)
        for group in range(1 << size):
            if group >> i & 1:
                continue
            members = group.bit_count()
            weight = Fraction(factorial(members) * factorial(size - members - 1), factorial(size))
            value += weight * (costs[group | 1 << i] - costs[group])
        values.append(value)
    return values


@pytest.mark.parametrize("seed", range(60))
def test_costs_of_groups_are_those_of_the_game(seed):
    game = random_game(seed)
    costs = group_costs(game)
    for size in range(len(game.providers) + 1):
        for numbers in combinations(range(len(game.providers)), size):
            mask = sum(1 << i for i in numbers)
            assert costs[mask] == game.cost([game.providers[i] for i in numbers])


@pytest.mark.parametrize("seed", range(60))
def test_shapley_is_its_definition(seed):
    game = random_game(seed)
    assert [one.exact for one in share(game, Rule.SHAPLEY).shares] == enumerated(game)


def test_shapley_of_twelve_is_its_definition():
    game = random_game(7, most=12, least=12)
    start = time.perf_counter()
    found = [one.exact for one in share(game, Rule.SHAPLEY).shares]
    assert time.perf_counter() - start < 0.5
    assert found == enumerated(game)


@pytest.mark.parametrize("seed", range(120))
def test_every_rule_adds_up_to_the_cent(seed):
    game = random_game(seed, most=15)
    for sharing in all_rules(game):
        assert sum(one.cents for one in sharing.shares) == game.total == sharing.total
        for one in sharing.shares:
            assert abs(one.cents - one.exact) < 1
            assert sum(part.cents for part in one.parts) == one.cents
        again = share(game, sharing.rule)
        assert again == sharing


@pytest.mark.parametrize("seed", range(120))
def test_nobody_leaves_shapley(seed):
    game = random_game(seed)
    sharing = share(game, Rule.SHAPLEY)
    assert sharing.nobody_pays_more_than_alone
    assert worst_leaving(game, sharing) is None


def test_a_group_that_would_leave_is_named():
    """Two small users beside a large room that they do not need."""
    game = Game(
        Costs(opening=100, rooms=(Room(10, 1_000), Room(200, 101_000))),
        (
            Provider("Poste", 600, 10),
            Provider("Caf", 600, 10),
            Provider("Théâtre", 60, 200),
        ),
    )
    sharing = share(game, Rule.EQUAL_FIXED)
    assert not sharing.nobody_pays_more_than_alone
    leaving = worst_leaving(game, sharing)
    assert leaving.names == ("Poste", "Caf")
    assert leaving.cents == round(sharing.shares[0].exact * 2) - 1_100
    assert worst_leaving(game, share(game, Rule.SHAPLEY)) is None


def test_a_case_by_hand():
    """Opening 900, two half-days at 100, one shared; rooms 20 m² for 60, 50 m² for 100."""
    game = Game(
        Costs(900, 100, 60, (Room(50, 100), Room(20, 60))),
        (
            Provider("A", 60, 15, frozenset({"lundi", "mardi"})),
            Provider("B", 120, 40, frozenset({"mardi"})),
        ),
    )
    assert game.total == 900 + 200 + 100 + 60 + 120
    shapley = share(game, Rule.SHAPLEY)
    assert [one.cents for one in shapley.shares] == [450 + 150 + 30 + 60, 450 + 50 + 70 + 120]
    assert [one.cents for one in share(game, Rule.PROPORTIONAL).shares] == [
        round(1380 * 900 / 5700),
        round(1380 * 4800 / 5700),
    ]
    assert [one.cents for one in share(game, Rule.EQUAL_FIXED).shares] == [627, 753]
    assert shapley.shares[0].alone == 900 + 200 + 60 + 60


def test_remainders_go_to_the_largest_then_in_order():
    assert to_cents([Fraction(10, 3)] * 3, 10) == [4, 3, 3]
    assert to_cents([Fraction(1, 4), Fraction(3, 4), Fraction(1)], 2) == [0, 1, 1]
    with pytest.raises(ValueError, match="add up"):
        to_cents([Fraction(1, 2)], 5)


def test_nobody_shares_nothing():
    assert share(Game(Costs(opening=100), ()), Rule.SHAPLEY).shares == ()


def test_too_many_to_enumerate_is_said():
    game = random_game(3, most=13, least=13)
    with pytest.raises(ValueError, match="Too many"):
        worst_leaving(game, share(game, Rule.SHAPLEY))
