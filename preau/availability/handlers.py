"""What the engine does when a place or a space changes, and what it says of archiving."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.dispatch import receiver

from preau.availability.facts import facts_key
from preau.availability.index import index_space
from preau.availability.models import Occupancy, OccupiedUnit, SpaceCalendar
from preau.availability.opening_index import rebuild_opening
from preau.availability.tasks import follow_holidays
from preau.core import clock
from preau.places.events import place_changed, space_changed
from preau.places.models import Place, Space
from preau.territories.events import school_holidays_changed


@receiver(space_changed)
def reindex_space(sender: Any, *, space: Space, **_: Any) -> None:
    _inherit_hours(space)
    index_space(space)


def _inherit_hours(space: Space) -> None:
    """A part just made keeps the hours of its hall until it is given others."""
    if space.root_id is None or SpaceCalendar.objects.filter(space=space).exists():
        return
    opening = SpaceCalendar.objects.filter(space_id=space.root_id).first()
    if opening is not None:
        SpaceCalendar.objects.create(space=space, calendar_id=opening.calendar_id)


@receiver(place_changed)
def reindex_place(sender: Any, *, place: Place, **_: Any) -> None:
    for calendar in place.opening_calendars.exclude(facts=facts_key(place)).order_by("id"):
        rebuild_opening(calendar)
    for space in place.spaces.select_related("place").order_by("id"):
        index_space(space)


@receiver(school_holidays_changed)
def follow_school_holidays(sender: Any, **_: Any) -> None:
    follow_holidays.defer()


def objection_to_archiving(subject: Place | Space) -> str:
    """Why a place or a space cannot be archived yet: people are expected there."""
    ahead = DateTimeTZRange(clock.now(), None)
    coming = Occupancy.objects.filter(released_at=None)
    if isinstance(subject, Place):
        coming = coming.filter(place__one_of=[subject.pk], period__overlap=ahead)
    else:
        units = list(subject.units.values_list("pk", flat=True))
        rows = OccupiedUnit.objects.filter(unit__one_of=units, busy__overlap=ahead)
        coming = coming.filter(pk__in=rows.values("occupancy"), period__endswith__gt=clock.now())
    count = coming.count()
    if not count:
        return ""
    return (
        f"{count} occupation{'s' if count > 1 else ''} à venir tien{'nent' if count > 1 else 't'} "
        "encore. Terminez ou annulez-les avant d’archiver."
    )
