"""Held slots, bookings and series."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from preau.api.schemas.kit import Day, Id, In, Instant, Out, Wall, text
from preau.api.schemas.places import PriceOut

Quantity = Annotated[int, Field(ge=1, le=10_000, description="Nombre de postes.")]
OptionWanted = Annotated[
    list[Annotated[int, Field(ge=1, le=2**31 - 1)]], Field(min_length=2, max_length=2)
]


class Details(In):
    """L’occasion : ce que demande le formulaire du site."""

    purpose: Annotated[str, text(200, 1)] = Field(description="Pourquoi : « Assemblée générale ».")
    attendance: int = Field(ge=1, le=1_000_000, description="Personnes attendues.")
    contact_name: Annotated[str, text(120, 1)]
    contact_phone: Annotated[str, text(20, 9)] = Field(description="Neuf chiffres au moins.")
    is_public_event: bool = False
    is_economic: bool = Field(default=False, description="Vente, prestation ou entrée payante.")
    capacity: Annotated[str, text(120)] = Field(
        default="", description="À quel titre la convention est signée."
    )
    remarks: Annotated[str, text(2000)] = ""
    accepts_rules: bool = Field(description="Le règlement du lieu a été lu ; nécessaire.")
    engages_republican_values: bool = Field(
        default=False, description="Contrat d’engagement républicain, pour les associations."
    )
    agreed_cents: int | None = Field(
        default=None, ge=0, le=10**9, description="Le prix vu ; plus cher, la demande est refusée."
    )
    options: list[OptionWanted] = Field(
        default=[], max_length=40, description="Options du tarif : [[numéro, quantité]]."
    )


class HoldIn(In):
    space_id: Id
    start: Instant
    end: Instant
    quantity: Quantity = 1


class HoldOut(Out):
    reference: str
    space_id: int
    start: datetime
    end: datetime
    quantity: int
    hold_until: datetime | None = Field(description="Après, il est libre pour d’autres.")
    price: PriceOut
    url: str = Field(description="Où la personne peut continuer sur le site.")


class BookingIn(Details):
    """Une réservation : d’un créneau retenu (`hold`), ou directement d’un créneau."""

    hold: Annotated[str, text(12)] = Field(default="", description="Référence du créneau retenu.")
    space_id: Id | None = None
    start: Instant | None = None
    end: Instant | None = None
    quantity: Quantity = 1


class Rhythm(StrEnum):
    WEEKLY = "semaine"
    FORTNIGHTLY = "quinzaine"
    MONTHLY = "mois"


class Conflicts(StrEnum):
    """Ce qui est fait si des dates ne sont pas libres."""

    NONE = "tout"
    FREE = "libres"


class SeriesIn(Details):
    """Une réservation qui revient. Les dates sont celles du lieu."""

    space_id: Id
    frequency: Rhythm = Rhythm.WEEKLY
    first_day: Day
    last_day: Day
    start_time: Wall
    end_time: Wall
    days_each: int = Field(default=1, ge=1, le=21)
    quantity: Quantity = 1
    skips_school_holidays: bool = False
    skips_public_holidays: bool = True
    conflicts: Conflicts = Field(
        default=Conflicts.NONE,
        description="« tout » : toutes les dates ou aucune ; « libres » : celles qui le sont.",
    )


class CancelIn(In):
    reason: Annotated[str, text(2000)] = ""


class DateOut(Out):
    id: int
    space_id: int
    start: datetime
    end: datetime
    state: str


class MissingOut(Out):
    code: str
    label: str
    who: str = Field(description="Qui doit agir : « occupant », « gestionnaire » ou « ».")
    until: datetime | None


class AgreementRef(Out):
    number: str
    state: str
    state_label: str


class BookingLine(Out):
    reference: str
    state: str
    state_label: str
    space_id: int
    space: str
    place_id: int
    place: str
    start: datetime
    end: datetime
    is_series: bool
    requested_at: datetime | None
    url: str


class BookingOut(BookingLine):
    purpose: str
    attendance: int | None
    is_public_event: bool
    answer_by: datetime | None = Field(description="Réponse due avant ; null si rien n’est dû.")
    complete_by: datetime | None
    reason: str = Field(description="Motif d’un refus ou d’une annulation.")
    price: PriceOut | None
    dates: list[DateOut]
    missing: list[MissingOut]
    agreement: AgreementRef | None = Field(
        description="Avec le droit « agreements:read » seulement."
    )


class BookingsPage(Out):
    items: list[BookingLine]
    next: str | None


class PlannedOut(Out):
    day: date
    start: datetime | None
    end: datetime | None
    status: str = Field(description="free, taken, closed, rule ou skipped.")
    detail: str


class SeriesPlanOut(Out):
    space_id: int
    words: str
    wanted: int
    free: int
    dates: list[PlannedOut]


class AgreementOut(AgreementRef):
    title: str
    place_id: int
    place: str
    owner: str
    starts_on: date
    ends_on: date
    created_at: datetime
    signed_at: datetime | None
    bookings: list[str] = Field(description="Références des réservations concernées.")
    url: str


class AgreementsPage(Out):
    items: list[AgreementOut]
    next: str | None
