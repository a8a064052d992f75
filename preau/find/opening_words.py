"""Opening rules in sentences."""

from __future__ import annotations

from datetime import date

from preau.availability.enums import Effect, When
from preau.availability.models import OpeningException, OpeningRule, SpaceCalendar
from preau.availability.wording import hours_in_words, weekdays_in_words
from preau.core import clock, formats
from preau.places.models import Space

_WHEN = {When.TERM: "en période scolaire", When.SCHOOL_HOLIDAYS: "pendant les vacances scolaires"}
MOST_EXCEPTIONS = 8


def opening_sentences(space: Space) -> list[str]:
    """The rules a space follows, in their order, then what is exceptional and to come."""
    follower = SpaceCalendar.objects.filter(space=space).select_related("calendar").first()
    if follower is None:
        return []
    today = clock.today(space.place.zone)
    rules = [
        rule_words(rule)
        for rule in follower.calendar.rules.all()
        if rule.valid_until is None or rule.valid_until >= today
    ]
    coming = follower.calendar.exceptions.filter(last_day__gte=today).order_by("first_day", "id")
    return rules + [exception_words(one) for one in coming[:MOST_EXCEPTIONS]]


def rule_words(rule: OpeningRule) -> str:
    """« Du lundi au vendredi, de 18 h à 22 h, en période scolaire, sauf les jours fériés »"""
    parts = [weekdays_in_words(rule.weekdays), hours_in_words(rule.start_minute, rule.end_minute)]
    if rule.when in _WHEN:
        parts.append(_WHEN[When(rule.when)])
    if rule.valid_from or rule.valid_until:
        parts.append(_validity(rule.valid_from, rule.valid_until))
    if rule.not_on_public_holidays:
        parts.append("sauf les jours fériés")
    sentence = ", ".join(parts)
    if rule.effect == Effect.CLOSED:
        return f"Fermé : {sentence}"
    return sentence[0].upper() + sentence[1:]


def exception_words(exception: OpeningException) -> str:
    """« Fermé du 24 au 31 décembre 2026 »"""
    word = "Fermé" if exception.effect == Effect.CLOSED else "Ouvert exceptionnellement"
    days = formats.days(exception.first_day, exception.last_day)
    if (exception.start_minute, exception.end_minute) == (0, 1440):
        return f"{word} {days}"
    return f"{word} {days}, {hours_in_words(exception.start_minute, exception.end_minute)}"


def _validity(first: date | None, last: date | None) -> str:
    if first and last:
        return formats.days(first, last)
    if first:
        return f"à partir du {formats.day(first, weekday=False)}"
    return f"jusqu’au {formats.day(last, weekday=False)}" if last else ""
