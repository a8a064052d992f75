"""Making sheets of what lines say: many at once when new, one by one when they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from preau.accounts.actors import Actor
from preau.accounts.steering import may_steer
from preau.core import clock
from preau.core.errors import Forbidden
from preau.directory import finding, perms
from preau.directory.actions.hours import set_hours
from preau.directory.actions.offers import set_offers
from preau.directory.actions.sheets import edit_sheet
from preau.directory.bringing.enums import Licence, LineState
from preau.directory.bringing.reading_lines import Wanted
from preau.directory.enums import ChangeCause, SheetState
from preau.directory.formats.hours import Hours
from preau.directory.formats.own import OWN
from preau.directory.formats.records import OfferRecord, Record
from preau.directory.models import (
    ListedFields,
    ServiceOffer,
    Sheet,
    SheetBatch,
    SheetChange,
    SheetException,
    SheetHours,
    SheetLine,
    SheetPair,
    SheetReference,
)
from preau.directory.opening import ExceptionalDay, write_many
from preau.directory.queries.records import records_of
from preau.territories.models import Commune

Pairs = Sequence[tuple[SheetLine, Wanted]]


# --- New ones


def create(batch: SheetBatch, pairs: Pairs, communes: Mapping[str, Commune], actor: Actor) -> None:
    """Make them all, each with its hours, services, name in the list and history."""
    now = clock.now()
    made: list[tuple[SheetLine, Wanted, Sheet]] = []
    for (line, wanted), slug in zip(pairs, _slugs(pairs, communes), strict=True):
        commune = communes[wanted.record.commune_code]
        sheet = _sheet(wanted.record, commune, slug, now)
        if why := _why_not(sheet, actor):
            reject(line, why)
        else:
            made.append((line, wanted, sheet))
    sheets = Sheet.objects.bulk_create([sheet for _, _, sheet in made])
    _beside(batch, made, now)
    SheetChange.objects.bulk_create(
        SheetChange(
            sheet=sheet,
            at=now,
            actor_user=actor.user,
            cause=ChangeCause.IMPORTED,
            fields={"state": [None, sheet.state], "name": [None, sheet.name]},
        )
        for sheet in sheets
    )
    write_many(sheets)
    for line, wanted, sheet in made:
        line.state, line.sheet_id, line.written_at = LineState.CREATED, sheet.pk, now
        if wanted.like is not None and wanted.sheet is not None:
            _to_decide(sheet, wanted)


def _sheet(record: Record, commune: Commune, slug: str, now: datetime) -> Sheet:
    located = record.latitude is not None and record.longitude is not None
    latitude, longitude = commune.centre
    sheet = Sheet(
        state=SheetState.PUBLISHED,
        slug=slug,
        commune=commune,
        departement_code=commune.departement_id,
        time_zone=commune.time_zone,
        postcode=record.postcode or commune.main_postcode,
        latitude=record.latitude if record.latitude is not None else latitude,
        longitude=record.longitude if record.longitude is not None else longitude,
        is_located=located,
        hours_text=record.hours.text if record.hours else "",
        created_at=now,
        updated_at=now,
        **record.fields,
    )
    sheet.search_key = finding.words_of(sheet, [one.name for one in record.offers or []])
    return sheet


def _why_not(sheet: Sheet, actor: Actor) -> str:
    """What the model forbids, or the territory; "" when it may be. Asks no database."""
    try:
        sheet.clean_fields(exclude=["commune", "place", "manager", "merged_into"])
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        label = getattr(Sheet._meta.get_field(name), "verbose_name", name)
        return f"{label} : {sentences[0]}"
    try:
        perms.require(actor, "directory.edit", sheet)
    except Forbidden:
        if not may_steer(actor):
            return f"{sheet.commune} n’est pas de votre territoire."
        sheet.state = SheetState.PROPOSED  # whoever keeps that territory decides
    return ""


def _slugs(pairs: Pairs, communes: Mapping[str, Commune]) -> Iterator[str]:
    """One free address each, asked in as many queries as the most frequent name has namesakes."""
    bases = []
    for _, wanted in pairs:
        commune = communes[wanted.record.commune_code]
        text = slugify(f"{wanted.record.fields['name']} {commune.name}")[:120].strip("-")
        bases.append(text or f"lieu-{commune.code.lower()}")
    taken = set(Sheet.objects.filter(slug__in=set(bases)).values_list("slug", flat=True))
    for base in bases:
        slug, number = base, 2
        while slug in taken:
            slug, number = f"{base}-{number}", number + 1
            if slug not in taken and Sheet.objects.filter(slug=slug).exists():
                taken.add(slug)
        taken.add(slug)
        yield slug


def _beside(
    batch: SheetBatch, made: Sequence[tuple[SheetLine, Wanted, Sheet]], now: datetime
) -> None:
    """Names in the list, hours, services of new sheets."""
    SheetReference.objects.bulk_create(
        _reference(batch, sheet, wanted, now) for _, wanted, sheet in made
    )
    ListedFields.objects.bulk_create(
        ListedFields(sheet=sheet, source=batch.source, format=batch.format, values=wanted.values)
        for _, wanted, sheet in made
    )
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
        for _, wanted, sheet in made
        for position, rule in enumerate((wanted.record.hours or Hours()).rules)
    )
    SheetException.objects.bulk_create(
        SheetException(sheet=sheet, **vars(one))
        for _, wanted, sheet in made
        for one in (wanted.record.hours or Hours()).exceptions
    )
    ServiceOffer.objects.bulk_create(
        ServiceOffer(sheet=sheet, **vars(one))
        for _, wanted, sheet in made
        for one in wanted.record.offers or []
    )


def _reference(batch: SheetBatch, sheet: Sheet, wanted: Wanted, now: datetime) -> SheetReference:
    return SheetReference(
        sheet=sheet,
        source=batch.source,
        external_id=wanted.record.external_id,
        imported_at=now,
        licence="ODbL" if batch.licence == Licence.ODBL else "",
    )


def _to_decide(sheet: Sheet, wanted: Wanted) -> None:
    """Two sheets that may be of one place: somebody decides, in the directory's own page."""
    assert wanted.sheet is not None and wanted.like is not None
    first, second = sorted([sheet.pk, wanted.sheet.pk])
    SheetPair.objects.get_or_create(
        first_id=first,
        second_id=second,
        defaults={"score": wanted.like.score, "reasons": wanted.like.reasons},
    )


