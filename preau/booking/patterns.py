"""How a series comes back: from a rule in wall time to its days. Reads nothing, writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices

from preau.booking.enums import Frequency
from preau.core import formats
from preau.core.timeranges import Period, local_instant

#: Three years of Tuesdays without the holidays; beyond, a claim is no longer one claim.
MOST_DATES = 120
LONGEST = timedelta(days=800)
RANKS = ("premier", "deuxième", "troisième", "quatrième", "dernier")
WEEKS = {Frequency.WEEKLY: 1, Frequency.FORTNIGHTLY: 2}


class Why(TextChoices):
    """Why a day of the rhythm is not booked."""

    SCHOOL_HOLIDAY = "vacances", "Vacances scolaires"
    PUBLIC_HOLIDAY = "ferie", "Jour férié"
    NO_SUCH_HOUR = "heure", "Ces heures n’existent pas ce jour-là : on change d’heure"
    CONFLICT = "pris", "Espace non libre"
    CHOICE = "choix", "Écartée à votre demande"


@dataclass(frozen=True)
class DayNames:
    """The name of the holiday on a day, "" when there is none."""

    school: Callable[[date], str]
    public: Callable[[date], str]


NO_HOLIDAYS = DayNames(school=lambda day: "", public=lambda day: "")


@dataclass(frozen=True)
class Occurrence:
    """A day of the rhythm: when, or why not.

    Attributes:
        name: of the holiday, where that is why.
    """

    day: date
    period: Period | None
    why: Why | None = None
    name: str = ""

    @property
    def reason(self) -> str:
        return f"{self.why.label} : {self.name}" if self.why and self.name else _label(self.why)


def _label(why: Why | None) -> str:
    return str(why.label) if why else ""


@dataclass(frozen=True)
class Pattern:
    """The rule. The first day gives the weekday, and its rank in the month where that counts.

    Attributes:
        minutes: on the clock of the wall, so that « 22 h – 6 h » stays so in October; may run
            over midnight or over several days.
    """

    frequency: Frequency
    first_day: date
    last_day: date
    start_minute: int
    minutes: int
    skips_school_holidays: bool = False
    skips_public_holidays: bool = True

    @property
    def words(self) -> str:
        """« chaque mardi, de 18 h à 20 h, du 8 septembre 2026 au 29 juin 2027 »"""
        start = time(self.start_minute // 60, self.start_minute % 60)
        last = (self.start_minute + self.minutes) % 1440
        end = formats.hour(time(last // 60, last % 60))
        days = (self.start_minute + self.minutes - 1) // 1440
        if days:
            end += " le lendemain" if days == 1 else f" {days} jours plus tard"
        return (
            f"{self._rhythm}, de {formats.hour(start)} à {end}, "
            f"{formats.days(self.first_day, self.last_day)}{self._without}"
        )

    @property
    def _rhythm(self) -> str:
        name = formats.WEEKDAYS[self.first_day.weekday()]
        rank = RANKS[rank_of(self.first_day) - 1]
        return {
            Frequency.WEEKLY: f"chaque {name}",
            Frequency.FORTNIGHTLY: f"un {name} sur deux",
            Frequency.MONTHLY: f"le {rank} {name} de chaque mois",
        }[self.frequency]

    @property
    def _without(self) -> str:
        left = []
        if self.skips_school_holidays:
            left.append("vacances scolaires")
        if self.skips_public_holidays:
            left.append("jours fériés")
        return f", sauf {' et '.join(left)}" if left else ""

    def days(self) -> list[date]:
        """The days of the rhythm, the first one included, no holiday left out."""
        if self.frequency == Frequency.MONTHLY:
            return self._monthly()
        step = timedelta(weeks=WEEKS[self.frequency])
        count = (self.last_day - self.first_day) // step + 1
        return [self.first_day + n * step for n in range(count)]

    def _monthly(self) -> list[date]:
        found, month = [], self.first_day.replace(day=1)
        while month <= self.last_day:
            day = _nth(month, self.first_day.weekday(), rank_of(self.first_day))
            if self.first_day <= day <= self.last_day:
                found.append(day)
            month = (month + timedelta(days=31)).replace(day=1)
        return found

    def period_on(self, day: date, zone: ZoneInfo) -> Period | None:
        """When that day; None if the clock jumps over those hours."""
        start = local_instant(day, self.start_minute, zone)
        end = local_instant(day, self.start_minute + self.minutes, zone)
        return Period(start, end) if start < end else None

    def occurrences(self, zone: ZoneInfo, names: DayNames = NO_HOLIDAYS) -> list[Occurrence]:
        """Every day of the rhythm, with the reason where it is skipped. What counts is the day
        on which each one begins."""
        return [self._occurrence(day, zone, names) for day in self.days()]

    def _occurrence(self, day: date, zone: ZoneInfo, names: DayNames) -> Occurrence:
        if self.skips_school_holidays and (name := names.school(day)):
            return Occurrence(day, None, Why.SCHOOL_HOLIDAY, name)
        if self.skips_public_holidays and (name := names.public(day)):
            return Occurrence(day, None, Why.PUBLIC_HOLIDAY, name)
        period = self.period_on(day, zone)
        return Occurrence(day, period, None if period else Why.NO_SUCH_HOUR)


def rank_of(day: date) -> int:
    """Which of its weekdays of the month: 1 to 4, or 5 for a fifth, which stands for the last."""
    return (day.day - 1) // 7 + 1


def _nth(month: date, weekday: int, rank: int) -> date:
    """The nth such weekday of the month that begins that day; the last one for the fifth."""
    first = month + timedelta(days=(weekday - month.weekday()) % 7)
    if rank < 5:
        return first + timedelta(weeks=rank - 1)
    fifth = first + timedelta(weeks=4)
    return fifth if fifth.month == month.month else fifth - timedelta(weeks=1)
