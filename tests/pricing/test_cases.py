"""Every case worked out by hand."""

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from preau.core.timeranges import Period
from preau.pricing.engine import Demand, Facts, compute
from preau.pricing.grids import Who
from tests.pricing.cases import CASES

PARIS = ZoneInfo("Europe/Paris")
PEOPLE = {"R": "particulier", "A": "association", "C": "entreprise"}


def period(text):
    first, last = (datetime.fromisoformat(f"2027-{one.strip()}") for one in text.split(">"))
    return Period(first.replace(tzinfo=PARIS), last.replace(tzinfo=PARIS))


def computed(case):
    more = case.more
    used = more.get("used", {})
    demand = Demand(
        periods=[period(text) for text in case.dates.split(",")],
        zone=PARIS,
        who=Who(PEOPLE[case.who[0]], case.who.endswith("L")),
        quantity=more.get("quantity", 1),
        options=more.get("options", ()),
        attendance=more.get("people"),
    )
    in_every_stretch = defaultdict(int)
    for pk, amount in used.items():
        for window in WINDOWS:
            in_every_stretch[pk, window] = amount
    return compute(case.grid, demand, Facts(in_every_stretch, lambda day: more.get("term", True)))


WINDOWS = [datetime(2027, 1, 1).date(), datetime(2027, 3, 1).date(), datetime(2027, 3, 8).date()]


def test_there_are_enough_cases():
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_price_is_the_one_worked_out_by_hand(case):
    result = computed(case)
    if case.euros is None:
        assert not result.is_priced
        return
    assert result.is_priced
    assert result.total_cents == case.euros * 100, result.lines
    assert sum(result.per_period) == result.total_cents
    for line in result.lines:
        assert line.amount_cents == line.quantity * line.unit_cents
        assert line.label and line.explanation.endswith(".")