# --- Known ones


def update(batch: SheetBatch, line: SheetLine, wanted: Wanted, actor: Actor) -> None:
    """Write what the list says differently; somebody's own corrections since are kept.

    Raises:
        Refusal: the sheet may not be changed so, or not by them.
    """
    sheet = wanted.sheet
    assert sheet is not None
    line.sheet_id = sheet.pk
    if not wanted.changes:
        line.state = LineState.SAME
        if not wanted.is_same:
            _keep(batch, sheet, wanted)
        return
    line.before = before(batch, sheet)
    _keep(batch, sheet, wanted)
    apply(sheet, wanted.changes, actor)
    line.state, line.written_at = LineState.UPDATED, written_at(sheet)


def attach(batch: SheetBatch, line: SheetLine, wanted: Wanted, actor: Actor) -> None:
    """The place is here already: name it as this list does, and fill in what is missing."""
    sheet, record = wanted.sheet, wanted.record
    assert sheet is not None
    line.before, line.sheet_id = before(batch, sheet), sheet.pk
    perms.require(actor, "directory.edit", sheet)
    empty: tuple[object, ...] = ("", None, [])
    found: dict[str, Any] = {
        name: value
        for name, value in record.fields.items()
        if getattr(sheet, name) in empty and value not in empty
    }
    if not sheet.is_located and record.latitude is not None:
        found["latitude"], found["longitude"] = record.latitude, record.longitude
    if record.hours and not sheet.hours_text and not sheet.hours.exists():
        found["hours"] = record.hours
    there = set(sheet.services.values_list("name", flat=True))
    more = [one for one in record.offers or [] if one.name not in there]
    if more:
        found["offers"] = [*(records_of([sheet])[0].offers or []), *more]
    _reference(batch, sheet, wanted, clock.now()).save()
    _keep(batch, sheet, wanted)
    apply(sheet, found, actor)
    line.state, line.written_at = LineState.ATTACHED, written_at(sheet)


