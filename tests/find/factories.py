"""Free spaces around Grenoble, and people who take them."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import Use, occupy
from preau.availability.enums import OccupancyKind
from preau.availability.index import index_space
from preau.core import clock
from preau.core.timeranges import Period, local_instant
from preau.places.models import Space, SpaceEquipment
from tests.availability.factories import open_space
from tests.places.factories import PlaceFactory, SpaceFactory

PARIS = ZoneInfo("Europe/Paris")
GRENOBLE = (45.1885, 5.7245)
KM_NORTH = 1 / 111.195


def place_at(km, **fields):
    """A place so many kilometres north of the centre of Grenoble."""
    latitude = GRENOBLE[0] + km * KM_NORTH
    return PlaceFactory(latitude=latitude, longitude=GRENOBLE[1], **fields)


def free_space(km=1.0, *, place=None, rules=None, equipment=(), **fields):
    """A published space that is open, always unless told otherwise."""
    space = SpaceFactory(place=place or place_at(km), **fields)
    for kind in equipment:
        SpaceEquipment.objects.create(space=space, kind=kind)
    open_space(space, rules)
    index_space(space)
    return Space.objects.select_related("place__commune").get(pk=space.pk)


def coming(days=10):
    """A day to come, where the spaces are."""
    return clock.today(PARIS) + timedelta(days=days)


def hours(day: date, start, end):
    return Period(local_instant(day, start * 60, PARIS), local_instant(day, end * 60, PARIS))


def take(space, period, label="Anniversaire de Zoé", **use):
    with transaction.atomic():
        return occupy(space, period, Use(OccupancyKind.BOOKING, label, **use), actor=SYSTEM)
