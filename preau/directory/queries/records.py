"""Sheets as formats write them: many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from preau.availability.opening import RuleData
from preau.core import formats
from preau.directory.formats.hours import ExceptionData, Hours
from preau.directory.formats.own import CHOICES, FLAGS, SEVERAL, TEXTS
from preau.directory.formats.records import OfferRecord, Record
from preau.directory.models import ServiceOffer, Sheet, SheetException, SheetHours

#: Columns of `Sheet` that a record carries as they are.
CARRIED = (
    "name",
    *TEXTS.values(),
    *(name for name, _ in CHOICES.values()),
    *(name for name, _ in SEVERAL.values()),
    *FLAGS.values(),
)
_OFFER = (
    *("name", "family", "theme", "description", "level", "provider_name", "publics", "fee"),
    *("by_appointment", "when", "external_id", "since", "until"),
)


def records_of(sheets: Sequence[Sheet]) -> list[Record]:
    """In three queries; their communes are loaded. Each is named by its key."""
    keys = [one.pk for one in sheets]
    hours = hours_of(keys)
    offers: dict[int, list[OfferRecord]] = defaultdict(list)
    rows = ServiceOffer.objects.filter(sheet__in=keys).order_by("sheet_id", "pk")
    for offer in rows.select_related("provider"):
        said = OfferRecord(**{name: getattr(offer, name) for name in _OFFER})
        said.provider_name = said.provider_name or str(offer.provider or "")
        offers[offer.sheet_id].append(said)
    return [_record(one, hours[one.pk], offers[one.pk]) for one in sheets]


def _record(sheet: Sheet, hours: Hours, offers: list[OfferRecord]) -> Record:
    hours.text = sheet.hours_text
    return Record(
        external_id=str(sheet.key),
        fields={name: getattr(sheet, name) for name in CARRIED},
        commune_code=sheet.commune_id,
        commune_name=sheet.commune.name,
        postcode=sheet.postcode,
        latitude=sheet.latitude if sheet.is_located else None,
        longitude=sheet.longitude if sheet.is_located else None,
        hours=hours,
        offers=offers,
        told_on=formats.local(sheet.updated_at, sheet.zone).date(),
    )


def hours_of(keys: Iterable[int]) -> dict[int, Hours]:
    """Rules in order, then exceptions, of each sheet."""
    found: dict[int, Hours] = defaultdict(Hours)
    keys = list(keys)
    for rule in SheetHours.objects.filter(sheet__in=keys).order_by("sheet_id", "position"):
        found[rule.sheet_id].rules.append(
            RuleData(
                list(rule.weekdays),
                rule.start_minute,
                rule.end_minute,
                rule.effect,
                rule.when,
                rule.not_on_public_holidays,
                rule.valid_from,
                rule.valid_until,
            )
        )
    for one in SheetException.objects.filter(sheet__in=keys).order_by("pk"):
        found[one.sheet_id].exceptions.append(
            ExceptionData(
                one.effect,
                one.first_day,
                one.last_day,
                one.start_minute,
                one.end_minute,
                one.reason,
            )
        )
    return found
