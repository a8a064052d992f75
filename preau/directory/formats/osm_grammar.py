"""The part of OSM's `opening_hours` that rules can say, taken apart.

`opening_hours` (its parser) says first whether the text is one at all. It is then read here, since
that library takes `SH Mo-Fr` (the weekdays of school holidays) for `SH,Mo-Fr` (either).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from opening_hours import validate

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<always>24/7) | (?P<comment>"[^"]*") | (?P<time>\d{1,2}:\d{2}) | (?P<year>\d{4})
    | (?P<number>\d{1,2}) | (?P<word>[A-Za-z]+) | (?P<sign>\|\||[-,;+/\[\]().:])
    )""",
    re.VERBOSE,
)


class NotOurs(ValueError):
    """Something that no rule can say; its text is the reason, in French."""


@dataclass(frozen=True, slots=True)
class Day:
    """Without a year: every year. Without a day: the first of the month, or its last."""

    year: int | None
    month: int
    day: int | None


@dataclass(slots=True)
class Said:
    """One rule of the text."""

    adds: bool  # after a comma: adds to what was said, instead of replacing it
    dates: list[tuple[Day, Day | None]] = field(default_factory=list)  # None: without an end
    weekdays: set[int] = field(default_factory=set)
    holidays: set[str] = field(default_factory=set)
    #: « SH Mo-Fr »: these weekdays in the holidays; « SH,Mo-Fr »: these weekdays and the holidays.
    holidays_restrict: bool = False
    times: list[tuple[int, int]] = field(default_factory=list)
    closed: bool = False
    comment: str = ""


def parse(text: str) -> list[Said]:
    """
    Raises:
        NotOurs: no `opening_hours` at all, or one that rules cannot say.
    """
    text = " ".join(text.split()).rstrip("; ")
    if not validate(text):
        raise NotOurs("Ce n’est pas un horaire au format OSM.")
    return _Reader(_tokens(text)).rules()


