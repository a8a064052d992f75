"""What is looked at in a room, and the frozen wording that both sides sign."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from preau.desk.enums import ItemState
from preau.desk.models import Inventory
from preau.places.models import Space

#: Looked at in every room, before what is listed as its equipment.
GENERAL = (
    "État général et propreté",
    "Sols et murs",
    "Portes, fenêtres et volets",
    "Éclairage et chauffage",
    "Sanitaires",
    "Issues de secours dégagées",
    "Clés ou badge",
)


def items_for(space: Space) -> list[dict[str, Any]]:
    """The elements of a room, all in good order until somebody says otherwise."""
    general = [{"label": label, "quantity": None} for label in GENERAL]
    inside = [
        {"label": one.get_kind_display(), "quantity": one.quantity} for one in space.equipment.all()
    ]
    return [item | {"state": ItemState.GOOD.value, "remark": ""} for item in general + inside]


def wording(inventory: Inventory) -> dict[str, Any]:
    """Everything that is signed, in one fixed form."""
    occupancy = inventory.occupancy
    return {
        "occupancy": occupancy.pk,
        "space": occupancy.space.name,
        "place": occupancy.place.name,
        "start": occupancy.span.start.isoformat(),
        "end": occupancy.span.end.isoformat(),
        "moment": inventory.moment,
        "items": inventory.items,
        "remarks": inventory.remarks,
        "photos": [
            {"sha256": photo.file.sha256, "caption": photo.caption}
            for photo in inventory.photos.select_related("file").order_by("id")
        ],
    }


def digest(inventory: Inventory) -> str:
    """The fingerprint of what is signed: the same contents always give the same one."""
    text = json.dumps(wording(inventory), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
