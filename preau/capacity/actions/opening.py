"""Opening the hours of a window in one confirmed click, as the opening screen would."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.availability.actions.calendars import save_hours
from preau.availability.models import OpeningCalendar, SpaceCalendar
from preau.availability.opening import RuleData
from preau.capacity.windows import Window
from preau.core import audit
from preau.core.errors import Forbidden
from preau.core.french import by_name
from preau.places.enums import Publication
from preau.places.models import Space


def hours_of(space: Space) -> OpeningCalendar | None:
    """The hours that a space follows, if any."""
    found = SpaceCalendar.objects.select_related("calendar__place__commune").filter(space=space)
    following = found.first()
    return following.calendar if following else None


def following(space: Space) -> list[Space]:
    """The spaces that new hours would concern: those that share the calendar, or the hall's own."""
    calendar = hours_of(space)
    spaces = space.place.spaces.exclude(publication=Publication.ARCHIVED)
    if calendar is not None:
        return list(spaces.filter(opening__calendar=calendar).order_by(*by_name("name"), "pk"))
    return [space, *spaces.filter(root=space, opening=None).order_by(*by_name("name"), "pk")]


@transaction.atomic
def open_window(space: Space, window: Window, *, seen: int | None, actor: Actor) -> OpeningCalendar:
    """Add the hours of the window after those the space has, so that they speak last.

    Args:
        seen: the version of its hours that the person had before their eyes.

    Raises:
        Forbidden: they do not run the hours of that place.
        Refusal: somebody else has changed the hours meanwhile.
    """
    if not allowed(actor, "availability.edit_opening", space.place):
        raise Forbidden
    calendar = hours_of(space)
    rules: list[RuleData] = [] if calendar is None else [_kept(one) for one in calendar.rules.all()]
    saved = save_hours(
        space.place,
        calendar,
        name=calendar.name if calendar else f"Horaires : {space.name}"[:120],
        rules=[*rules, window.rule()],
        spaces=following(space),
        seen=seen,
        actor=actor,
    )
    audit.record(actor, "capacity.window_opened", space, window=window.key)
    return saved


def _kept(rule: object) -> RuleData:
    names = RuleData.__dataclass_fields__
    return RuleData(**{name: getattr(rule, name) for name in names})
