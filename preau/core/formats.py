"""French dates, hours, money, distances and phone numbers, with non-breaking spaces.

Pure functions: pages use them through the template filters, e-mails and exports call them.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

NBSP = "\u00a0"
#: The narrow one, between thousands.
NNBSP = "\u202f"
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

Zone = str | tzinfo

#: First words of the names of structures and places that are said with their article.
FEMININE = {
    "Mairie", "Commune", "Ville", "Métropole", "Préfecture", "Sous-préfecture", "Région", "DDT",
    "Communauté", "Maison", "Salle", "Médiathèque", "Bibliothèque", "MJC", "Direction", "Chambre",
    "Fédération", "Compagnie",
}  # fmt: skip
MASCULINE = {
    "Département", "Collège", "Lycée", "Gymnase", "Tiers-lieu", "Syndicat", "Secrétariat",
    "Conseil", "Centre", "Café", "Foyer", "Comité", "Club",
}  # fmt: skip
ELIDED = {
    "Association", "Agence", "Auditorium", "Atelier", "Espace", "École", "Établissement",
}  # fmt: skip
VOWELS = frozenset("AEIOUÀÂÉÈÊËÎÏÔŒÙÛaeiouàâéèêëîïôœùû")


def as_zone(zone: Zone) -> tzinfo:
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def local(moment: datetime, zone: Zone) -> datetime:
    """The wall time of an aware moment in a zone."""
    return moment.astimezone(as_zone(zone))


def day_number(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def day(value: date, *, weekday: bool = True, year: bool = True) -> str:
    """`jeudi 12 mars 2027`; the number and the month stay together."""
    words = f"{day_number(value)}{NBSP}{MONTHS[value.month - 1]}"
    if weekday:
        words = f"{WEEKDAYS[value.weekday()]} {words}"
    return f"{words} {value.year}" if year else words


def days(first: date, last: date) -> str:
    """`du 12 au 14 mars 2027`, last day included; one day is said alone."""
    if first == last:
        return f"le {day(first)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"du {day_number(first)} au {day(last, weekday=False)}"
    start = day(first, weekday=False, year=first.year != last.year)
    return f"du {start} au {day(last, weekday=False)}"


def hour(value: time | datetime) -> str:
    """`18 h`, `18 h 30`, of a wall time (give `local(moment, zone)` for a moment)."""
    hours = f"{value.hour}{NBSP}h"
    return f"{hours}{NBSP}{value.minute:02d}" if value.minute else hours


def hours(start: datetime, end: datetime, zone: Zone) -> str:
    """`18 h – 20 h 30`, for tables; the end of the day is said `minuit`."""
    first, last = local(start, zone), local(end, zone)
    return f"{hour(first)}{NBSP}–{NBSP}{_end_hour(first, last)}"


def _end_hour(first: datetime, last: datetime) -> str:
    return "minuit" if last.time() == time(0) and last.date() > first.date() else hour(last)


def slot(start: datetime, end: datetime, zone: Zone) -> str:
    """`jeudi 12 mars 2027, de 18 h à 20 h 30`, in the place's zone."""
    first, last = local(start, zone), local(end, zone)
    at_midnight = last.time() == time(0)
    last_day = last.date() - timedelta(days=1) if at_midnight else last.date()
    if first.time() == time(0) and at_midnight:
        if first.date() == last_day:
            return f"{day(first)}, toute la journée"
        return days(first.date(), last_day)
    if first.date() == last_day:
        return f"{day(first)}, de {hour(first)} à {_end_hour(first, last)}"
    return f"du {day(first)}, {hour(first)}, au {day(last)}, {hour(last)}"


def duration(value: timedelta | int) -> str:
    """`2 h 30`, `45 min`, `3 jours`; a whole number is minutes."""
    minutes = value if isinstance(value, int) else int(value.total_seconds() // 60)
    if minutes >= 1440 and minutes % 1440 == 0:
        return count(minutes // 1440, "jour")
    if minutes < 60:
        return f"{minutes}{NBSP}min"
    whole = f"{minutes // 60}{NBSP}h"
    return f"{whole}{NBSP}{minutes % 60:02d}" if minutes % 60 else whole


def number(value: int | float, decimals: int = 0) -> str:
    """`12 345,6`"""
    text = f"{value:,.{decimals}f}"
    return text.replace(",", NNBSP).replace(".", ",")


def of_name(name: object) -> str:
    """« de » before a name: « du Compost des voisins », « d’Allevard », « de la Mairie de Vif »."""
    words = str(name).strip()
    first, _, rest = words.partition(" ")
    if first in {"Le", "Les"} and rest:
        return f"{'du' if first == 'Le' else 'des'} {rest}"
    if first in FEMININE:
        return f"de la {words}"
    if first in MASCULINE:
        return f"du {words}"
    if first in ELIDED:
        return f"de l’{words}"
    return f"d’{words}" if words[:1] in VOWELS else f"de {words}"


def count(value: int, singular: str, plural: str = "") -> str:
    """`1 jour`, `3 jours` (French: zero and one are singular)."""
    word = singular if abs(value) < 2 else plural or f"{singular}s"
    return f"{number(value)}{NBSP}{word}"


def euros(cents: int) -> str:
    """`25,00 €`"""
    sign = "\u2212" if cents < 0 else ""  # a minus, not a hyphen
    return f"{sign}{number(abs(cents) / 100, 2)}{NBSP}€"


def distance(km: float) -> str:
    """`800 m`, `3,2 km`, `24 km`"""
    if km < 0.95:
        return f"{max(round(km * 10), 0) * 100}{NBSP}m" if km >= 0.05 else f"moins de 100{NBSP}m"
    return f"{number(km, 1 if km < 9.95 else 0)}{NBSP}km"


def telephone(value: str) -> str:
    """`04 76 00 00 00`; what is not a French number is left as typed."""
    digits = "".join(character for character in value if character.isdigit())
    if value.strip().startswith("+33"):
        digits = "0" + digits[2:]
    if len(digits) != 10 or not digits.startswith("0"):
        return value
    return NBSP.join(digits[place : place + 2] for place in range(0, 10, 2))


def bounds(value: Any) -> tuple[datetime, datetime]:
    """The two ends of a database range, of a pair, or of anything with `start` and `end`."""
    if isinstance(value, tuple | list):
        return value[0], value[1]
    if hasattr(value, "lower") and hasattr(value, "upper"):
        return value.lower, value.upper
    return value.start, value.end
