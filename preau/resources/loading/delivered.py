"""The records delivered with Préau: known public devices in plain words, each to be verified.

A record that somebody has taken over here is left alone by later deliveries.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.resources import areas, history
from preau.resources.actions.saving import save
from preau.resources.enums import (
    AidType,
    Audience,
    BlockageKind,
    EntryKind,
    Phase,
    Recurrence,
    ResourceKind,
    ResourceState,
    Source,
    Theme,
)
from preau.resources.loading.report import Report
from preau.resources.models import Resource

DATA = Path(__file__).parents[1] / "data"
_LISTS = {
    "themes": Theme,
    "blockage_kinds": BlockageKind,
    "phases": Phase,
    "audiences": Audience,
    "aid_types": AidType,
}
_WORDS = ("title", "summary", "body", "eligibility", "provider_name", "url")


def delivered() -> list[dict[str, Any]]:
    """What the files say, in the order of their names."""
    found: list[dict[str, Any]] = []
    for file in sorted(DATA.glob("*.json")):
        found += json.loads(file.read_text("utf-8"))
    return found


def load_delivered(records: Iterable[dict[str, Any]] | None = None) -> Report:
    """Bring the delivered records to what the files say; those no longer there are put away."""
    report, seen = Report(), set[str]()
    for given in delivered() if records is None else records:
        report.read += 1
        seen.add(given["id"])
        with transaction.atomic():
            _load(given, report)
    gone = Resource.objects.filter(source=Source.PREAU).exclude(source_id__in=seen)
    for resource in gone.exclude(state=ResourceState.ARCHIVED):
        with transaction.atomic():
            resource.state = ResourceState.ARCHIVED
            save(resource)
            history.record(SYSTEM, EntryKind.ARCHIVED, resource, reason="N’est plus livrée.")
            report.retired += 1
    return report


def values_of(given: dict[str, Any]) -> dict[str, Any]:
    """The columns of one record; every word of a list is checked.

    Raises:
        ValueError, KeyError: the file is wrong: a mistake of ours, seen by the tests.
    """
    values: dict[str, Any] = {name: str(given.get(name, "")) for name in _WORDS}
    for name, choices in _LISTS.items():
        listed = given.get(name, [])
        values[name] = choices.values if listed == "*" else [choices(one).value for one in listed]
    values["kind"] = ResourceKind(given["kind"]).value
    values["areas"] = areas.checked(given["areas"])
    values["recurrence"] = Recurrence(given["recurrence"]).value if "recurrence" in given else ""
    values["is_call"] = bool(given.get("is_call", False))
    return values


def _load(given: dict[str, Any], report: Report) -> None:
    digest = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
    rows = Resource.objects.select_for_update(of=("self",)).filter(source_id=given["id"])
    resource = rows.exclude(source=Source.AIDES_TERRITOIRES).first()
    if resource is not None and (
        resource.source != Source.PREAU or resource.state == ResourceState.ARCHIVED
    ):
        report.kept += 1  # taken over, or put away, by somebody here
        return
    if resource is not None and resource.source_digest == digest:
        report.unchanged += 1
        return
    is_new = resource is None
    resource = resource or Resource(
        source=Source.PREAU,
        source_id=given["id"],
        state=ResourceState.PUBLISHED,
        published_at=clock.now(),
    )
    for name, value in values_of(given).items():
        setattr(resource, name, value)
    resource.source_digest, resource.fetched_at = digest, clock.now()
    resource.verified_on = None  # of the former words
    save(resource)
    history.record(SYSTEM, EntryKind.CREATED if is_new else EntryKind.MIRRORED, resource)
    report.created += is_new
    report.updated += not is_new
