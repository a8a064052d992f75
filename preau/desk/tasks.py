"""Work after the page: the paper of an inventory, a long import. Each run is idempotent."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.models import Membership, User
from preau.availability.models import Occupancy
from preau.core import formats
from preau.desk.actions import imports
from preau.desk.imports.tasks import import_places  # noqa: F401  the worker looks for it here
from preau.desk.models import ImportBatch, Inventory
from preau.desk.papers import inventory_data
from preau.desk.queries.planning import booking_of, who
from preau.documents import rendering
from preau.documents.actions import deposit, share
from preau.documents.enums import DocumentKind


@app.task(retry=5)
def keep_inventory(inventory_id: int) -> None:
    """Make the PDF of an inventory signed by both, and put it in the owner's vault."""
    inventory = Inventory.objects.select_related(
        "occupancy__space",
        "occupancy__place__owner",
        "occupancy__place__commune",
        "occupancy__holder_user",
        "occupancy__holder_organization",
    ).get(pk=inventory_id)
    if inventory.document_id is not None or not inventory.is_closed:
        return
    occupancy, signed_at = inventory.occupancy, inventory.host_signed_at
    assert signed_at is not None
    assert inventory.occupant_signed_at is not None
    booking = booking_of(occupancy)
    holder = booking.holder_name if booking else who(occupancy)
    pdf = rendering.render(
        "desk/inventory.typ",
        inventory_data(inventory, holder),
        at=max(signed_at, inventory.occupant_signed_at),
    )
    day = formats.local(occupancy.span.start, occupancy.place.zone).date()
    title = f"État des lieux, {inventory.get_moment_display().lower()}"
    _deposit_inventory(
        inventory_id, occupancy, f"{title}, {occupancy.space.name}, {formats.day(day)}", pdf
    )


@transaction.atomic
def _deposit_inventory(inventory_id: int, occupancy: Occupancy, title: str, pdf: bytes) -> None:
    inventory = Inventory.objects.select_for_update().get(pk=inventory_id)
    if inventory.document_id is not None:  # another run came first
        return
    inventory.document = deposit(
        actor=SYSTEM,
        kind=DocumentKind.INVENTORY,
        title=title,
        content=pdf,
        media_type="application/pdf",
        owner_organization=occupancy.place.owner,
    )
    inventory.save(update_fields=["document"])
    keys = [f"place:{occupancy.place_id}"]
    if occupancy.holder_organization_id:
        keys.append(f"organization:{occupancy.holder_organization_id}")
    elif occupancy.holder_user_id:
        keys.append(f"user:{occupancy.holder_user_id}")
    share(inventory.document, keys, actor=SYSTEM)


@app.task(retry=3)
def run_import(batch_id: int, user_id: int) -> None:
    """Bring in a long file. A second run takes up where the first was stopped."""
    batch = ImportBatch.objects.select_related("place").get(pk=batch_id)
    user = User.objects.get(pk=user_id)
    member = Membership.objects.filter(
        user=user, organization=batch.place.owner_id, ended_at=None
    ).first()
    imports.run(batch, actor=Actor(user=user, membership=member))
