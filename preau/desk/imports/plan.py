"""What a file would do to the places there are: created, changed, left as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from preau.accounts.models import Organization
from preau.availability.models import OpeningCalendar
from preau.core.errors import Refusal
from preau.core.tables.cells import words
from preau.desk.imports.columns import BY_KEY
from preau.desk.imports.hours import in_words, same
from preau.desk.imports.places import Line
from preau.places.enums import ApprovalMode, PlaceKind, Publication, SpaceKind
from preau.places.models import Place, Space

_LABELS = {"name": "space_name", "kind": "space_kind", "description": "space_description"}
_WORDS = {"kind": {**dict(PlaceKind.choices), **dict(SpaceKind.choices)}}
_WORDS["approval"] = dict(ApprovalMode.choices)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that would change, in words."""

    label: str
    before: str
    after: str


@dataclass
class SpacePlan:
    """One line of the file."""

    line: Line
    space: Space | None = None
    calendar: OpeningCalendar | None = None
    differences: list[Difference] = field(default_factory=list)

    @property
    def changes_hours(self) -> bool:
        if self.line.hours is None:
            return False
        return self.calendar is None or not same(self.calendar.rules.all(), self.line.hours)


@dataclass
class PlacePlan:
    """One place of the file, with its spaces."""

    head: Line
    place: Place | None = None
    spaces: list[SpacePlan] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        return bool(self.differences or any(one.differences for one in self.spaces))


@dataclass
class Plan:
    """The whole file against what there is."""

    places: list[PlacePlan]
    problems: list[tuple[int, str]]

    @property
    def new_places(self) -> list[PlacePlan]:
        return [one for one in self.places if one.place is None]

    @property
    def new_spaces(self) -> int:
        return sum(space.space is None for one in self.places for space in one.spaces)

    @property
    def changed(self) -> list[PlacePlan]:
        return [one for one in self.places if one.place is not None and one.changes]

    @property
    def without_position(self) -> int:
        return sum(one.place is None and one.head.position is None for one in self.places)


def make_plan(lines: list[Line], organization: Organization) -> Plan:
    """In four queries, whatever the number of lines."""
    known = _places_of(organization)
    plans: dict[str, PlacePlan] = {}
    for line in lines:
        plan = plans.get(line.key)
        if plan is None:
            found = known.get(line.key, [])
            plan = plans[line.key] = PlacePlan(line, found[0] if len(found) == 1 else None)
            if len(found) > 1:
                line.problems.append(
                    "lieu : plusieurs de vos lieux portent ce nom à cette adresse. Renommez-en un."
                )
        plan.spaces.append(_space_plan(line, plan.place))
    for plan in plans.values():
        if plan.place is not None:
            plan.differences = _place_differences(plan.head, plan.place)
    problems = [(line.number, problem) for line in lines for problem in line.problems]
    return Plan(list(plans.values()), problems)


def _places_of(organization: Organization) -> dict[str, list[Place]]:
    rows = (
        Place.objects.filter(owner=organization)
        .exclude(publication=Publication.ARCHIVED)
        .select_related("commune", "owner")
        .prefetch_related("spaces__opening__calendar__rules")
        .order_by("pk")
    )
    found: dict[str, list[Place]] = {}
    for place in rows:
        found.setdefault(f"{words(place.name)}|{words(place.address)}", []).append(place)
    return found


def _space_plan(line: Line, place: Place | None) -> SpacePlan:
    plan = SpacePlan(line)
    if place is None:
        return plan
    name = words(line.space.get("name", ""))
    spaces = [one for one in place.spaces.all() if one.publication != Publication.ARCHIVED]
    plan.space = next((one for one in spaces if words(one.name) == name), None)
    if plan.space is None:
        return plan
    opening = getattr(plan.space, "opening", None)
    plan.calendar = opening.calendar if opening else None
    plan.differences = [
        _difference(_LABELS.get(key, key), key, getattr(plan.space, key), value)
        for key, value in line.space.items()
        if key != "name" and getattr(plan.space, key) != value
    ]
    if plan.changes_hours and line.hours is not None:
        before = in_words(plan.calendar.rules.all()) if plan.calendar else ""
        plan.differences.append(Difference("horaires", before, in_words(line.hours)))
    return plan


def _place_differences(head: Line, place: Place) -> list[Difference]:
    found = [
        _difference(key, key, getattr(place, key), value)
        for key, value in head.place.items()
        if key not in {"name", "address"} and getattr(place, key) != value
    ]
    if head.commune is not None and head.commune.pk != place.commune_id:
        found.append(Difference("commune", place.commune.name, head.commune.name))
    if head.position is not None and head.position != (place.latitude, place.longitude):
        before, after = (
            f"{one[0]:.5f}, {one[1]:.5f}"
            for one in ((place.latitude, place.longitude), head.position)
        )
        found.append(Difference("position", before, after))
    return found


def _difference(column: str, key: str, before: Any, after: Any) -> Difference:
    return Difference(BY_KEY[column].label, _word(key, before), _word(key, after))


def _word(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(_WORDS.get(key, {}).get(value, "" if value is None else value))


def refuse_problems(plan: Plan) -> None:
    """All or nothing.

    Raises:
        Refusal: a line cannot be imported.
    """
    if plan.problems:
        number, problem = plan.problems[0]
        raise Refusal(f"Ligne {number} : {problem} Rien n’a été importé.", code="problems")
