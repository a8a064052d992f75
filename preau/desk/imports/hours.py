"""Opening hours as people write them: "lun-ven 8h-22h; sam 9h-12h, 14h-18h; dim fermé"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from preau.availability.opening import Rule, RuleData

DAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
EVERY_DAY = tuple(range(7))
EXAMPLE = "lun-ven 8h-22h; sam 9h-12h, 14h-18h"
_DAY = r"(?:lun|mar|mer|jeu|ven|sam|dim)(?:di|credi|dredi|edi|anche)?\.?"
_DAYS = re.compile(rf"^(tous les jours|tlj|{_DAY}(?:\s*(?:-|a|au|,|et)\s*{_DAY})*)\s*:?\s*(.+)$")
_HOUR = r"(\d{1,2})\s*(?:h|:)?\s*(\d{2})?"
_RANGE = re.compile(rf"^(?:de\s+)?{_HOUR}\s*(?:-|a)\s*{_HOUR}$")


class Unreadable(ValueError):
    """Hours that nobody could be sure of, with the sentence to show."""


def read_hours(text: str) -> list[RuleData]:
    """The rules that a text says.

    Raises:
        Unreadable: with what could not be understood.
    """
    rules = [rule for part in re.split(r"[;\n|]", _plain(text)) if part for rule in _rules(part)]
    if not rules:
        raise Unreadable("Ces horaires n’ouvrent jamais. Laissez la case vide pour plus tard.")
    return rules


def _plain(text: str) -> str:
    dashed = re.sub(r"[–—‑−]", "-", text.lower())
    flat = unicodedata.normalize("NFKD", dashed).encode("ascii", "ignore").decode()
    return re.sub(r"[ \t\r]+", " ", flat).strip()


def _rules(part: str) -> list[RuleData]:
    part = part.strip()
    if not part:
        return []
    if part in {"24h/24", "24/24", "toujours", "24h/24 7j/7"}:
        return [RuleData(weekdays=EVERY_DAY, start_minute=0, end_minute=1440)]
    match = _DAYS.match(part)
    if match is None:
        raise Unreadable(
            f"« {part} » n’est pas compris. Écrivez les jours puis les heures : {EXAMPLE}."
        )
    days, times = _days(match[1]), match[2].strip()
    if times in {"ferme", "fermee"}:
        return []
    if times in {"24h/24", "24/24"}:
        return [RuleData(weekdays=days, start_minute=0, end_minute=1440)]
    return [_rule(days, one.strip()) for one in re.split(r",| et ", times)]


def _days(text: str) -> list[int]:
    if text in {"tous les jours", "tlj"}:
        return list(EVERY_DAY)
    found: set[int] = set()
    for group in re.split(r"\s*(?:,|\bet\b)\s*", text):
        ends = [DAYS.index(one[:3]) for one in re.findall(_DAY, group)]
        first, last = ends[0], ends[-1]
        found |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    return sorted(found)


def _rule(days: Sequence[int], text: str) -> RuleData:
    match = _RANGE.match(text)
    if match is None:
        raise Unreadable(
            f"« {text} » n’est pas une plage horaire. Par exemple : 8h-22h ou 9h-18h30."
        )
    start, end = _minute(match[1], match[2], text), _minute(match[3], match[4], text)
    start %= 1440
    if end <= start:  # until after midnight
        end += 1440
    if end - start > 1440:
        raise Unreadable(f"« {text} » dure plus d’un jour.")
    return RuleData(weekdays=days, start_minute=start, end_minute=end)


def _minute(hours: str, minutes: str | None, text: str) -> int:
    value = int(hours) * 60 + int(minutes or 0)
    if value > 1440 or int(minutes or 0) > 59:
        raise Unreadable(f"« {text} » : une heure va de 0h à 24h.")
    if value % 15:
        raise Unreadable(f"« {text} » : les horaires vont de quart d’heure en quart d’heure.")
    return value


def same(rules: Iterable[Rule], others: Iterable[Rule]) -> bool:
    """Whether two lists of plain rules say the same."""
    return [_facts(one) for one in rules] == [_facts(one) for one in others]


def _facts(rule: Rule) -> tuple[object, ...]:
    return (
        sorted(rule.weekdays),
        rule.start_minute,
        rule.end_minute,
        str(rule.effect),
        str(rule.when),
        rule.not_on_public_holidays,
        rule.valid_from,
        rule.valid_until,
    )


def in_words(rules: Iterable[Rule]) -> str:
    """As it would be written in the file."""
    parts = []
    for rule in rules:
        days = ", ".join(DAYS[day] for day in sorted(rule.weekdays))
        closed = " (fermé)" if str(rule.effect) == "ferme" else ""
        parts.append(f"{days} {_clock(rule.start_minute)}-{_clock(rule.end_minute)}{closed}")
    return "; ".join(parts)


def _clock(minute: int) -> str:
    minute = minute - 1440 if minute > 1440 else minute
    return f"{minute // 60}h{minute % 60:02d}" if minute % 60 else f"{minute // 60}h"
