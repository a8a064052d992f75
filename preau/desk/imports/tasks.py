"""Large files are brought in by a worker: a page follows."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.accounts.actors import Actor
from preau.accounts.models import Membership
from preau.accounts.perms import allowed
from preau.desk.imports import actions
from preau.desk.imports.models import PlaceImport


@app.task(name="desk.import_places")
def import_places(*, import_id: int) -> None:
    """Look the addresses up, then import: as whoever asked, wearing the same hat."""
    made = PlaceImport.objects.select_related("organization", "made_by").get(pk=import_id)
    actions.locate(made)
    hat = Membership.objects.filter(
        user=made.made_by, organization=made.organization_id, ended_at=None
    ).first()
    actor = Actor(made.made_by, hat)
    if not allowed(actor, "place.create", made):  # they have left since, or changed roles
        actions.give_up(made, "Vous ne gérez plus les lieux de cette structure.")
        return
    actions.run(made, actor=actor)
