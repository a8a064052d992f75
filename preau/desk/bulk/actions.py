"""Changing many spaces at once: every one of them, or none."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from preau.accounts.actors import Actor
from preau.availability.actions.opening import follow
from preau.booking.actions.rules import assign_rules
from preau.booking.models import BookingRules
from preau.core import audit
from preau.core.errors import Refusal
from preau.desk.bulk.plan import Plan, Values, plan
from preau.places.actions import edit_space
from preau.places.actions.spaces import RULES
from preau.places.locks import lock_roots
from preau.places.models import Space
from preau.pricing.actions.tariffs import assign
from preau.pricing.models import Tariff
from preau.pricing.queries import where_it_holds


class Moved(Refusal):
    """The spaces are no more as they were shown."""

    def __init__(self) -> None:
        super().__init__(
            "Un de ces espaces a changé depuis cet aperçu. Relisez le tableau, puis confirmez.",
            code="changed_meanwhile",
        )


@transaction.atomic
def change_many(spaces: Sequence[Space], values: Values, *, seen: str, actor: Actor) -> Plan:
    """Give the values to every space, once they are still as they were seen.

    Args:
        seen: the fingerprint of the preview.

    Raises:
        Refusal: a space cannot take a value, or changed since the preview; nothing is written.
    """
    lock_roots(Space.objects.filter(pk__in=[one.pk for one in spaces]))
    rows = Space.objects.filter(pk__in=[one.pk for one in spaces])
    fresh = list(rows.select_related("place__owner", "root").order_by("pk"))
    wanted = plan(fresh, values, actor=actor)
    if wanted.fingerprint != seen:
        raise Moved
    for row in wanted.refused:
        raise Refusal(f"{row.space.place.name} – {row.space.name} : {row.refusals[0]}")
    own = {name: value for name, value in values.items() if name in RULES}
    for row in wanted.changed:
        if own:
            edit_space(actor=actor, space=row.space, **own)
        if "calendar" in values:
            follow(row.space, values["calendar"], actor=actor)
        audit.record(actor, "space.changed_with_others", row.space, fields=sorted(values))
    changed = [row.space for row in wanted.changed]
    if "rules" in values:
        _extend_rules(values["rules"], changed, actor)
    if "tariff" in values:
        _extend_tariff(values["tariff"], changed, actor)
    return wanted


def _extend_rules(rules: BookingRules, spaces: Sequence[Space], actor: Actor) -> None:
    """The rules hold where they did, and in these spaces."""
    there = rules.assignments.select_related("place", "space__place")
    places = [one.place for one in there if one.place]
    kept = {one.space.pk: one.space for one in there if one.space}
    assign_rules(
        rules, places, list((kept | {one.pk: one for one in spaces}).values()), actor=actor
    )


def _extend_tariff(tariff: Tariff, spaces: Sequence[Space], actor: Actor) -> None:
    """The tariff holds where it did, and in these spaces."""
    there = where_it_holds(tariff)
    kept = {one.pk: one for one in [*there.spaces, *spaces]}
    assign(tariff, places=there.places, spaces=list(kept.values()), actor=actor)
