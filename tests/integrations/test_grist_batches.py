"""Bodies under the limits and cells of Grist, by properties."""

import json
import math
import tracemalloc
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preau.integrations.grist import cells
from preau.integrations.grist.batches import (
    RecordTooLarge,
    RequireRepeated,
    Update,
    Upsert,
    additions,
    updates,
    upserts,
)

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-cells.LARGEST_INTEGER, cells.LARGEST_INTEGER),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8"), max_size=30),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.lists(st.text(st.characters(codec="utf-8"), max_size=5), max_size=3),
)
FIELDS = st.dictionaries(st.sampled_from(["nom", "montant", "é" * 10]), VALUES)
SIZES = st.integers(400, 3_000)
ROWS = st.integers(1, 9)


def distinct(fields):
    return [Upsert({"uuid": str(rank)}, one) for rank, one in enumerate(fields)]


@given(st.lists(FIELDS, max_size=40), ROWS, SIZES)
def test_no_body_over_the_limits_order_kept_nothing_lost(fields, rows, size):
    records = distinct(fields)
    try:
        bodies = list(upserts(records, rows=rows, size=size))
    except RecordTooLarge as error:
        alone = [records[error.position]]
        with pytest.raises(RecordTooLarge):
            list(upserts(alone, size=size))
        return
    said = [json.loads(body.content)["records"] for body in bodies]
    assert all(len(body.content) <= size and 0 < body.rows <= rows for body in bodies)
    assert [len(some) for some in said] == [body.rows for body in bodies]
    assert [one for some in said for one in some] == [
        {"require": cells.cells(one.require), "fields": cells.cells(one.fields)} for one in records
    ]


@given(st.lists(FIELDS, min_size=1, max_size=40), ROWS, SIZES)
def test_no_body_could_have_held_the_next_record(fields, rows, size):
    try:
        bodies = list(upserts(distinct(fields), rows=rows, size=size))
    except RecordTooLarge:
        return
    for body, after in pairwise(bodies):
        first = json.loads(after.content)["records"][0]
        more = len(json.dumps(first, ensure_ascii=False, separators=(",", ":")).encode()) + 1
        assert body.rows == rows or len(body.content) + more > size


@given(st.lists(st.integers(0, 6), max_size=30), ROWS)
def test_a_body_never_requires_a_row_twice(uuids, rows):
    sent = []
    try:
        for body in upserts((Upsert({"uuid": one}, {}) for one in uuids), rows=rows):
            sent += [one["require"]["uuid"] for one in json.loads(body.content)["records"]]
            some = sent[-body.rows :]
            assert len(set(some)) == len(some)
    except RequireRepeated as error:
        start = error.position - error.position % rows
        assert uuids[error.position] in uuids[start : error.position]
        assert sent == uuids[:start]
    else:
        assert sent == uuids


@pytest.mark.parametrize(
    ("one", "other"), [(1, 1), (1, 1.0), (["a"], ["a"]), (date(1970, 1, 2), 86_400)], ids=str
)
def test_what_is_the_same_once_written_is_the_same(one, other):
    with pytest.raises(RequireRepeated) as raised:
        list(upserts([Upsert({"a": one, "b": ""}, {}), Upsert({"b": "", "a": other}, {})]))
    assert raised.value.position == 1
    list(upserts([Upsert({"a": one}, {}), Upsert({"b": one}, {})]))


def test_only_one_body_is_held():
    taken = []

    def records():
        for rank in range(1_000):
            taken.append(rank)
            yield Upsert({"uuid": rank}, {"nom": "x"})

    for number, body in enumerate(upserts(records(), rows=10), 1):
        assert body.rows == 10
        assert len(taken) <= number * 10 + 1


def test_memory_is_that_of_one_body_however_many_records():
    def peak(count):
        records = (Upsert({"uuid": rank}, {"nom": "x" * 200}) for rank in range(count))
        tracemalloc.start()
        total = sum(body.rows for body in upserts(records))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert total == count
        return most

    assert peak(20_000) < peak(2_000) * 1.5


