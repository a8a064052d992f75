"""Hours as lists write them in French: « 09:00 - 12:00 / 13:30 - 17:00 », « 9h-12h et 14h-16h30 ».

A cell is the hours of one day; `read_week` takes a text with the days in it. What cannot be
understood is said with the way to write it: nothing is guessed that could be two things.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from preau.availability.opening import RuleData
from preau.core.formats import WEEKDAYS
from preau.core.tables.cells import plain

_EXAMPLE = "09:00-12:00 / 13:30-17:00"
_CLOSED = {"", "-", "--", "ferme", "fermee", "fermeture", "neant", "aucun", "x", "non", "/", "0"}
_ALWAYS = {"24h/24", "24/24", "24h sur 24", "toute la journee", "journee complete"}
_APPOINTMENT = re.compile(
    r"\(?\b(?:uniquement |seulement )?(?:sur|avec|prise de)\s*(?:rdv|r\.d\.v\.?|rendez[- ]?vous)"
    r"(?:\s+uniquement)?\b\)?|\(?\brdv\b\)?"
)
#: « 09:00 », « 9 h 30 », « 9h », « 09 :00 », « 9.30 », « midi ».
_TIME = re.compile(r"(\d{1,2})\s*(?:[:h.]\s*(\d{2})?(?!\d)|heures?\s*(\d{2})?)|\b(midi|minuit)\b")
_HALF = {"matin": "le matin", "apres-midi": "l’après-midi", "matinee": "le matin"}
_WEEKDAY = (
    r"(?:lun(?:di)?|mar(?:di)?|mer(?:credi)?|jeu(?:di)?|ven(?:dredi)?|sam(?:edi)?|dim(?:anche)?)"
    r"s?\b\.?"
)
_GROUP = re.compile(rf"{_WEEKDAY}(?:\s*(?:-|/|,|\bau?\b|\bet\b|\bles?\b)\s*{_WEEKDAY})*")


class Unreadable(ValueError):
    """Hours that nobody could be sure of; its text is the sentence to show."""


@dataclass(frozen=True, slots=True)
class DayHours:
    """One day: its spans in minutes, and whether one must have an appointment."""

    spans: tuple[tuple[int, int], ...] = ()
    by_appointment: bool = False


@dataclass
class WeekHours:
    rules: list[RuleData] = field(default_factory=list)
    #: What is kept in full letters beside the rules.
    notes: list[str] = field(default_factory=list)
    #: (weekday, sentence) of what was not understood.
    problems: list[tuple[int, str]] = field(default_factory=list)


def read_cell(text: str) -> DayHours:
    """The hours of one day.

    Raises:
        Unreadable: with how to write them.
    """
    written = re.sub(r"[–—‑−]", "-", text.replace("\u00a0", " ").replace("\u202f", " "))
    said = plain(written)
    if said.strip(" .") in _CLOSED:
        return DayHours()
    if said in _ALWAYS:
        return DayHours(((0, 1440),))
    bare = _APPOINTMENT.sub(" ", said)
    by_appointment = bare != said
    bare = bare.strip(" .,;:()")
    if by_appointment and not bare:
        return DayHours((), True)
    return DayHours(_spans(bare, text), by_appointment)


def _spans(said: str, text: str) -> tuple[tuple[int, int], ...]:
    """Times two by two, with nothing between that could mean something else."""
    times: list[int] = []
    between: list[str] = []
    position = 0
    for match in _TIME.finditer(said):
        between.append(said[position : match.start()].strip())
        times.append(_minute(match, text))
        position = match.end()
    between.append(said[position:].strip())
    if not times:
        raise Unreadable(f"« {_short(text)} » n’est pas une heure. Écrivez : {_EXAMPLE}.")
    if len(times) % 2:
        raise Unreadable(
            f"« {_short(text)} » : il manque une heure de début ou de fin. Écrivez : {_EXAMPLE}."
        )
    _refuse_words(between, text)
    spans = [(times[at], times[at + 1]) for at in range(0, len(times), 2)]
    return _in_order(spans, text)


def _refuse_words(between: list[str], text: str) -> None:
    """Between two times of a span, a dash; between two spans, a separator."""
    first, *inside, last = between
    if first.strip(" ,;:") not in {"", "de", "ouvert", "ouvert de"} or last.strip(" -/,;."):
        odd = first if first.strip(" ,;:") not in {"", "de", "ouvert", "ouvert de"} else last
        raise Unreadable(
            f"« {_short(odd)} » n’est pas compris dans « {_short(text)} ». Écrivez : {_EXAMPLE}."
        )
    for index, sign in enumerate(inside):
        within = index % 2 == 0
        words = {"-", "a", "au", "jusqu'a", "--", "/", ">"} if within else None
        if within and sign not in (words or set()):
            said = "un tiret manque entre le début et la fin" if not sign else f"« {sign} »"
            raise Unreadable(f"« {_short(text)} » : {said}. Écrivez : {_EXAMPLE}.")
        if not within and re.sub(r"[-/,;&+.\s|]|\bet\b|\bpuis\b|\bde\b|\bou\b", "", sign):
            raise Unreadable(
                f"« {_short(sign)} » n’est pas compris dans « {_short(text)} »."
                f" Écrivez : {_EXAMPLE}."
            )


def _minute(match: re.Match[str], text: str) -> int:
    if match[4]:
        return 720 if match[4] == "midi" else 1440
    hours, rest = int(match[1]), int(match[2] or match[3] or 0)
    if hours > 24 or rest > 59 or hours * 60 + rest > 1440:
        raise Unreadable(f"« {_short(text)} » : une heure va de 00:00 à 24:00.")
    return hours * 60 + rest


def _in_order(spans: list[tuple[int, int]], text: str) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for start, end in dict.fromkeys(spans):  # the same twice is a slip of the pen
        if start == end:  # « 00:00 - 00:00 », « 12:00 - 12:00 »: nothing
            if start in {0, 720, 1440}:
                continue
            raise Unreadable(f"« {_short(text)} » : le début et la fin sont la même heure.")
        late = end < start
        if late and end > 6 * 60:
            raise Unreadable(
                f"« {_short(text)} » : une plage finit avant d’avoir commencé. Est-ce inversé ?"
            )
        if found and start < found[-1][1]:
            raise Unreadable(f"« {_short(text)} » : deux plages se chevauchent.")
        found.append((start % 1440, end + 1440 if late else end))
    return tuple(found)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}…"


# --- A week


def week_of(cells: Mapping[int, str], *, off_on_public_holidays: bool = True) -> WeekHours:
    """One text a weekday → rules, days of the same hours together.

    Args:
        off_on_public_holidays: lists of offices say nothing of them, and offices are closed.
    """
    found = WeekHours()
    by_spans: dict[tuple[int, int], list[int]] = defaultdict(list)
    appointments: list[int] = []
    for day, cell in sorted(cells.items()):
        try:
            hours = read_cell(cell)
        except Unreadable as unreadable:
            found.problems.append((day, str(unreadable)))
            continue
        for spans in hours.spans:
            by_spans[spans].append(day)
        if hours.by_appointment:
            appointments.append(day)
    for (start, end), days in sorted(by_spans.items(), key=lambda item: (item[1], item[0])):
        found.rules.append(
            RuleData(days, start, end, not_on_public_holidays=off_on_public_holidays)
        )
    if appointments:
        days_said = ", ".join(WEEKDAYS[day] for day in appointments)
        found.notes.append(f"Sur rendez-vous : {days_said}.")
    return found


def read_week(text: str) -> WeekHours:
    """« Lundi au vendredi : 9h-12h et 14h-17h ; samedi 9h-12h » → rules.

    Raises:
        Unreadable: with how to write them.
    """
    said = plain(re.sub(r"[–—‑−]", "-", text))
    said = re.sub(r"\b(?:du|les?)\s+(?=(?:lun|mar|mer|jeu|ven|sam|dim))", "", said)
    said = said.replace("tous les jours", "lundi au dimanche").replace("7j/7", "lundi au dimanche")
    groups = list(_GROUP.finditer(said))
    if not groups or said[: groups[0].start()].strip(" :-,;"):
        raise Unreadable(
            f"« {_short(text)} » n’est pas compris. Écrivez les jours puis les heures : "
            "lundi au vendredi 9h-12h, 14h-17h ; samedi 9h-12h."
        )
    cells: dict[int, str] = {}
    for index, group in enumerate(groups):
        end = groups[index + 1].start() if index + 1 < len(groups) else len(said)
        hours = re.sub(r"\bet$|\ba$", "", said[group.end() : end].strip(" :;,.|\n")).strip(" :;,.|")
        for day in _days(group[0]):
            if day in cells:
                raise Unreadable(f"« {_short(text)} » dit deux fois le {WEEKDAYS[day]}.")
            cells[day] = hours
    week = week_of(cells)
    if week.problems:
        raise Unreadable(week.problems[0][1])
    return week


def _days(group: str) -> list[int]:
    found: list[int] = []
    names = [day[:3] for day in WEEKDAYS]
    for part in re.split(r",|/|\bet\b|\bles?\b", group):
        ends = [names.index(one[:3]) for one in re.findall(_WEEKDAY, part)]
        if ends:
            found += [(ends[0] + n) % 7 for n in range((ends[-1] - ends[0]) % 7 + 1)]
    return found
