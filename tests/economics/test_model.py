"""The simulation against a slow one, against a computation by hand, and against itself."""

import math
import random
import time

import numpy as np
import pytest

from preau.economics.model.hypotheses import MONTHS, Guess, Hypotheses, Line, OneOff
from preau.economics.model.simulation import simulate, uniforms


def random_hypotheses(seed):
    dice = random.Random(seed)

    def guess(most):
        return Guess(*sorted(dice.randint(0, most) for _ in range(3)))

    lines = tuple(
        Line(
            f"L{i}",
            dice.choice([1, -1]),
            guess(300_000),
            guess(20) if dice.random() < 0.5 else Guess(1, 1, 1),
            start=dice.randint(1, 20),
            ramp=dice.randint(0, 15),
        )
        for i in range(dice.randint(1, 6))
    )
    one_offs = tuple(
        OneOff(f"O{i}", dice.choice([1, -1]), guess(5_000_000), dice.randint(1, MONTHS))
        for i in range(dice.randint(0, 3))
    )
    return Hypotheses(lines, one_offs, dice.randint(0, 100_000))


def drawn(guess, chance):
    if guess.high == guess.low:
        return guess.likely
    turn = (guess.likely - guess.low) / (guess.high - guess.low)
    if chance < turn:
        return guess.low + math.sqrt(chance * (guess.high - guess.low) * (guess.likely - guess.low))
    rest = (1 - chance) * (guess.high - guess.low) * (guess.high - guess.likely)
    return guess.high - math.sqrt(rest)


def one_future(hypotheses, chances):
    """Month after month, as one would with a pencil."""
    values = [drawn(guess, u) for guess, u in zip(hypotheses.guesses, chances, strict=True)]
    cash, cashes, months = hypotheses.start_cents, [], []
    for month in range(1, MONTHS + 1):
        result = 0.0
        for i, line in enumerate(hypotheses.lines):
            if month >= line.start:
                there = 1 if line.ramp <= 1 else min(1, (month - line.start + 1) / line.ramp)
                result += line.sign * there * values[2 * i] * values[2 * i + 1]
        months.append(result)
        cash += result
        for i, one in enumerate(hypotheses.one_offs):
            if one.month == month:
                cash += one.sign * values[2 * len(hypotheses.lines) + i]
        cashes.append(cash)
    first = MONTHS
    while first > 0 and months[first - 1] >= -0.5:
        first -= 1
    return first, cashes, max(0, -min(cashes))


def rank(values, share):
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share / 100 * len(ordered)) - 1)]


@pytest.mark.parametrize("seed", range(12))
def test_the_same_as_one_future_after_the_other(seed):
    hypotheses, draws = random_hypotheses(seed), 400
    found = simulate(hypotheses, seed=seed, draws=draws)
    chances = uniforms(seed, len(hypotheses.guesses), draws)
    futures = [one_future(hypotheses, row) for row in chances.tolist()]
    for month in range(MONTHS):
        share = sum(first <= month for first, _, _ in futures) / draws
        assert found.balanced[month] == pytest.approx(share)
        for mine, part in ((found.p10, 10), (found.p50, 50), (found.p90, 90)):
            assert abs(mine[month] - rank([one[1][month] for one in futures], part)) <= 1
    assert abs(found.need_p50 - rank([one[2] for one in futures], 50)) <= 1
    assert abs(found.need_p90 - rank([one[2] for one in futures], 90)) <= 1
    assert found.never == pytest.approx(sum(one[0] == MONTHS for one in futures) / draws)


def sure(cents):
    return Guess(cents, cents, cents)


def test_sure_of_everything_is_a_computation_by_hand():
    """Rent 1,000 a month; income 400 units at 5 from month 4, whole in month 6; 6,000 at once."""
    hypotheses = Hypotheses(
        (
            Line("Loyer", -1, sure(100_000)),
            Line("Location", 1, sure(500), sure(400), start=4, ramp=3),
        ),
        (OneOff("Machines", -1, sure(600_000), 1), OneOff("Subvention", 1, sure(200_000), 2)),
        start_cents=50_000,
    )
    found = simulate(hypotheses, seed=1)
    # End of month 1: 50 000 - 600 000 - 100 000; then +200 000 - 100 000; then -100 000.
    assert found.p50[:3] == (-650_000, -550_000, -650_000)
    # Month 4 earns a third of 200 000: below the rent; month 5 two thirds: above.
    assert found.balanced[:5] == (0, 0, 0, 0, 1)
    assert found.p50[3:6] == (-683_333, -650_000, -550_000)
    assert found.p10 == found.p50 == found.p90 == found.likely
    assert found.p50[-1] == -550_000 + 30 * 100_000
    assert (found.need_p50, found.need_p90) == (683_333, 683_333)
    assert (found.never, found.ends_above, found.effects) == (0, 1, ())


def test_a_seed_gives_the_same_figures_and_another_does_not():
    hypotheses = random_hypotheses(3)
    assert simulate(hypotheses, seed=42) == simulate(hypotheses, seed=42)
    assert simulate(hypotheses, seed=42) != simulate(hypotheses, seed=43)


def test_the_seed_is_that_of_the_generator_for_ever():
    """Kept results must be found again after an upgrade of numpy."""
    assert uniforms(42, 2, 1).tolist() == [[0.7739560485559633, 0.4388784397520523]]


def test_what_weighs_most_comes_first():
    hypotheses = Hypotheses(
        (
            Line("Loyer", -1, Guess(900, 1_000, 1_100)),
            Line("Location", 1, Guess(5, 10, 30), Guess(100, 100, 100)),
        )
    )
    first, second = simulate(hypotheses, seed=1, draws=10).effects
    assert (first.label, first.low, first.high) == ("Location : montant", -18_000, 72_000)
    assert (second.label, second.low, second.high) == ("Loyer : montant", 3_600, -3_600)


def test_ten_thousand_futures_within_a_second():
    hypotheses = Hypotheses(
        tuple(Line(f"L{i}", 1 if i % 2 else -1, Guess(1, 2, 9), Guess(0, 5, 9)) for i in range(40))
    )
    start = time.perf_counter()
    simulate(hypotheses, seed=1)
    assert time.perf_counter() - start < 1


def test_nothing_supposed_stays_at_nothing():
    found = simulate(Hypotheses(), seed=1, draws=10)
    assert set(found.p50) == {0}
    assert np.isclose(found.balanced[0], 1)
