"""A reader who knows the code and sees the whole line finds no hidden count."""

from collections import defaultdict
from datetime import date
from itertools import product

import pytest

from preau.stats import disclosure
from preau.stats.disclosure import is_few, protect
from preau.stats.enums import Shown

MONTH = date(2027, 3, 1)
#: Larger counts than are checked, so that a reader may suppose them.
SUPPOSED, CHECKED = 17, 9


def seen(counts, protected=None):
    """All that is published of a line."""
    shown = (protected or protect)(counts, MONTH)
    total = sum(counts.values())
    cells = tuple(
        value if shown.cells[key] == Shown.YES else shown.cells[key].value
        for key, value in counts.items()
    )
    return cells, total if shown.total == Shown.YES else shown.total.value


def given_away(width, protected=None, *, upto=SUPPOSED, checked=CHECKED):
    """Lines of which some hidden small count has one possible value only."""
    codes = ["01", "02", "03", "04"][:width]
    alike = defaultdict(list)
    for values in product(range(upto + 1), repeat=width):
        alike[seen(dict(zip(codes, values, strict=True)), protected)].append(values)
    return [
        (values, what)
        for what, lines in alike.items()
        for values in lines
        if max(values) <= checked
        for index, value in enumerate(values)
        if is_few(value) and len({line[index] for line in lines}) == 1
    ]


@pytest.mark.parametrize("width", [1, 2, 3])
def test_no_small_count_is_given_away(width):
    assert given_away(width) == []


def test_nor_among_four():
    assert given_away(4, upto=11, checked=6) == []


@pytest.mark.parametrize("values", list(product(range(7), repeat=3)))
def test_no_small_count_is_shown(values):
    cells, total = seen(dict(zip("abc", values, strict=True)))
    assert not any(isinstance(value, int) and is_few(value) for value in (*cells, total))


# --- The attack is tested: it must find what careless ways give away ---------------------------


def hide_only_the_few(counts, month):
    cells = {key: Shown.FEW if is_few(value) else Shown.YES for key, value in counts.items()}
    total = Shown.FEW if is_few(sum(counts.values())) else Shown.YES
    return disclosure.Protected(cells, total)


def mask_the_smallest_with_them(counts, month):
    """The usual way: it forgets that the total says how the two share it."""
    shown = hide_only_the_few(counts, month)
    large = sorted((value, key) for key, value in counts.items() if value >= 5)
    if Shown.FEW in shown.cells.values() and large:
        shown.cells[large[0][1]] = Shown.MASKED
    return shown


@pytest.mark.parametrize("careless", [hide_only_the_few, mask_the_smallest_with_them])
def test_the_attack_finds_what_careless_ways_give_away(careless):
    assert given_away(3, careless)
