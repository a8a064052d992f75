"""Which rules a space is booked under, and what they ask of whom."""

from __future__ import annotations

from collections.abc import Iterable

from preau.booking.enums import Approver
from preau.booking.models import ApprovalStep, BookingRules, RequiredDocument, RulesAssignment
from preau.places.enums import ApprovalMode
from preau.places.models import Space


def rules_for(space: Space) -> BookingRules | None:
    """The space's own model of rules, else its place's; None where the owner has set none."""
    return rules_of([space]).get(space.pk)


def rules_of(spaces: Iterable[Space]) -> dict[int, BookingRules]:
    """Space → its model of rules, in one query whatever the number."""
    wanted = list(spaces)
    own = RulesAssignment.objects.select_related("rules").filter(
        space__in=[space.pk for space in wanted]
    ) | RulesAssignment.objects.select_related("rules").filter(
        place__in={space.place_id for space in wanted}
    )
    by_space, by_place = {}, {}
    for one in own:
        if one.space_id:
            by_space[one.space_id] = one.rules
        elif one.place_id:
            by_place[one.place_id] = one.rules
    found = {space.pk: by_space.get(space.pk) or by_place.get(space.place_id) for space in wanted}
    return {pk: rules for pk, rules in found.items() if rules is not None}


def steps_for(space: Space, rules: BookingRules | None) -> list[ApprovalStep]:
    """The accords to obtain, in order; unsaved when they come from the space's own setting."""
    chain = list(rules.steps.all()) if rules else []
    if chain or space.approval == ApprovalMode.IMMEDIATE:
        return chain
    manager = Approver.ANY
    return [
        ApprovalStep(position=1, approver=manager, label=manager.label, hours=space.response_hours)
    ]


def answer_hours(space: Space) -> int:
    """How long the accords may take one after the other; 0 when the answer is yes at once."""
    return sum(step.hours for step in steps_for(space, rules_for(space)))


def documents_for(rules: BookingRules | None, category: str) -> list[RequiredDocument]:
    """The documents asked of a category of users."""
    if rules is None:
        return []
    return [one for one in rules.documents.all() if category in one.categories]
