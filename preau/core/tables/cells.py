"""What people write in a cell, understood: words, days, amounts, numbers."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from preau.core.timeranges import FIRST_DAY, LAST_DAY

_MONTHS = (
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
)
_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ].*)?")
_WORDS = re.compile(r"(?:[a-z]+\.? )?(\d{1,2})(?:er)? ([a-z]+) (\d{4})")
_THOUSANDS = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")
_UNITS = {"k": 1_000, "m": 1_000_000}
#: Ten thousand million euros: beyond, somebody mistook a column for another.
MOST_CENTS = 1_000_000_000_000


class Unreadable(ValueError):
    """A cell that cannot be understood; its text is the sentence shown."""


def plain(text: str) -> str:
    """Without accents, capitals or doubled spaces: to compare what people write."""
    flat = unicodedata.normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode()
    return " ".join(flat.lower().split())


def words(text: str) -> str:
    """Compared without accents, capitals, punctuation nor repeated spaces."""
    text = text.replace("’", "'").replace("œ", "oe").replace("²", "2")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", plain.lower()).strip()


def clean(cell: str) -> str:
    """On one line, and without the quote that our exports put before what looks like a formula."""
    text = re.sub(r"[\s\x00-\x1f\x7f]+", " ", cell).strip()
    return text[1:] if text.startswith("'") else text


def day_of(text: str) -> date:
    """« 12/03/2027 », « 12-3-27 », « 2027-03-12 » or « vendredi 12 mars 2027 ».

    Raises:
        Unreadable: none of these, a day that does not exist, or a year that is a slip (0027).
    """
    try:
        day = _written_day(plain(text))
    except ValueError:
        day = None
    if day is not None and FIRST_DAY <= day <= LAST_DAY:
        return day
    raise Unreadable(f"Le jour « {text[:40]} » n’est pas lisible. Écrivez-le ainsi : 12/03/2027.")


def _written_day(written: str) -> date | None:
    if match := _ISO.fullmatch(written):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY.fullmatch(written):
        year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
        return date(year, int(match[2]), int(match[1]))
    if match := _WORDS.fullmatch(written):
        return date(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1]))
    return None


def cents_of(text: str) -> int:
    """« 25 000 », « 25 000,50 € », « 25.000,50 », « 25 k€ », « 1,2 M€ » → cents.

    Raises:
        Unreadable: no amount, a negative one, or one that no project costs.
    """
    written = re.sub(r"(€|eur(os?)?|ht|ttc|\s|[\u00a0\u202f'’])", "", text.lower())
    unit = _UNITS.get(written[-1:], 1)
    number = written.rstrip("km") if unit > 1 else written
    if unit == 1 and _THOUSANDS.fullmatch(number):
        number = re.sub(r"[.,]", "", number)
    elif "," in number and "." in number:  # the last sign is the decimal one
        decimal = max(number.rfind(","), number.rfind("."))
        number = re.sub(r"[.,]", "", number[:decimal]) + "." + number[decimal + 1 :]
    number = number.replace(",", ".")
    if not re.fullmatch(r"\d{1,15}(\.\d+)?", number, re.A):
        raise Unreadable(
            f"Le montant « {text[:40]} » n’est pas lisible. Écrivez-le en euros, par exemple"
            " 12 500,50."
        )
    whole, _, decimals = number.partition(".")
    cents = int(whole) * unit * 100
    if decimals:
        cents += round(int(decimals) * unit * 100 / 10 ** len(decimals))
    if cents > MOST_CENTS:
        raise Unreadable(f"Le montant « {text[:40]} » dépasse dix milliards d’euros.")
    return cents


def whole_of(text: str) -> int:
    """« 2 027 », « 2027 », « 2027,0 » → 2027.

    Raises:
        Unreadable: no whole number.
    """
    written = re.sub(r"[\s\u00a0\u202f]", "", text)
    written = written.removesuffix(",0").removesuffix(".0")
    if not re.fullmatch(r"\d{1,15}", written, re.A):
        raise Unreadable(f"« {text[:40]} » n’est pas un nombre entier.")
    return int(written)
