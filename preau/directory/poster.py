"""The poster of a place: what to know at the door, large, with a QR code to its page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import segno
from django.utils.safestring import SafeString, mark_safe

from preau.core import clock, formats
from preau.core.icons import PATHS
from preau.directory.enums import ServiceFamily, Staffing
from preau.directory.models import Sheet
from preau.directory.queries.labels import labels_of
from preau.directory.queries.sheet import hours_of, services_of
from preau.documents.rendering import render

#: Each family of services has its drawing, always beside its words.
PICTOGRAMS = {
    ServiceFamily.PUBLIC_SOCIAL.label: "building",
    ServiceFamily.ESSENTIAL.label: "euro",
    ServiceFamily.LIFE.label: "people",
    ServiceFamily.WORKERS.label: "key",
    ServiceFamily.TRAINING.label: "settings",
}
MOST_SERVICES = 14


def content(sheet: Sheet, address: str) -> dict[str, Any]:
    """What the page and the PDF show."""
    hours = hours_of(sheet)
    today = hours.week[0]
    return {
        "sheet": sheet,
        "hours": hours,
        "today": today,
        "today_words": formats.day(today.day),
        "services": services_of(sheet),
        "labels": labels_of([sheet]).get(sheet.pk, []),
        "marks": marks(sheet),
        "address": address,
        "qr": qr(address),
        "printed_on": formats.day(clock.today(sheet.zone), weekday=False),
    }


def marks(sheet: Sheet) -> list[tuple[str, str]]:
    """(icon, words): drawings never go without words."""
    found = [("pin", _where(sheet))]
    if sheet.phone:
        found.append(("phone", formats.telephone(sheet.phone)))
    if sheet.is_accessible:
        found.append(("accessible", "Accessible aux personnes à mobilité réduite"))
    if sheet.staffing:
        found.append(("people", ", ".join(Staffing(one).label for one in sheet.staffing)))
    if sheet.appointment_url:
        found.append(("calendar", "Rendez-vous en ligne : voir la page du lieu"))
    return found


def _where(sheet: Sheet) -> str:
    street = ", ".join(part for part in (sheet.address, sheet.address_more) if part)
    town = f"{sheet.postcode} {sheet.commune.name}"
    return f"{street}, {town}" if street else town


def qr(address: str) -> SafeString:
    """The code as SVG, drawn by us alone: safe to show."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(border=2, omitsize=True, svgclass="directory-qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308


def pdf(sheet: Sheet, address: str, *, at: datetime) -> bytes:
    found = content(sheet, address)
    services = [
        {
            "family": family,
            "icon": drawing(PICTOGRAMS[family]),
            "names": [one.service.name for one in offers],
        }
        for family, offers in found["services"]
    ]
    data = {
        "name": sheet.name,
        "kind": sheet.get_kind_display(),
        "marks": [{"icon": drawing(icon), "words": words} for icon, words in found["marks"]],
        "week": [list(line) for line in found["hours"].usual] if found["hours"].known else [],
        "sentences": found["hours"].sentences,
        "coming": found["hours"].coming,
        "hours_text": sheet.hours_text,
        "known": found["hours"].known,
        "services": _some(services),
        "labels": [one.words for one in found["labels"]],
        "address": address,
        "qr": segno.make(address, error="m", micro=False).svg_inline(border=0),
        "printed_on": found["printed_on"],
    }
    return render("directory/poster.typ", data, at=at, trial=False)


def _some(services: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One page holds so many: each family keeps its first ones, and says how many are left."""
    share = max(MOST_SERVICES // max(len(services), 1), 2)
    for one in services:
        left = len(one["names"]) - share
        if left > 0:
            one["names"] = [*one["names"][:share], f"et {formats.count(left, 'autre')}"]
    return services


def drawing(name: str) -> str:
    """An icon as a file of its own."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">'
        f'<path d="{PATHS[name]}" fill="none" stroke="#161616" stroke-width="1.8"'
        ' stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
