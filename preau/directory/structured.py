"""The sheet for search engines: schema.org, as JSON-LD."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.safestring import SafeString

from preau.availability import bits as quarters
from preau.availability.enums import Effect, When
from preau.availability.opening import Opening
from preau.core import clock
from preau.core.structured import script
from preau.directory.models import Sheet
from preau.directory.opening import AHEAD, opening_of

DAY = timedelta(days=1)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def sheet_data(sheet: Sheet, url: str, services: list[str]) -> SafeString:
    return script(facts(sheet, url, services))


def facts(sheet: Sheet, url: str, services: list[str]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "CivicStructure",
        "name": sheet.name,
        "url": url,
        "additionalType": sheet.get_kind_display(),
        "address": {
            "@type": "PostalAddress",
            "streetAddress": sheet.address,
            "postalCode": sheet.postcode,
            "addressLocality": sheet.commune.name,
            "addressCountry": "FR",
        },
        "publicAccess": True,
    }
    if sheet.is_located:
        data["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": round(sheet.latitude, 6),
            "longitude": round(sheet.longitude, 6),
        }
    optional = {
        "description": sheet.description,
        "telephone": sheet.phone,
        "email": sheet.email,
        "sameAs": sheet.website,
    }
    data |= {name: value for name, value in optional.items() if value}
    if services:
        data["amenityFeature"] = [
            {"@type": "LocationFeatureSpecification", "name": name, "value": True}
            for name in services
        ]
    return data | opening_hours(sheet)


def opening_hours(sheet: Sheet) -> dict[str, Any]:
    """Weekly lines where the rules are weekly; else the two weeks to come, day by day."""
    today = clock.today(sheet.zone)
    opening = opening_of(sheet, today - DAY, today + AHEAD)
    if not opening.rules and not opening.exceptions:
        return {}
    if not _is_weekly(opening):
        dated = [one for n in range(AHEAD.days) for one in _dated(opening, today + n * DAY)]
        return {"openingHoursSpecification": dated}
    found: dict[str, Any] = {
        "openingHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": [f"https://schema.org/{_DAYS[day]}" for day in rule.weekdays],
                "opens": _clock(rule.start_minute),
                "closes": _clock(rule.end_minute % 1440 or 1439),
            }
            for rule in opening.rules
        ]
    }
    special = [
        line
        for day in sorted(_exceptional_days(opening, today))
        for line in _dated(opening, day) or [_closed(day)]
    ]
    return found | ({"specialOpeningHoursSpecification": special} if special else {})


def _is_weekly(opening: Opening) -> bool:
    return all(
        rule.effect == Effect.OPEN
        and rule.when == When.ALWAYS
        and rule.valid_from is None
        and rule.valid_until is None
        for rule in opening.rules
    )


def _exceptional_days(opening: Opening, today: date) -> set[date]:
    """Days whose hours are not those of their weekday: exceptions, public holidays."""
    coming = [today + n * DAY for n in range(AHEAD.days)]
    spoken = {
        day for day in coming for one in opening.exceptions if one.first_day <= day <= one.last_day
    }
    closed = any(rule.not_on_public_holidays for rule in opening.rules)
    return spoken | {day for day in coming if closed and opening.facts.is_public_holiday(day)}


def _dated(opening: Opening, day: date) -> list[dict[str, Any]]:
    zone = opening.facts.zone
    return [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": day.isoformat(),
            "validThrough": day.isoformat(),
            "opens": _clock(quarters.wall_minute(day, start, zone)),
            "closes": _clock(_end(day, end, opening)),
        }
        for start, end in quarters.stretches(opening.bits(day))
    ]


def _end(day: date, quarter: int, opening: Opening) -> int:
    zone = opening.facts.zone
    if quarter >= quarters.day_length(day, zone):
        return 1439  # midnight would read as the beginning of the day
    return quarters.wall_minute(day, quarter, zone)


def _closed(day: date) -> dict[str, Any]:
    said = day.isoformat()
    return {
        "@type": "OpeningHoursSpecification",
        "validFrom": said,
        "validThrough": said,
        "opens": "00:00",
        "closes": "00:00",
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