def _keep(batch: SheetBatch, sheet: Sheet, wanted: Wanted) -> None:
    ListedFields.objects.update_or_create(
        sheet=sheet,
        source=batch.source,
        defaults={"format": batch.format, "values": wanted.values},
    )
    SheetReference.objects.filter(
        source=batch.source, external_id=wanted.record.external_id
    ).update(imported_at=clock.now())


def apply(sheet: Sheet, changed: Mapping[str, Any], actor: Actor) -> None:
    """Write these on a sheet, told in its history as an import."""
    cause = ChangeCause.IMPORTED
    fields = dict(changed)
    hours: Hours | None = fields.pop("hours", None)
    offers: list[OfferRecord] | None = fields.pop("offers", None)
    if "commune" in fields:
        fields["commune"] = Commune.objects.get(code=fields["commune"])
    if "latitude" in fields:
        located = fields["latitude"] is not None and fields["longitude"] is not None
        fields["is_located"] = located
    if fields:
        edit_sheet(sheet, fields, actor=actor, cause=cause)
    if hours is not None:
        exceptions = [ExceptionalDay(**vars(one)) for one in hours.exceptions]
        set_hours(sheet, hours.rules, exceptions, actor=actor, cause=cause, hours_text=hours.text)
    if offers is not None:
        said = [vars(one) for one in offers]
        set_offers(sheet, said, actor=actor, cause=cause)


def before(batch: SheetBatch, sheet: Sheet) -> dict[str, Any]:
    """The sheet, and what the list said of it, as they are: kept to give them back."""
    known = ListedFields.objects.filter(sheet=sheet, source=batch.source)
    listed = known.values_list("format", "values").first()
    return {"row": OWN.write(records_of([sheet])[0]), "listed": listed}


def written_at(sheet: Sheet) -> datetime:
    return Sheet.objects.values_list("updated_at", flat=True).get(pk=sheet.pk)


def give_back(batch: SheetBatch, sheet: Sheet, kept: dict[str, Any], actor: Actor) -> None:
    """Make the sheet as it was before the list changed it."""
    was = OWN.read(kept["row"], sheet.updated_at.date())
    if kept["listed"]:
        form, values = kept["listed"]
        known = ListedFields.objects.filter(sheet=sheet, source=batch.source)
        known.update(format=form, values=values)
    now = records_of([sheet])[0]
    changed: dict[str, Any] = {
        name: value for name, value in was.fields.items() if now.fields[name] != value
    }
    if (was.latitude, was.longitude) != (now.latitude, now.longitude):
        changed["latitude"], changed["longitude"] = was.latitude, was.longitude
    if was.commune_code != now.commune_code:
        changed["commune"] = was.commune_code
    if was.postcode != now.postcode:
        changed["postcode"] = was.postcode
    if was.hours != hours_with_text(now):
        changed["hours"] = was.hours
    if was.offers != now.offers:
        changed["offers"] = was.offers
    apply(sheet, changed, actor)


def hours_with_text(record: Record) -> Hours:
    return record.hours or Hours()


def reject(line: SheetLine, sentence: str) -> None:
    line.state, line.expected, line.written_at = LineState.REJECTED, "", None
    line.problems = [["", sentence]]