def _tokens(text: str) -> list[tuple[str, str]]:
    found, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise NotOurs(f"« {text[position : position + 20]} » n’est pas repris par nos règles.")
        assert match.lastgroup is not None
        found.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def rules(self) -> list[Said]:
        found = [self.rule(adds=False)]
        while self.at < len(self.tokens):
            kind, word = self.next()
            if word not in {";", ","}:
                raise NotOurs(_no(word if kind != "comment" else "commentaire"))
            found.append(self.rule(adds=word == ","))
        return found

    # --- Tokens

    def peek(self, ahead: int = 0) -> tuple[str, str]:
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else ("", "")

    def next(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def take(self, word: str) -> bool:
        if self.peek()[1] == word:
            self.at += 1
            return True
        return False

    def word(self, names: tuple[str, ...], ahead: int = 0) -> int | None:
        kind, text = self.peek(ahead)
        said = text.capitalize()
        return names.index(said) if kind == "word" and said in names else None

    # --- A rule

    def rule(self, *, adds: bool) -> Said:
        said = Said(adds)
        if self.take("24/7"):
            said.times = [(0, 1440)]
        else:
            self.dates(said)
            self.days(said)
            self.times(said)
        self.modifier(said)
        if not said.times:
            said.times = [(0, 1440)]
        return said

    def modifier(self, said: Said) -> None:
        while True:
            kind, text = self.peek()
            if kind == "comment":
                said.comment = text.strip('"')
            elif kind == "word" and text.lower() in {"off", "closed"}:
                said.closed = True
            elif kind == "word" and text.lower() == "open":
                pass
            elif kind == "word":
                raise NotOurs(_no(text))
            else:
                break
            self.at += 1
        if said.comment and not said.closed and self.peek(-1)[0] == "comment" and not said.times:
            raise NotOurs(f"« {said.comment} » ne dit aucune heure.")

    def dates(self, said: Said) -> None:
        while True:
            month = self.word(MONTHS)
            if self.peek()[0] != "year" and month is None:
                return
            said.dates.append(self.date_range())
            after = self.peek(1)
            if self.peek()[1] == "," and (after[0] == "year" or self.word(MONTHS, 1) is not None):
                self.at += 1
                continue
            return

    def date_range(self) -> tuple[Day, Day | None]:
        first = self.day_of_year(None)
        if self.take("+"):
            return Day(first.year, first.month, first.day or 1), None
        if first.month == 0:  # years alone
            last_year = first.year
            if self.peek()[1] == "-" and self.peek(1)[0] == "year":
                self.at += 1
                last_year = int(self.next()[1])
            return Day(first.year, 1, 1), Day(last_year, 12, 31)
        if self.take("-"):
            last = self.day_of_year(first)
            return first, last
        return first, first

    def day_of_year(self, first: Day | None) -> Day:
        """`2027 Jul 14`, `Jul 14`, `Jul`, `2027`; after a dash `14` too."""
        year = int(self.next()[1]) if self.peek()[0] == "year" else None
        month = self.word(MONTHS)
        if month is not None:
            self.at += 1
        elif first is None and year is not None:
            return Day(year, 0, None)
        elif first is None or self.peek()[0] != "number":
            raise NotOurs(_no(self.peek()[1]))
        day = None
        if self.peek()[0] == "number":
            day = int(self.next()[1])
        if first is not None and year is None:
            year = first.year
            if year is not None and month is not None and month + 1 < first.month:
                year += 1
        return Day(year, (month + 1) if month is not None else first.month if first else 0, day)

    def days(self, said: Said) -> None:
        before = False  # a holiday came before any weekday
        while True:
            kind, text = self.peek()
            weekday = self.word(WEEKDAYS)
            if kind == "word" and text.upper() in {"PH", "SH"}:
                said.holidays.add(text.upper())
                before = before or not said.weekdays
                self.at += 1
            elif weekday is not None:
                self.at += 1
                said.weekdays |= self.weekday_range(weekday)
            else:
                return
            after = self.peek()
            if after[1] == "," and self._a_day(1):
                self.at += 1
            elif before and said.holidays and not said.weekdays and self._a_day(0):
                said.holidays_restrict = True
            else:
                break
        if self.take(":"):
            pass

    def _a_day(self, ahead: int) -> bool:
        kind, text = self.peek(ahead)
        holiday = kind == "word" and text.upper() in {"PH", "SH"}
        # « …12:00, Sa 10:00-12:00 » never comes here: a time stands between.
        return holiday or self.word(WEEKDAYS, ahead) is not None

    def weekday_range(self, first: int) -> set[int]:
        if self.peek()[1] == "[":
            raise NotOurs("« le premier lundi du mois » et semblables ne sont pas repris.")
        last = first
        if self.take("-"):
            found = self.word(WEEKDAYS)
            if found is None:
                raise NotOurs(_no(self.peek()[1]))
            self.at += 1
            last = found
        return {(first + n) % 7 for n in range((last - first) % 7 + 1)}

    def times(self, said: Said) -> None:
        while self.peek()[0] == "time":
            start = _minute(self.next()[1])
            if not self.take("-") or self.peek()[0] != "time":
                raise NotOurs("une heure de début sans heure de fin n’est pas reprise.")
            end = _minute(self.next()[1])
            if self.peek()[1] in {"+", "/"}:
                raise NotOurs("une heure de fin ouverte n’est pas reprise.")
            if end <= start:
                end += 1440
            if start >= 1440 or end > start + 1440:
                raise NotOurs("une plage de plus d’un jour n’est pas reprise.")
            said.times.append((start, end))
            if self.peek()[1] == "," and self.peek(1)[0] == "time":
                self.at += 1
            else:
                return


def _minute(text: str) -> int:
    hours, _, rest = text.partition(":")
    return int(hours) * 60 + int(rest)


def _no(word: str) -> str:
    return f"« {word} » n’est pas repris par nos règles."
