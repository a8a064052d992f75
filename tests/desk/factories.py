"""Inventories for tests, made by the real actions."""

from preau.desk.actions import inventories
from preau.desk.enums import Moment, Signer
from preau.desk.inventories import digest


def inventory(here, one, *, moment=Moment.ARRIVAL, written=True):
    """An inventory of a booking, filled in (all is well) but not signed."""
    found = inventories.begin(one.occupancy, moment, actor=here.manager)
    if written:
        found = inventories.write(found, found.items, "", actor=here.manager)
    return found


def signed(found, here, *sides):
    for side in sides or Signer:
        name = "Camille Martin" if side == Signer.OCCUPANT else "Paul Garde"
        found = inventories.sign(found, side, name, seen=digest(found), actor=here.manager)
    return found
