"""Writing and signing what a room is like when somebody comes in or leaves.

Every verb locks the inventory's row first: two telephones on one inventory make one result.
"""

from __future__ import annotations

from typing import Any

from django.core.files.base import File
from django.db import transaction

from preau.accounts.actors import Actor
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.desk.enums import Moment, Signer
from preau.desk.inventories import digest, items_for
from preau.desk.models import Inventory, InventoryPhoto
from preau.desk.tasks import keep_inventory
from preau.documents import images

MOST_PHOTOS = 12


@transaction.atomic
def begin(occupancy: Occupancy, moment: Moment, *, actor: Actor) -> Inventory:
    """The inventory of this use at this moment, begun if it was not.

    Raises:
        Refusal: the use is not somebody's booking, or it was given back.
    """
    occupancy = Occupancy.objects.select_for_update(of=("self",)).get(pk=occupancy.pk)
    if occupancy.kind != OccupancyKind.BOOKING or occupancy.hold_until is not None:
        raise Refusal("Un état des lieux accompagne une réservation.", code="no_booking")
    if occupancy.released_at is not None:
        raise Refusal("Cette réservation est annulée : rien n’est à constater.", code="gone")
    assert actor.user is not None
    inventory, is_new = Inventory.objects.get_or_create(
        occupancy=occupancy,
        moment=moment,
        defaults={"made_by": actor.user, "items": items_for(occupancy.space)},
    )
    if is_new:
        audit.record(actor, "inventory.begun", inventory, moment=moment.value)
    return inventory


@transaction.atomic
def write(
    inventory: Inventory, items: list[dict[str, Any]], remarks: str, *, actor: Actor
) -> Inventory:
    """Say what was found.

    Raises:
        Refusal: somebody has signed meanwhile.
    """
    inventory = _open(inventory)
    inventory.items, inventory.remarks, inventory.written_at = items, remarks, clock.now()
    inventory.save(update_fields=["items", "remarks", "written_at"])
    audit.record(actor, "inventory.written", inventory, damage=len(inventory.damage))
    return inventory


@transaction.atomic
def add_photo(
    inventory: Inventory, upload: File[bytes], caption: str, *, actor: Actor
) -> InventoryPhoto:
    """Keep a picture of what was found.

    Raises:
        Refusal: not a picture, too many of them, or somebody has signed meanwhile.
    """
    inventory = _open(inventory)
    if inventory.photos.count() >= MOST_PHOTOS:
        raise Refusal(f"Un état des lieux garde {MOST_PHOTOS} photos au plus.", field="file")
    picture = images.keep(upload, actor=actor)
    photo = InventoryPhoto.objects.create(
        inventory=inventory, file=picture.full, thumbnail=picture.thumbnail, caption=caption
    )
    audit.record(actor, "inventory.photo_added", inventory)
    return photo


@transaction.atomic
def remove_photo(photo: InventoryPhoto, *, actor: Actor) -> None:
    """Take a picture out before anyone has signed. Twice is harmless."""
    inventory = _open(photo.inventory)
    if InventoryPhoto.objects.filter(pk=photo.pk).delete()[0]:
        audit.record(actor, "inventory.photo_removed", inventory)


@transaction.atomic
def sign(inventory: Inventory, side: Signer, name: str, *, seen: str, actor: Actor) -> Inventory:
    """Sign for one side what that person has read. Signing twice keeps the first signature.

    Args:
        seen: the fingerprint of the contents that the page showed.

    Raises:
        Refusal: the contents have changed since the page was shown.
    """
    inventory = _locked(inventory)
    if getattr(inventory, f"{side.name.lower()}_signed_at") is not None:
        return inventory
    if inventory.written_at is None or digest(inventory) != seen:
        raise Refusal(
            "L’état des lieux a changé depuis que cette page est affichée. Relisez-le, "
            "puis signez.",
            code="changed",
        )
    inventory.sha256 = seen
    setattr(inventory, f"{side.name.lower()}_name", name)
    setattr(inventory, f"{side.name.lower()}_signed_at", clock.now())
    inventory.save()
    audit.record(actor, "inventory.signed", inventory, side=side.value, sha256=seen)
    if inventory.is_closed:
        keep_inventory.defer(inventory_id=inventory.pk)
    return inventory


@transaction.atomic
def reopen(inventory: Inventory, *, actor: Actor) -> Inventory:
    """Withdraw the one signature given, so that what was found can be corrected.

    Raises:
        Refusal: both sides have signed.
    """
    inventory = _locked(inventory)
    if inventory.is_closed:
        raise Refusal("Les deux parties ont signé : cet état des lieux ne change plus.")
    if inventory.is_frozen:
        inventory.sha256 = inventory.host_name = inventory.occupant_name = ""
        inventory.host_signed_at = inventory.occupant_signed_at = None
        inventory.save()
        audit.record(actor, "inventory.reopened", inventory)
    return inventory


def _locked(inventory: Inventory) -> Inventory:
    return (
        Inventory.objects.select_for_update(of=("self",))
        .select_related("occupancy__space", "occupancy__place")
        .get(pk=inventory.pk)
    )


def _open(inventory: Inventory) -> Inventory:
    inventory = _locked(inventory)
    if inventory.is_frozen:
        raise Refusal(
            "Quelqu’un a déjà signé : l’état des lieux ne change plus. Pour le corriger, "
            "reprenez-le avant la seconde signature.",
            code="signed",
        )
    return inventory
