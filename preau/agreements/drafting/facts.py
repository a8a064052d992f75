"""What an agreement is about. The room that has an occupation fills this in; we only write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from preau.places.enums import UserCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who signs for a party.

    Attributes:
        capacity: « présidente », « maire », « adjoint au maire, par délégation du 3 juin 2026 ».
        valid_until: the end of their mandate or delegation, when it is known.
    """

    name: str
    email: str
    capacity: str = ""
    user_id: int | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One side of the agreement.

    Attributes:
        form: « association », « commune », « personne physique ».
        identifier: « SIRET 123… », « RNA W381… ».
    """

    name: str
    form: str = ""
    address: str = ""
    identifier: str = ""
    email: str = ""
    phone: str = ""
    is_person: bool = False
    representative: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """The school whose premises are occupied, its head and its board's opinion."""

    name: str
    board: str
    head: Person | None = None
    opinion_on: date | None = None
    opinion_favorable: bool = True
    opinion_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """One space made available."""

    name: str
    capacity: int
    surface: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentLine:
    label: str
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """One line of the frozen price. `detail` explains it: « 40 séances de 2 h à 5,00 € »."""

    label: str
    amount_cents: int
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurance:
    """One certificate of the occupant. Several may follow each other over a year."""

    valid_until: date
    insurer: str = ""
    policy: str = ""
    valid_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Who comes, and who answers for safety on the spot."""

    people: int
    is_public_event: bool = False
    safety_person: str = ""
    safety_phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """The place, as the agreement speaks of it."""

    name: str
    address: str
    commune: str
    zone: ZoneInfo
    erp: str = ""
    max_attendance: int | None = None
    safety: str = ""
    access: str = ""
    house_rules: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What an amendment changes: said in the occupant's words and in money."""

    of: str
    signed_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFacts:
    """Everything an agreement says, besides its model's text.

    Attributes:
        periods: (start, end) of each date, aware, in order.
        rooms: the space of each date, in the same order; empty when there is but one.
        payment: when and to whom the price is paid, in one sentence.
        cancellation: one sentence a line of the scale.
        is_economic: the use is an economic exploitation of the premises.
        competition: the call for competition it went through, or the exception that applies.
        engages_republican_values: the association has made the commitments of its law.
        roles: what the owner and the other party are called in the text.
        signing_by: the last day on which somebody may sign: mandates must run until then.
    """

    owner: Party
    occupant: Party
    category: UserCategory
    venue: Venue
    premises: tuple[Premises, ...]
    purpose: str
    attendance: Attendance
    signing_by: date
    periods: tuple[tuple[datetime, datetime], ...]
    rooms: tuple[str, ...] = ()
    prices: tuple[PriceLine, ...] = ()
    total_cents: int = 0
    deposit_cents: int = 0
    payment: str = ""
    cancellation: tuple[str, ...] = ()
    equipment: tuple[EquipmentLine, ...] = ()
    insurance: tuple[Insurance, ...] = ()
    school: School | None = None
    is_economic: bool = False
    competition: str = ""
    engages_republican_values: bool = False
    days_to_sign: int = 14
    amendment: Amendment | None = None
    roles: tuple[str, str] = ("le propriétaire", "l’occupant")

    @property
    def days(self) -> list[tuple[date, date]]:
        """The first and last local day of each date."""
        zone = self.venue.zone
        return [
            (start.astimezone(zone).date(), end.astimezone(zone).date())
            for start, end in self.periods
        ]

    @property
    def first_day(self) -> date:
        return min(first for first, _ in self.days)

    @property
    def last_day(self) -> date:
        return max(last for _, last in self.days)

    def with_amendment(self, amendment: Amendment) -> AgreementFacts:
        return replace(self, amendment=amendment)