def test_a_record_too_large_is_named_and_never_said():
    records = [Upsert({"uuid": 1}, {}), Upsert({"uuid": 2}, {"nom": "secret" * 100})]
    with pytest.raises(RecordTooLarge) as raised:
        list(upserts(records, size=300))
    assert (raised.value.position, "secret" in str(raised.value)) == (1, False)


def test_an_upsert_requires_something():
    with pytest.raises(ValueError, match="requires nothing"):
        list(upserts([Upsert({}, {"nom": "x"})]))
    with pytest.raises(ValueError, match="one record at least"):
        list(upserts([Upsert({"uuid": 1}, {})], rows=0))


def test_no_record_makes_no_body():
    assert [*upserts([]), *updates([]), *additions([])] == []


def test_updates_of_other_columns_go_in_another_body():
    records = [Update(1, {"a": 1}), Update(2, {"a": 2}), Update(3, {"b": 1}), Update(4, {"a": 3})]
    bodies = list(updates(records))
    assert [body.rows for body in bodies] == [2, 1, 1]
    said = [one for body in bodies for one in json.loads(body.content)["records"]]
    assert said == [{"id": one.id, "fields": dict(one.fields)} for one in records]


def test_what_may_be_sent_twice():
    (changes,) = upserts([Upsert({"a": 1}, {"a": 2})])
    (keeps,) = upserts([Upsert({"a": 1}, {"b": 2})])
    (mixed,) = upserts([Upsert({"a": 1}, {"b": 2}), Upsert({"a": 2}, {"a": 3})])
    assert (changes.again, keeps.again, mixed.again) == (False, True, False)
    assert next(updates([Update(1, {"a": 1})])).again
    assert not next(additions([{"a": 1}])).again


def test_a_body_is_not_shown():
    assert "secret" not in repr(next(additions([{"nom": "secret"}])))


# --- cells ------------------------------------------------------------------------------------


@given(st.dates())
def test_a_day_comes_back(day):
    written = cells.cell(day)
    assert type(written) is int
    assert written % 86_400 == 0
    assert cells.read_date(written) == day


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.timezones()))
def test_a_moment_comes_back(moment):
    read = cells.read_datetime(cells.cell(moment))
    assert abs(read - moment) < timedelta(milliseconds=1)


@given(st.lists(st.text(st.characters(codec="utf-8"))))
def test_choices_come_back(choices):
    assert cells.read_choices(cells.cell(choices)) == tuple(choices)
    assert cells.read_choices(cells.cell(tuple(choices))) == tuple(choices)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        (True, True),
        (0, 0),
        (Decimal("12.50"), 12.5),
        (Decimal("1200"), 1200),
        (1.0, 1),
        ("0123", "0123"),
        (date(1969, 12, 31), -86_400),
        (datetime(1970, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))), 0),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ([], ["L"]),
        (("a", "b"), ["L", "a", "b"]),
        ([3, 4], ["L", 3, 4]),
    ],
    ids=str,
)
def test_values_are_written_as_the_server_stores_them(value, written):
    found = cells.cell(value)
    assert found == written
    assert type(found) is type(written)


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 1, 1),
        math.nan,
        math.inf,
        Decimal("NaN"),
        2**53,
        -(2**53),
        b"secret",
        {"a": 1},
        {"a"},
        object(),
        "\ud800",
        [b"x"],
    ],
    ids=lambda value: type(value).__name__,  # the same in every process
)
def test_what_no_cell_can_hold_is_refused(value):
    with pytest.raises(ValueError) as raised:
        cells.cell(value)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("found", ["bientôt", True, ["D", 0, "UTC"], 1e300, ["L"]], ids=str)
def test_what_people_typed_in_a_date_is_not_one(found):
    with pytest.raises(ValueError, match="not a date"):
        cells.read_date(found)


@pytest.mark.parametrize("found", ["a,b", 3, ["R", 1], ["L", 1], []], ids=str)
def test_what_people_typed_in_choices_is_not_a_list(found):
    with pytest.raises(ValueError, match="not a list"):
        cells.read_choices(found)


@pytest.mark.parametrize("found", [None, ""])
def test_an_empty_cell_is_empty(found):
    assert cells.read_date(found) is None
    assert cells.read_choices(found) == ()
