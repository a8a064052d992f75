"""Long lists are a worker's: a page follows."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.accounts.actors import Actor
from preau.accounts.models import Membership
from preau.directory.bringing import actions
from preau.directory.models import SheetBatch


@app.task(name="directory.bring_in", retry=3)
def bring_in(*, batch_id: int) -> None:
    """Check, bring in or take back, as whoever asked, wearing the same hat."""
    batch = SheetBatch.objects.select_related("organization", "made_by").get(pk=batch_id)
    hat = None
    if batch.organization_id is not None:
        hats = Membership.objects.filter(user=batch.made_by, organization=batch.organization_id)
        hat = hats.select_related("organization").filter(ended_at=None).first()
    actor = Actor(batch.made_by, hat)
    if not actions.may_bring(actor):  # they have left since
        actions.give_up(batch, "La personne qui l’a lancée ne fait plus partie de l’organisation.")
        return
    actions.work(batch, actor=actor)


@app.periodic(cron="*/5 * * * *")
@app.task(name="directory.give_up_silent", queueing_lock="directory.give_up_silent")
def give_up_silent(timestamp: int) -> int:
    """Lists whose worker died: said to have stopped, so that they can be taken again."""
    return actions.give_up_silent()
