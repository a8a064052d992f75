"""Bringing in existing bookings: read, look, then import. Doing it twice is harmless."""

from __future__ import annotations

from django.core.files.base import File
from django.db import transaction

from preau.accounts.actors import Actor
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.booking.actions.callers import Caller, bring_in
from preau.booking.actions.steps import Details
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.desk.actions.planning import take_for_own_use
from preau.desk.enums import ImportState
from preau.desk.models import ImportBatch, ImportedUse, ImportLine
from preau.desk.reading import read
from preau.desk.reading.found import Found
from preau.places.enums import UserCategory
from preau.places.models import Place, Space


def read_file(
    upload: File[bytes], place: Place, default: Space | None, *, actor: Actor
) -> ImportBatch:
    """Read a file and keep what it says. Nothing is imported.

    Raises:
        Refusal: the file as a whole cannot be read.
    """
    found = read(upload.read(), place, default)
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            place=place, made_by=actor.person, file_name=(upload.name or "fichier")[:200]
        )
        ImportLine.objects.bulk_create([_line(batch, one) for one in found], batch_size=500)
        audit.record(actor, "import.read", batch, lines=len(found))
    return batch


def _line(batch: ImportBatch, one: Found) -> ImportLine:
    return ImportLine(
        batch=batch,
        number=one.number,
        key=one.key,
        space=one.space,
        starts_at=one.period.start if one.period else None,
        ends_at=one.period.end if one.period else None,
        kind=one.kind,
        facts=one.facts,
        error=one.error,
    )


@transaction.atomic
def start(batch: ImportBatch, *, actor: Actor) -> bool:
    """Say that it begins; False when somebody has begun it before."""
    changed = ImportBatch.objects.filter(
        pk=batch.pk, state__in=[ImportState.READ, ImportState.STOPPED]
    ).update(state=ImportState.RUNNING, started_at=clock.now())
    if changed:
        audit.record(actor, "import.started", batch)
    return bool(changed)


@transaction.atomic
def stop(batch: ImportBatch, *, actor: Actor) -> None:
    """Leave the rest for later; what is imported stays."""
    running = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.RUNNING)
    if running.update(state=ImportState.STOPPED):
        audit.record(actor, "import.stopped", batch)


def run(batch: ImportBatch, *, actor: Actor) -> None:
    """Import every line left, each in its own transaction: a crash loses none, doubles none."""
    waiting = batch.lines.filter(error="", occupancy=None).values_list("pk", flat=True)
    for pk in list(waiting):
        batch.refresh_from_db(fields=["state"])
        if batch.state != ImportState.RUNNING:
            return
        try:
            bring_in_line(pk, actor=actor)
        except Refusal as refusal:
            ImportLine.objects.filter(pk=pk, occupancy=None).update(error=refusal.sentence)
    done = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.RUNNING)
    done.update(state=ImportState.DONE, ended_at=clock.now())


@transaction.atomic
def bring_in_line(pk: int, *, actor: Actor) -> None:
    """Take the time of one line, unless it was taken by it before.

    Raises:
        Refusal: somebody else has the time.
    """
    line = (
        ImportLine.objects.select_for_update(of=("self",))
        .select_related("batch__place", "space__place__owner")
        .get(pk=pk)
    )
    if line.occupancy_id is not None:
        return
    place = line.batch.place
    Place.objects.select_for_update(no_key=True).get(pk=place.pk)  # two imports at once: in turn
    known = ImportedUse.objects.filter(place=place, key=line.key).first()
    if known is None:
        occupancy = _take(line, actor)
        ImportedUse.objects.create(place=place, key=line.key, occupancy=occupancy)
    else:
        occupancy = known.occupancy
    line.occupancy = occupancy
    line.save(update_fields=["occupancy"])


def _take(line: ImportLine, actor: Actor) -> Occupancy:
    assert line.space is not None
    assert line.starts_at is not None
    assert line.ends_at is not None
    facts, period = line.facts, Period(line.starts_at, line.ends_at)
    if line.kind == OccupancyKind.OWN_USE:
        return take_for_own_use(line.space, period, facts["purpose"], actor=actor)
    name = facts["name"] or facts["structure"] or facts["purpose"]
    details = Details(
        purpose=facts["purpose"],
        attendance=facts["attendance"],
        is_public_event=False,
        contact_name=name[:120],
        contact_phone=facts["phone"],
    )
    category = UserCategory.ASSOCIATION if facts["structure"] else UserCategory.RESIDENT
    caller = Caller(
        name=name[:120],
        phone=facts["phone"],
        category=category,
        email=facts["email"],
        structure=facts["structure"],
    )
    return bring_in(line.space, period, details, caller, actor=actor).occupancy
