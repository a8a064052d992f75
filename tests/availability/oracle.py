"""The brute force: what is open and free, minute by minute, in plain Python.

Written from the rules' French meaning, not from the engine: it shares no code with it beyond the
models' fields.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass
class World:
    """Everything the oracle knows, as plain values."""

    zone: object
    rules: list
    exceptions: list
    school_holidays: list  # (first, last) included
    public_holidays: set


def _rule_speaks(world, rule, day):
    if day.weekday() not in rule.weekdays:
        return False
    if rule.valid_from is not None and day < rule.valid_from:
        return False
    if rule.valid_until is not None and day > rule.valid_until:
        return False
    return _right_kind_of_day(world, rule, day)


def _right_kind_of_day(world, rule, day):
    if rule.not_on_public_holidays and day in world.public_holidays:
        return False
    holiday = any(first <= day <= last for first, last in world.school_holidays)
    if rule.when == "periode_scolaire":
        return not holiday
    if rule.when == "vacances":
        return holiday
    return True


def minute_is_open(world, instant):
    """Whether the minute beginning at a UTC instant is open."""
    wall = instant.astimezone(world.zone)
    day, minute = wall.date(), wall.hour * 60 + wall.minute
    verdict = False
    for rule in world.rules:
        same_day = _rule_speaks(world, rule, day) and (
            rule.start_minute <= minute < min(rule.end_minute, 1440)
        )
        from_eve = _rule_speaks(world, rule, day - DAY) and minute + 1440 < rule.end_minute
        if same_day or from_eve:
            verdict = rule.effect == "ouvert"
    for exception in world.exceptions:
        if (
            exception.first_day <= day <= exception.last_day
            and exception.start_minute <= minute < exception.end_minute
        ):
            verdict = exception.effect == "ouvert"
    return verdict


def period_is_open(world, start, end):
    instant = start.astimezone(UTC)
    while instant < end:
        if not minute_is_open(world, instant):
            return False
        instant += MINUTE
    return True


@dataclass
class Taken:
    """An accepted booking: the units it holds, from when to when it was asked, its space's buffers."""

    units: frozenset
    start: datetime
    end: datetime
    before: int
    after: int


def unit_is_free(taken, unit, start, end, before, after):
    """Whether a newcomer with its own buffers finds the unit free, each minute of the time."""
    instant = start - before * MINUTE
    stop = end + after * MINUTE
    for other in taken:
        if unit not in other.units:
            continue
        busy_from = other.start - other.before * MINUTE
        busy_to = other.end + other.after * MINUTE
        moment = instant
        while moment < stop:
            if busy_from <= moment < busy_to:
                return False
            moment += MINUTE
    return True


def free_units(taken, units, start, end, before, after):
    return [u for u in units if unit_is_free(taken, u, start, end, before, after)]
