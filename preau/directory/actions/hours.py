"""When a place receives the public: one write replaces all of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.availability.enums import Effect
from preau.availability.opening import RuleData
from preau.availability.wording import hours_in_words, rule_in_words
from preau.core import formats
from preau.core.errors import Refusal
from preau.directory import perms
from preau.directory.actions.changes import note
from preau.directory.enums import ChangeCause
from preau.directory.models import Sheet, SheetException, SheetHours
from preau.directory.opening import ExceptionalDay, write_days


@transaction.atomic
def set_hours(
    sheet: Sheet,
    rules: Sequence[RuleData],
    exceptions: Sequence[ExceptionalDay] | None = None,
    *,
    actor: Actor,
    cause: str = ChangeCause.EDITED,
    hours_text: str = "",
) -> None:
    """Replace the hours, and the exceptional days unless None; the days are written again.

    Args:
        hours_text: what could not be understood and is shown as it is.

    Raises:
        Refusal: a line ends before it begins.
    """
    perms.require(actor, "directory.edit", sheet)
    locked = Sheet.objects.select_for_update(of=("self",)).select_related("commune")
    sheet = locked.get(pk=sheet.pk)
    before = (in_words(sheet), sheet.hours_text)
    try:
        with transaction.atomic():
            _replace_rules(sheet, rules)
            if exceptions is not None:
                _replace_exceptions(sheet, exceptions)
    except IntegrityError as error:
        raise Refusal("L’heure de fin vient après l’heure de début.", field="hours") from error
    if sheet.hours_text != hours_text:
        sheet.hours_text = hours_text
        sheet.save(update_fields=["hours_text"])
    write_days(sheet)
    fields = {"hours": (before[0], in_words(sheet)), "hours_text": (before[1], hours_text)}
    note(sheet, fields, cause=cause, actor=actor)


def in_words(sheet: Sheet) -> str:
    """Rules, then exceptional days, in sentences."""
    rules = [rule_in_words(one) for one in sheet.hours.order_by("position")]
    return " ; ".join([*rules, *(exception_words(one) for one in sheet.exceptions.order_by("id"))])


def exception_words(one: SheetException | ExceptionalDay) -> str:
    """« Fermé du 24 au 31 décembre 2026 »"""
    word = "Fermé" if one.effect == Effect.CLOSED else "Ouvert exceptionnellement"
    words = f"{word} {formats.days(one.first_day, one.last_day)}"
    if (one.start_minute, one.end_minute) != (0, 1440):
        words += f", {hours_in_words(one.start_minute, one.end_minute)}"
    return f"{words} ({one.reason})" if one.reason else words


def _replace_rules(sheet: Sheet, rules: Sequence[RuleData]) -> None:
    sheet.hours.all().delete()
    SheetHours.objects.bulk_create(
        SheetHours(
            sheet=sheet,
            position=position,
            effect=rule.effect,
            weekdays=sorted(set(rule.weekdays)),
            start_minute=rule.start_minute,
            end_minute=rule.end_minute,
            when=rule.when,
            not_on_public_holidays=rule.not_on_public_holidays,
            valid_from=rule.valid_from,
            valid_until=rule.valid_until,
        )
        for position, rule in enumerate(rules)
    )


def _replace_exceptions(sheet: Sheet, exceptions: Sequence[ExceptionalDay]) -> None:
    sheet.exceptions.all().delete()
    SheetException.objects.bulk_create(
        SheetException(
            sheet=sheet,
            effect=one.effect,
            first_day=one.first_day,
            last_day=one.last_day,
            start_minute=one.start_minute,
            end_minute=one.end_minute,
            reason=one.reason,
        )
        for one in exceptions
    )
