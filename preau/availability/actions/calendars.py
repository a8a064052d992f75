"""Saving the opening screen as one thing: name, rules, and the spaces that follow them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from preau.accounts.actors import Actor
from preau.availability.actions.opening import create_calendar, follow, set_rules
from preau.availability.index import index_space
from preau.availability.models import OpeningCalendar, SpaceCalendar
from preau.availability.opening import RuleData
from preau.core import audit
from preau.core.errors import Refusal
from preau.places.models import Place, Space


@transaction.atomic
def save_hours(
    place: Place,
    calendar: OpeningCalendar | None,
    *,
    name: str,
    rules: Sequence[RuleData],
    spaces: Sequence[Space],
    seen: int | None = None,
    actor: Actor,
) -> OpeningCalendar:
    """Create or change the hours, then make exactly these spaces follow them.

    Args:
        seen: the version that the person had before their eyes.

    Raises:
        Refusal: code "changed_meanwhile": somebody else saved a newer version.
    """
    if calendar is None:
        calendar = create_calendar(place, name, rules, actor=actor)
    else:
        calendar = OpeningCalendar.objects.select_for_update(of=("self",)).get(pk=calendar.pk)
        if seen is not None and seen != calendar.version:
            raise Refusal(
                "Quelqu’un d’autre a enregistré ces horaires pendant que vous les modifiiez. "
                "Rien de ce que vous avez saisi n’est perdu : comparez, puis enregistrez de "
                "nouveau pour garder votre version.",
                code="changed_meanwhile",
            )
        if calendar.name != name:
            calendar.name = name
            calendar.save(update_fields=["name"])
        set_rules(calendar, rules, actor=actor)
    wanted = {space.pk for space in spaces}
    following = dict(SpaceCalendar.objects.filter(calendar=calendar).values_list("space_id", "pk"))
    for space in spaces:
        if space.pk not in following:
            follow(space, calendar, actor=actor)
    for space in place.spaces.select_related("place").filter(pk__in=set(following) - wanted):
        stop_following(space, actor=actor)
    return calendar


@transaction.atomic
def stop_following(space: Space, *, actor: Actor) -> None:
    """Leave a space without hours: it can no longer be booked. Its bookings stand."""
    SpaceCalendar.objects.filter(space=space).delete()
    index_space(space)
    audit.record(actor, "opening.left", space)


@transaction.atomic
def remove_calendar(calendar: OpeningCalendar, *, actor: Actor) -> None:
    """Remove hours that no space follows.

    Raises:
        Refusal: a space still follows them.
    """
    if calendar.followers.exists():
        raise Refusal(
            "Des espaces suivent encore ces horaires. Donnez-leur d’abord d’autres horaires.",
            code="followed",
        )
    audit.record(actor, "opening.removed", calendar, name=calendar.name)
    calendar.delete()
