"""The mirror of Aides-territoires: answers of its `/aids/`, as they come, into the library.

Again changes nothing. An aid that is no longer in a whole answer is put away; a line that cannot
be read is named in the report, and the others are loaded all the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.resources import history
from preau.resources.actions.saving import save_of_machine
from preau.resources.enums import EntryKind, ResourceState, Source
from preau.resources.loading.html_text import cleaned
from preau.resources.loading.perimeters import Perimeters
from preau.resources.loading.reading import BadLine, values_of
from preau.resources.loading.report import Report
from preau.resources.models import Resource

#: How lines are read: when it changes, each of them is read again.
_CODE = hashlib.sha256(
    b"".join(file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py")))
).digest()
#: A whole answer that would put away more than this share is likely cut: nothing is put away.
MOST_RETIRED = 0.3
#: Below this many known aids, the share says nothing.
FEW = 10


def load_aids(
    pages: Iterable[Any],
    *,
    fetched_at: datetime | None = None,
    force: bool = False,
    report: Report | None = None,
) -> Report:
    """Bring the mirror to what the pages say. What stops the pages stops it: nothing is put away.

    Args:
        report: where to count as it goes, for who wants it even when the pages stop.
        pages: answers in their own shape: `{"count", "previous", "next", "results": […]}`.
        force: put away whatever is missing, however much it is.
    """
    report = report if report is not None else Report()
    seen, total = set[str](), 0
    at = fetched_at or clock.now()
    perimeters = Perimeters()
    known = dict(_mirrored().values_list("source_id", "source_digest"))
    for page in pages:
        total = max(total, _count(page, report))
        for line in _results(page, report):
            report.read += 1
            number = _number(line, report)
            if not number:
                continue
            if number in seen:
                report.skipped.append((f"aid {number}", "twice in the answer"))
                continue
            seen.add(number)
            _load(line, number, known.get(number), perimeters, at, report)
    _retire(set(known) - seen, report, whole=report.read >= total > 0, known=known, force=force)
    return report


def _mirrored() -> Any:
    return Resource.objects.filter(source=Source.AIDES_TERRITOIRES).exclude(
        state=ResourceState.ARCHIVED
    )


def _count(page: Any, report: Report) -> int:
    count = page.get("count") if isinstance(page, Mapping) else None
    return count if isinstance(count, int) else 0


def _results(page: Any, report: Report) -> Iterator[Any]:
    results = page.get("results") if isinstance(page, Mapping) else None
    if not isinstance(results, list):
        report.skipped.append(("a page", "no list of results in it"))
        return
    yield from results


def _number(line: Any, report: Report) -> str:
    number = line.get("id") if isinstance(line, Mapping) else None
    if isinstance(number, bool) or not isinstance(number, int | str) or not str(number).strip():
        report.skipped.append((f"line {report.read}", "no id"))
        return ""
    return str(number).strip()[:120]


def _load(
    line: Mapping[str, Any],
    number: str,
    known: str | None,
    perimeters: Perimeters,
    at: datetime,
    report: Report,
) -> None:
    text = json.dumps(line, sort_keys=True, ensure_ascii=False).replace("\\u0000", "")
    digest = hashlib.sha256(_CODE + text.encode("utf-8", "replace")).hexdigest()
    if known == digest:
        report.unchanged += 1
        return
    try:
        line = cleaned(json.loads(text))
        values = values_of(line, perimeters, report)
        with transaction.atomic():
            _write(number, values, digest, line, at, report)
    except BadLine as bad:
        report.skipped.append((f"aid {number}", str(bad)))
    except ValidationError as error:
        said = "; ".join(f"{name}: {words[0]}" for name, words in error.message_dict.items())
        report.skipped.append((f"aid {number}", said[:200]))
    except (DatabaseError, ValueError) as error:  # one unreadable line never stops the others
        report.skipped.append((f"aid {number}", str(error).split("\n")[0][:200]))


def _write(
    number: str,
    values: dict[str, Any],
    digest: str,
    snapshot: Any,
    at: datetime,
    report: Report,
) -> None:
    rows = Resource.objects.select_for_update().filter(
        source=Source.AIDES_TERRITOIRES, source_id=number
    )
    resource = rows.first()
    is_new = resource is None
    if resource is None:
        resource = Resource(source=Source.AIDES_TERRITOIRES, source_id=number, published_at=at)
        resource.state = ResourceState.PUBLISHED
    changed = [name for name, value in values.items() if getattr(resource, name) != value]
    for name in changed:
        setattr(resource, name, values[name])
    resource.source_digest, resource.snapshot, resource.fetched_at = digest, snapshot, at
    if resource.state in {ResourceState.ARCHIVED, ResourceState.EXPIRED}:
        resource.state = ResourceState.PUBLISHED
        changed.append("state")
    save_of_machine(resource)
    if is_new or changed:
        kind = EntryKind.CREATED if is_new else EntryKind.MIRRORED
        history.record(SYSTEM, kind, resource, changed=[] if is_new else changed)
    if is_new:
        report.created += 1
    else:
        report.updated += 1


def _retire(
    gone: set[str], report: Report, *, whole: bool, known: Mapping[str, str], force: bool
) -> None:
    if not gone:
        return
    if not whole and not force:
        report.warnings.append(f"{len(gone)} aids are not in this answer, which is not whole: kept")
        return
    if not force and len(known) >= FEW and len(gone) > MOST_RETIRED * len(known):
        report.warnings.append(
            f"{len(gone)} of {len(known)} aids would go at once: kept; look, then use --force"
        )
        return
    for number in sorted(gone):
        with transaction.atomic():
            resource = _mirrored().select_for_update().filter(source_id=number).first()
            if resource is None:
                continue
            resource.state = ResourceState.ARCHIVED
            resource.source_digest = ""  # back in a later answer, it is read again
            save_of_machine(resource)
            history.record(
                SYSTEM, EntryKind.ARCHIVED, resource, reason="N’est plus dans Aides-territoires."
            )
            report.retired += 1
