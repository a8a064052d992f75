"""Handing what is to be billed to the finance service: each line once, in numbered batches."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.payments import titles
from preau.payments.actions import numbering
from preau.payments.models import CollectingOffice, TitleBatch, TitledLine
from preau.payments.perms import require


@transaction.atomic
def hand_over(office: CollectingOffice, *, actor: Actor) -> TitleBatch:
    """Make the next batch of all that waits.

    Raises:
        Refusal: nothing waits; a second click finds the first one's batch, and nothing more.
    """
    require(actor, "payments.export", office)
    # One at a time: the second reads what the first has left.
    offices = CollectingOffice.objects.select_related("organization__commune")
    office = offices.select_for_update(of=("self",), no_key=True).get(pk=office.pk)
    found = titles.waiting(office, locks=True)
    if not found:
        raise Refusal("Rien n’attend d’être facturé.", code="nothing")
    rows = titles.frozen(found)
    year = clock.today(office.zone).year
    batch = TitleBatch.objects.create(
        office=office,
        year=year,
        sequence=numbering.take(f"titles:{office.pk}", year),
        cents=sum(row.cents for one in found for row in one.rows),
        rows=rows,
        made_by=actor.user,
    )
    TitledLine.objects.bulk_create(
        TitledLine(batch=batch, line=line) for one in found for line in one.lines
    )
    audit.record(actor, "titles.handed", batch, number=batch.number, cents=batch.cents)
    return batch
