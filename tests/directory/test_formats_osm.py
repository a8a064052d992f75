"""OSM `opening_hours`, in and out: against the engine, and against another evaluator."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from opening_hours import OpeningHours, validate

from preau.availability.enums import Effect, When
from preau.availability.opening import DayFacts, Opening, RuleData
from preau.directory.formats.hours import ExceptionData, Hours, minutes, same
from preau.directory.formats.osm_reading import read
from preau.directory.formats.osm_writing import write
from preau.territories.calendars import is_public_holiday

TODAY = date(2027, 1, 4)
DAY = timedelta(days=1)
FIRST = date(2026, 12, 20)


def _school_holiday(day: date) -> bool:
    """Any calendar does: two weeks out of nine."""
    return (day - date(2026, 12, 19)).days // 7 % 9 < 2


def _facts(zone: object) -> DayFacts:
    return DayFacts(zone, _school_holiday, lambda day: is_public_holiday("38", day))  # type: ignore[arg-type]


FACTS = _facts(__import__("zoneinfo").ZoneInfo("Europe/Paris"))


def _quarters(hours: Hours) -> list[int]:
    opening = Opening(hours.rules, hours.exceptions, FACTS)
    return [opening.wall_quarters(FIRST + DAY * n) for n in range(731)]


def _rule(rng: random.Random, *, off_on_public: bool, night: bool) -> RuleData:
    start = rng.randrange(96) * 15
    end = start + rng.randrange(1, 40) * 15
    days = sorted(FIRST + DAY * rng.randrange(700) for _ in range(2))
    return RuleData(
        sorted(rng.sample(range(7), rng.randrange(1, 8))),
        start,
        end if night else min(end, 1440),
        Effect.CLOSED if rng.random() < 0.2 else Effect.OPEN,
        rng.choice([When.ALWAYS, When.ALWAYS, When.TERM, When.SCHOOL_HOLIDAYS]),
        off_on_public,
        days[0] if rng.random() < 0.25 else None,
        days[1] if rng.random() < 0.25 else None,
    )


def _exception(rng: random.Random) -> ExceptionData:
    first = FIRST + DAY * rng.randrange(700)
    closed = rng.random() < 0.6
    whole = closed and rng.random() < 0.7
    return ExceptionData(
        Effect.CLOSED if closed else Effect.OPEN,
        first,
        first + DAY * rng.randrange(20),
        0 if whole else 540,
        1440 if whole else 1080,
    )


@pytest.mark.parametrize("seed", range(150))
def test_rules_written_and_read_again_open_the_same_quarters(seed: int) -> None:
    rng = random.Random(seed)
    off = rng.random() < 0.5
    rules = [_rule(rng, off_on_public=off, night=False) for _ in range(rng.randrange(1, 5))]
    ours = Hours(rules, [_exception(rng) for _ in range(rng.randrange(3))])
    written = write(ours.rules, ours.exceptions)
    assert written.exact, written.text
    assert validate(written.text), written.text
    assert _quarters(read(written.text, today=TODAY)) == _quarters(ours), written.text


@pytest.mark.parametrize("seed", range(100))
def test_nights_are_exact_or_said_not_to_be(seed: int) -> None:
    rng = random.Random(seed)
    rules = [_rule(rng, off_on_public=rng.random() < 0.5, night=True) for _ in range(3)]
    written = write(rules)
    if written.exact:
        assert _quarters(read(written.text, today=TODAY)) == _quarters(Hours(rules))
    else:
        assert not same(read(written.text, today=TODAY), Hours(rules))


def test_plain_nights_are_exact() -> None:
    for off in (False, True):
        rules = [
            RuleData([3, 4, 5], 20 * 60, 26 * 60, not_on_public_holidays=off),
            RuleData([5, 6], 10 * 60, 12 * 60, not_on_public_holidays=off),
        ]
        assert write(rules).exact


# --- Against opening-hours-py, which knows public holidays but no school ones


def _text(rng: random.Random) -> str:
    """Any `opening_hours` without SH; nights and public holidays are not mixed: see below."""
    night = rng.random() < 0.3
    parts = []
    for _ in range(rng.randrange(1, 5)):
        days = rng.choice(["Mo-Fr", "Mo,We", "Sa", "Fr-Mo", "Tu-Su", "", "We"])
        months = rng.choice(["", "", "", "Jul-Aug", "Nov-Feb", "Mar 15-Jun 10", "2027 May 03+"])
        if rng.random() < 0.2:
            one = f"{months} {days or 'Mo-Su'} off"
        else:
            start = rng.randrange(6, 13)
            hours = f"{start:02d}:30-{start + rng.randrange(1, 6):02d}:00"
            if rng.random() < 0.4:
                late = rng.choice(["02:00", "26:00"]) if night else "22:15"
                hours += f",19:00-{late}"
            one = f"{months} {days or 'Mo-Su'} {hours}"
        parts.append(one.strip())
    text = parts[0]
    for part in parts[1:]:
        text += (", " if rng.random() < 0.3 and not part.endswith("off") else "; ") + part
    if not night and rng.random() < 0.4:
        text += rng.choice(["; PH off", "; PH 10:00-11:30", "; 2027 Jul 14 off"])
    return text


def test_the_end_of_a_night_is_read_as_another_evaluator_does() -> None:
    oracle = OpeningHours("Th-Sa 20:00-02:00")
    hours = read("Th-Sa 20:00-02:00", today=TODAY)
    for quarter in range(96 * 9):
        when = datetime(2027, 3, 1) + timedelta(minutes=15) * quarter
        bits = minutes(hours.rules, [], when.date(), FACTS)
        assert bool(bits >> (when.hour * 60 + when.minute) & 1) == oracle.is_open(when)


@pytest.mark.parametrize("seed", range(300))
def test_texts_are_read_as_another_evaluator_does(seed: int) -> None:
    rng = random.Random(seed)
    text = _text(rng)
    oracle = OpeningHours(text, country="FR")
    hours = read(text, today=TODAY)
    assert hours.rules or hours.exceptions or text.endswith("off"), hours.remarks
    for _ in range(150):
        day = date(2027, 1, 2) + DAY * rng.randrange(700)
        # Of several rules, that one forgets the end of a night where an earlier rule holds the day.
        minute = rng.randrange(360 if "19:00-02" in text or "-26" in text else 0, 1440)
        when = datetime(day.year, day.month, day.day, minute // 60, minute % 60)
        ours = minutes(hours.rules, hours.exceptions, day, FACTS) >> minute & 1
        assert bool(ours) == oracle.is_open(when), (text, when)


# --- What each side cannot say


@pytest.mark.parametrize(
    "text",
    [
        "Mo[1] 10:00-12:00",
        "sunrise-sunset",
        "Mo-Fr 09:00+",
        "week 01-53/2 Mo 10:00-12:00",
        'Mo-Fr 09:00-12:00 || "sur rendez-vous"',
        "Lu-Ve 9h-12h",
        "Mo-Fr 09:00-12:00 unknown",
        '"sur rendez-vous"',
    ],
)
def test_what_rules_cannot_say_is_kept_whole_with_the_reason(text: str) -> None:
    hours = read(text, today=TODAY)
    assert (hours.rules, hours.exceptions, hours.text) == ([], [], text)
    assert hours.remarks[0].startswith("Horaires gardés tels quels")


def test_a_comment_and_recurring_months_are_kept_beside_the_rules() -> None:
    hours = read('Mo-Fr 09:00-12:00 "sur rendez-vous"', today=TODAY)
    assert len(hours.rules) == 1
    assert hours.text == 'Mo-Fr 09:00-12:00 "sur rendez-vous"'
    hours = read("Jul-Aug Mo 09:00-12:00", today=TODAY)
    assert [one.valid_from for one in hours.rules] == [date(2027 + n, 7, 1) for n in range(3)]
    assert "2027 à 2029" in hours.remarks[0]


def test_school_holidays_follow_our_calendars() -> None:
    """The other evaluator ignores them: our rules do not."""
    hours = read("Mo-Fr 09:00-18:00; SH Mo-Fr 10:00-12:00; PH off", today=TODAY)
    assert [(one.when, one.start_minute) for one in hours.rules] == [
        (When.TERM, 540),
        (When.SCHOOL_HOLIDAYS, 600),
    ]
    assert all(one.not_on_public_holidays for one in hours.rules)
    assert write(hours.rules).text == "Mo-Fr 09:00-18:00; SH Mo-Fr 10:00-12:00; PH off"


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 09:00-12:00,14:00-17:00; PH off",
        "Mo-Fr 09:00-12:00; Sa 10:00-11:30",
        "Mo-Su 00:00-24:00",
        "Mo,We,Fr 09:00-12:00; SH off; PH off",
        "Th 20:00-26:00",
        "Mo-Fr 09:00-17:00; PH off; 2027 Dec 24-2027 Dec 31 off",
        "2027 May 03+ Mo 09:00-12:00",
        "Mo-Fr 09:00-17:00; 2027 Jul 05-2027 Aug 27 Mo-Fr 09:00-12:00; PH off",
    ],
)
def test_canonical_texts_come_back_as_they_were(text: str) -> None:
    hours = read(text, today=TODAY)
    assert write(hours.rules, hours.exceptions).text == text
