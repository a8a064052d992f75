"""Places, spaces, units and hours into their tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from bench.country.hours import Calendar, Hours, Skies, bits, built_until, years
from bench.country.land import KIND_LABELS, KIND_WORDS, PLACE_LABELS, PLACE_WORDS, Land
from bench.country.loading import fill_whole
from bench.country.people import People
from bench.country.prices import Prices
from bench.country.rows import Choice, Nullable, texts
from bench.figures import progress
from preau.availability.models import OpeningCalendar, SpaceCalendar, SpaceIndex
from preau.places.enums import ApprovalMode, Publication
from preau.places.models import Place, Space, SpaceEquipment, SpaceUnit, Unit

_Y2000 = date(2000, 1, 1)
#: One space in three waits for its manager; the others confirm at once.
ASKS = 3


def write(link: Any, land: Land, people: People, prices: Prices, now: int) -> None:
    _write_places(link, land, people, now)
    _write_spaces(link, land, prices, now)
    _write_units(link, land)
    _write_equipment(link, land)


def _write_places(link: Any, land: Land, people: People, now: int) -> None:
    n, at = land.places, land.place_commune
    names = [
        f"{PLACE_LABELS[kind]} – {land.communes.names[commune]}"
        for kind, commune in zip(land.place_kind.tolist(), at.tolist(), strict=True)
    ]
    fill_whole(
        link,
        Place,
        n,
        {
            "id": np.arange(n) + 1,
            "owner_id": people.place_owner + 1,
            "name": texts([name[:120] for name in names]),
            "slug": texts([f"lieu-{number + 1}" for number in range(n)]),
            "kind": Choice(PLACE_WORDS, land.place_kind),
            "address": "1 place de la Mairie",
            "postcode": Choice(land.communes.postcodes, at),
            "commune_id": Choice(land.communes.codes, at),
            "departement_code": Choice(land.communes.departements, at),
            "latitude": land.place_latitude,
            "longitude": land.place_longitude,
            "time_zone": Choice(land.communes.time_zones, at),
            "is_accessible": land.place_accessible,
            "publication": Publication.PUBLISHED.value,
            "feed_secret": texts([f"{number:043d}" for number in range(n)]),
            "created_at": now,
        },
    )


def _write_spaces(link: Any, land: Land, prices: Prices, now: int) -> None:
    n = land.spaces
    number = np.arange(n) + 1
    thirds = ["", " – premier tiers", " – deuxième tiers", " – troisième tiers"]
    names = [
        f"{KIND_LABELS[kind]} {root % 89 + 1}{thirds[part]}"
        for kind, root, part in zip(
            land.space_kind.tolist(), land.space_root.tolist(), land.part.tolist(), strict=True
        )
    ]
    modes = [ApprovalMode.MANAGER.value, ApprovalMode.IMMEDIATE.value]
    fill_whole(
        link,
        Space,
        n,
        {
            "id": number,
            "place_id": land.space_place + 1,
            "root_id": Nullable(land.space_root + 1, land.part > 0),
            "name": texts(names),
            "slug": texts([f"espace-{one}" for one in range(1, n + 1)]),
            "kind": Choice(KIND_WORDS, land.space_kind),
            "capacity": land.capacity,
            "is_pool": land.lanes > 1,
            "is_accessible": land.accessible,
            "buffer_before": land.before,
            "buffer_after": land.after,
            "lead_minutes": land.lead,
            "horizon_days": land.horizon,
            "min_minutes": land.shortest,
            "max_minutes": land.longest,
            "step_minutes": land.step,
            "approval": Choice(modes, (land.space_root % ASKS > 0).astype(int)),
            "price_from_cents": Nullable(prices.from_cents, prices.from_cents >= 0),
            "publication": Publication.PUBLISHED.value,
            "created_at": now,
        },
    )


def _write_units(link: Any, land: Land) -> None:
    n = len(land.unit_root)
    columns = {
        "id": np.arange(n) + 1,
        "root_id": land.unit_root + 1,
        "name": Choice([f"Partie {rank + 1}" for rank in range(32)], land.unit_position),
        "position": land.unit_position,
    }
    fill_whole(link, Unit, n, columns)
    space, unit = land.made_of
    pairs = len(space)
    columns = {"id": np.arange(pairs) + 1, "space_id": space + 1, "unit_id": unit + 1}
    fill_whole(link, SpaceUnit, pairs, columns)


def _write_equipment(link: Any, land: Land) -> None:
    there = (land.equipment[:, None] >> np.arange(24)) & 1
    space, kind = np.nonzero(there)
    columns = {"id": np.arange(len(space)) + 1, "space_id": space + 1, "kind": kind}
    fill_whole(link, SpaceEquipment, len(space), columns)


def write_hours(link: Any, land: Land, people: People, hours: Hours) -> None:
    """Calendars, their rules, who follows them and their days."""
    n = len(hours.calendars)
    place = np.array([calendar.place for calendar in hours.calendars])
    commune = land.place_commune[place]
    until = {zone: (built_until(zone) - _Y2000).days for zone in set(land.communes.time_zones)}
    facts = [
        f"{land.communes.time_zones[at]} {land.communes.departements[at]}"
        f" {land.communes.school_zones[at]}"
        for at in commune.tolist()
    ]
    fill_whole(
        link,
        OpeningCalendar,
        n,
        {
            "id": np.arange(n) + 1,
            "organization_id": people.place_owner[place] + 1,
            "place_id": place + 1,
            "name": "Horaires",
            "built_until": np.array([until[land.communes.time_zones[at]] for at in commune]),
            "facts": texts(facts),
        },
    )
    columns = {
        "id": np.arange(land.spaces) + 1,
        "space_id": np.arange(land.spaces) + 1,
        "calendar_id": hours.space_calendar + 1,
    }
    fill_whole(link, SpaceCalendar, land.spaces, columns)
    _write_rules(link, hours.calendars)
    _write_days(link, land, hours.calendars)


def _write_rules(link: Any, calendars: list[Calendar]) -> None:
    rules = (
        (number, position, rule)
        for number, calendar in enumerate(calendars, 1)
        for position, rule in enumerate(calendar.rules)
    )
    columns = (
        'calendar_id, position, effect, weekdays, start_minute, end_minute, "when",'
        " not_on_public_holidays, valid_from, valid_until"
    )
    with link.cursor().copy(f"COPY availability_openingrule ({columns}) FROM STDIN") as copy:
        for number, position, rule in rules:
            copy.write_row(
                (
                    *(number, position, str(rule.effect), list(rule.weekdays), rule.start),
                    *(rule.end, str(rule.when), rule.no_holidays, rule.valid_from),
                    rule.valid_until,
                )
            )
    columns = "calendar_id, effect, first_day, last_day, start_minute, end_minute, reason"
    with link.cursor().copy(f"COPY availability_openingexception ({columns}) FROM STDIN") as copy:
        for number, calendar in enumerate(calendars, 1):
            for one in calendar.exceptions:
                copy.write_row(
                    (number, str(one.effect), one.first, one.last, one.start, one.end, one.reason)
                )


def _write_days(link: Any, land: Land, calendars: list[Calendar]) -> None:
    skies, at = Skies(), land.communes
    columns = "calendar_id, year, patterns, days"
    with link.cursor().copy(f"COPY availability_openingyear ({columns}) FROM STDIN") as copy:
        for number, calendar in enumerate(calendars, 1):
            commune = int(land.place_commune[calendar.place])
            zones = at.time_zones[commune], at.school_zones[commune]
            sky = skies.over(*zones, at.departements[commune])
            for year, patterns, days in years(bits(calendar, sky), sky.first_written):
                text = f"{number}\t{year}\t{{{','.join(patterns)}}}\t{{{str(days)[1:-1]}}}\n"
                copy.write(text)
            progress("opening years", number, len(calendars))


def write_index(link: Any, land: Land, people: People, hours: Hours, prices: Prices) -> None:
    """What search reads of each space, in the order of its tiles."""
    order = np.argsort(land.tile[land.space_place], kind="stable")
    place = land.space_place[order]
    commune = land.place_commune[place]
    cents = prices.from_cents[order]
    fill_whole(
        link,
        SpaceIndex,
        land.spaces,
        {
            "space_id": order + 1,
            "place_id": place + 1,
            "owner_id": people.place_owner[place] + 1,
            "departement_code": Choice(land.communes.departements, commune),
            "tile": land.tile[place],
            "latitude": land.place_latitude[place],
            "longitude": land.place_longitude[place],
            "calendar_id": hours.space_calendar[order] + 1,
            "zone": Choice(land.communes.time_zones, commune),
            "capacity": land.capacity[order],
            "kind": Choice(KIND_WORDS, land.space_kind[order]),
            "place_kind": Choice(PLACE_WORDS, land.place_kind[place]),
            "equipment": land.equipment[order],
            "is_accessible": land.accessible[order] & land.place_accessible[place],
            "price_from_cents": Nullable(cents, cents >= 0),
            "lanes": land.lanes[order],
            "min_minutes": land.shortest[order],
            "max_minutes": land.longest[order],
            "step_minutes": land.step[order],
            "lead_minutes": land.lead[order],
            "horizon_days": land.horizon[order],
        },
    )
