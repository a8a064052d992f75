"""What a change to many spaces would do: before and after, and what would be refused."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.availability.models import OpeningCalendar
from preau.booking.models import BookingRules
from preau.core import formats
from preau.desk.bulk.reading import Current
from preau.places.actions.spaces import RULES
from preau.places.enums import ApprovalMode, Publication, UserCategory
from preau.places.models import Space
from preau.places.rules import HORIZONS, minutes
from preau.pricing.models import Tariff

#: Field of a space, or what it follows → how it is called.
LABELS = {
    "categories": "Qui peut réserver",
    "approval": "Qui accepte la demande",
    "response_hours": "Délai pour répondre",
    "lead_minutes": "Réserver au plus tard",
    "horizon_days": "Réserver au plus tôt",
    "min_minutes": "Durée minimale",
    "max_minutes": "Durée maximale",
    "buffer_before": "Préparation avant",
    "buffer_after": "Remise en état après",
    "rules": "Modèle de règles",
    "tariff": "Tarif",
    "calendar": "Horaires",
}
#: Those that are not fields of the space itself.
FOLLOWED = ("rules", "tariff", "calendar")
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One change of one space, in words."""

    label: str
    before: str
    after: str


@dataclass
class Row:
    """One space: what changes, and why it cannot."""

    space: Space
    lines: list[Line] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    rows: list[Row]
    #: Of what stood before: a later confirmation is of these values and no others.
    fingerprint: str

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.refusals]

    @property
    def changed(self) -> list[Row]:
        return [row for row in self.rows if row.lines]

    @property
    def is_possible(self) -> bool:
        return bool(self.changed) and not self.refused


def plan(spaces: Sequence[Space], values: Values, *, actor: Actor) -> Plan:
    """What the values would do to each space. Nothing is written."""
    current = Current(spaces)
    rows, before, known = [], [], dict[tuple[Any, ...], list[str]]()
    for space in spaces:
        row = Row(space)
        for name, wanted in values.items():
            now = current.of(space, name)
            before.append([space.pk, name, _plain(now)])
            if _plain(now) != _plain(wanted):
                row.lines.append(Line(LABELS[name], words(name, now), words(name, wanted)))
        row.refusals = [*_own_faults(space, values, known), *_foreign(space, values, actor)]
        rows.append(row)
    digest = hashlib.sha256(json.dumps(before).encode()).hexdigest()
    return Plan(rows, digest)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return sorted(value)
    return value.pk if hasattr(value, "pk") else value


def _own_faults(space: Space, values: Values, known: dict[tuple[Any, ...], list[str]]) -> list[str]:
    """What the rules of a space say of the new values; asked once for spaces that are alike."""
    if space.publication == Publication.ARCHIVED:
        return ["Cet espace est archivé : il ne change plus."]
    own = {name: value for name, value in values.items() if name in RULES}
    if not own:
        return []
    changed = copy.copy(space)
    for name, value in own.items():
        setattr(changed, name, value)
    key = tuple(str(getattr(changed, name)) for name in sorted(RULES))
    if key not in known:
        known[key] = _checked(changed)
    return known[key]


def _checked(space: Space) -> list[str]:
    try:
        space.full_clean(validate_unique=False, exclude=["slug"])
    except ValidationError as error:
        return list(error.messages)
    return []


def _foreign(space: Space, values: Values, actor: Actor) -> list[str]:
    """What the space may not follow, or what the person may not decide here."""
    found = []
    calendar: OpeningCalendar | None = values.get("calendar")
    if calendar is not None and calendar.place_id != space.place_id:
        found.append("Ces horaires sont ceux d’un autre lieu.")
    if calendar is not None and not allowed(actor, "availability.edit_opening", space.place):
        found.append("Vous ne changez pas les horaires de ce lieu.")
    for name, action in (("rules", "booking.rules"), ("tariff", "tariff.edit")):
        wanted: BookingRules | Tariff | None = values.get(name)
        if wanted is None:
            continue
        if wanted.organization_id != space.place.owner_id:
            found.append(f"« {wanted.name} » appartient à une autre structure que ce lieu.")
        elif not allowed(actor, action, wanted):
            found.append(f"Vous ne décidez pas où s’applique « {wanted.name} ».")
    return found


def words(name: str, value: Any) -> str:
    """A value as one reads it."""
    if name in FOLLOWED:
        return str(value) if value is not None else "aucun"
    if name == "categories":
        labels = [UserCategory(one).label for one in UserCategory.values if one in value]
        return ", ".join(labels)
    if name == "approval":
        return str(ApprovalMode(value).label)
    if name == "response_hours":
        days, hours = divmod(value, 24)
        return formats.count(days, "jour") if not hours else formats.count(value, "heure")
    if name == "horizon_days":
        return f"{HORIZONS.get(value) or formats.count(value, 'jour')} à l’avance"
    return minutes(value) if value else "aucun délai" if name == "lead_minutes" else "aucune"
