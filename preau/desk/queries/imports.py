"""What a file would do: lines that fit, lines already there, lines in conflict, lines unread."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from preau.availability.models import OccupiedUnit
from preau.core.timeranges import Period
from preau.desk.models import ImportBatch, ImportedUse, ImportLine
from preau.places.models import SpaceUnit

#: As many lines of each kind are shown on the page.
SHOWN = 200


@dataclass
class Outlook:
    """The dry run."""

    fit: list[ImportLine]
    known: list[ImportLine]
    conflicts: list[tuple[ImportLine, str]]
    unread: list[ImportLine]


def outlook(batch: ImportBatch) -> Outlook:
    """What importing would do now, in a fixed number of queries."""
    lines = list(batch.lines.select_related("space"))
    readable = [line for line in lines if not line.error and line.occupancy_id is None]
    keys = set(
        ImportedUse.objects.filter(
            place=batch.place_id, key__in=[line.key for line in readable]
        ).values_list("key", flat=True)
    )
    fresh = [line for line in readable if line.key not in keys]
    found = Outlook(
        [], [line for line in readable if line.key in keys], [], [x for x in lines if x.error]
    )
    taken = _taken(fresh)
    units = _units(fresh)
    for line in fresh:
        assert line.space is not None
        busy = line.span.widened(line.space.before, line.space.after)
        mine = units[line.space.pk]
        rivals = [(unit, who) for unit in mine for span, who in taken[unit] if span.overlaps(busy)]
        full = len({unit for unit, _ in rivals}) == len(mine) if line.space.is_pool else rivals
        if full:
            found.conflicts.append((line, rivals[0][1]))
            continue
        found.fit.append(line)
        free = [unit for unit in mine if unit not in {one for one, _ in rivals}]
        for unit in free[:1] if line.space.is_pool else mine:
            taken[unit].append((busy, f"la ligne {line.number}"))
    return found


def _units(lines: list[ImportLine]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    spaces = {line.space_id for line in lines}
    pairs = SpaceUnit.objects.filter(space__in=spaces).order_by("unit_id")
    for space_id, unit_id in pairs.values_list("space_id", "unit_id"):
        found[space_id].append(unit_id)
    return found


def _taken(lines: list[ImportLine]) -> dict[int, list[tuple[Period, str]]]:
    """Unit → when it is taken, and by what, over the days of the file."""
    found: dict[int, list[tuple[Period, str]]] = defaultdict(list)
    if not lines:
        return found
    first = min(line.span.start for line in lines)
    last = max(line.span.end for line in lines)
    rows = OccupiedUnit.objects.filter(
        unit__spaces__in={line.space_id for line in lines}, busy__overlap=(first, last)
    ).distinct()
    for unit_id, busy, label in rows.values_list("unit_id", "busy", "occupancy__label"):
        found[unit_id].append((Period(busy.lower, busy.upper), f"« {label} »"))
    return found


@dataclass(frozen=True)
class Progress:
    """How far an import has come."""

    total: int
    done: int
    failed: int

    @property
    def left(self) -> int:
        return self.total - self.done - self.failed


def progress(batch: ImportBatch) -> Progress:
    lines = batch.lines.all()
    done = lines.exclude(occupancy=None).count()
    return Progress(lines.count(), done, lines.exclude(error="").count())
