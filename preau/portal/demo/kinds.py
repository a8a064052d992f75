"""What each kind of invented place is made of: spaces, hours, rules. Data, no logic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from preau.availability.enums import Effect, When
from preau.availability.opening import RuleData
from preau.places.enums import ApprovalMode, Equipment, Layout, PlaceKind, SpaceKind, UserCategory

ALL_WEEK = (0, 1, 2, 3, 4, 5, 6)
WORKING_DAYS = (0, 1, 2, 3, 4)
E = Equipment


def closed_in_august(year: int) -> list[RuleData]:
    """Closed every August of the three years that the demonstration shows."""
    return [
        RuleData(
            ALL_WEEK, 0, 1440, effect=Effect.CLOSED,
            valid_from=date(y, 8, 1), valid_until=date(y, 8, 31),
        )
        for y in range(year - 1, year + 3)
    ]  # fmt: skip


def school_hours(year: int) -> list[RuleData]:
    return [
        RuleData(WORKING_DAYS, 18 * 60, 22 * 60, when=When.TERM, not_on_public_holidays=True),
        RuleData((5,), 8 * 60, 22 * 60, when=When.TERM, not_on_public_holidays=True),
        RuleData(
            (0, 1, 2, 3, 4, 5), 8 * 60, 22 * 60,
            when=When.SCHOOL_HOLIDAYS, not_on_public_holidays=True,
        ),
        *closed_in_august(year),
    ]  # fmt: skip


def long_hours(year: int) -> list[RuleData]:
    return [RuleData(ALL_WEEK, 8 * 60, 24 * 60), RuleData((4, 5), 8 * 60, 26 * 60)]


def sport_hours(year: int) -> list[RuleData]:
    return [
        RuleData(WORKING_DAYS, 17 * 60, 22 * 60 + 30, when=When.TERM),
        RuleData((5, 6), 8 * 60, 20 * 60),
        RuleData(WORKING_DAYS, 9 * 60, 22 * 60, when=When.SCHOOL_HOLIDAYS),
    ]


def office_hours(year: int) -> list[RuleData]:
    return [
        RuleData(WORKING_DAYS, 8 * 60 + 30, 20 * 60, not_on_public_holidays=True),
        RuleData((5,), 9 * 60, 13 * 60, not_on_public_holidays=True),
    ]


def round_the_clock(year: int) -> list[RuleData]:
    return [RuleData(ALL_WEEK, 0, 24 * 60)]


def day_hours(year: int) -> list[RuleData]:
    return [RuleData(ALL_WEEK, 7 * 60, 23 * 60)]


@dataclass(frozen=True)
class SpaceSketch:
    """One space to create. `parts` divides it; `stations` makes it a pool."""

    name: str
    kind: SpaceKind
    capacity: int
    equipment: Mapping[Any, int] = field(default_factory=dict)
    layouts: Mapping[Any, int] = field(default_factory=dict)
    parts: int = 0
    stations: int = 0
    rules: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PlaceSketch:
    """One kind of place: how it is called, opened and furnished."""

    kind: PlaceKind
    title: str  # "{h}" takes a person honoured, "{n}" a piece of countryside, "{c}" the commune
    owner: str  # "commune", "departement" or "metropole"
    hours: Any
    erp: tuple[str, int] | None
    spaces: tuple[SpaceSketch, ...]
    count: int
    description: str


FREE_FOR_ALL = {"price_from_cents": 0}
IMMEDIATE = {"approval": ApprovalMode.IMMEDIATE}
CLASS_ROOM = {
    "min_minutes": 60, "max_minutes": 240, "step_minutes": 30, "lead_minutes": 2 * 1440,
    "buffer_after": 15, "response_hours": 120, **FREE_FOR_ALL,
    "categories": [UserCategory.ASSOCIATION, UserCategory.PUBLIC, UserCategory.SCHOOL],
}  # fmt: skip
PARTY = {
    "min_minutes": 120, "max_minutes": 1080, "step_minutes": 60, "lead_minutes": 7 * 1440,
    "buffer_before": 30, "buffer_after": 60, "response_hours": 168,
}  # fmt: skip
MEETING = {"min_minutes": 60, "max_minutes": 480, "step_minutes": 30, **FREE_FOR_ALL}
SPORT = {"min_minutes": 60, "max_minutes": 300, "step_minutes": 30, "buffer_after": 15}
ROOM_KIT = {E.TABLES: 12, E.CHAIRS: 30, E.WHITEBOARD: 1, E.WIFI: 1}

SKETCHES: tuple[PlaceSketch, ...] = (
    PlaceSketch(
        PlaceKind.ETABLISSEMENT_SCOLAIRE, "Collège {h}", "departement", school_hours, ("R", 3),
        (
            SpaceSketch("Salle 12", SpaceKind.SALLE_CLASSE, 32,
                        {E.TABLES: 16, E.CHAIRS: 32, E.WHITEBOARD: 1, E.VIDEO_PROJECTOR: 1},
                        {Layout.CLASSROOM: 32}, rules=CLASS_ROOM),
            SpaceSketch("Salle 14", SpaceKind.SALLE_CLASSE, 30,
                        {E.TABLES: 15, E.CHAIRS: 30, E.WHITEBOARD: 1}, {Layout.CLASSROOM: 30},
                        rules=CLASS_ROOM),
            SpaceSketch("Salle informatique", SpaceKind.SALLE_CLASSE, 20,
                        {E.COMPUTERS: 18, E.WIFI: 1, E.VIDEO_PROJECTOR: 1}, rules=CLASS_ROOM),
            SpaceSketch("Salle polyvalente", SpaceKind.SALLE_ACTIVITES, 90,
                        {E.SOUND: 1, E.CHAIRS: 90}, rules=CLASS_ROOM),
        ),
        16, "Les salles du collège sont ouvertes aux associations en dehors du temps scolaire.",
    ),
    PlaceSketch(
        PlaceKind.SALLE_DES_FETES, "Salle des fêtes {n}", "commune", long_hours, ("L", 3),
        (
            SpaceSketch("Grande salle", SpaceKind.SALLE_DES_FETES, 180,
                        {E.TABLES: 30, E.CHAIRS: 180, E.STAGE: 1, E.SOUND: 1, E.PARKING: 40},
                        {Layout.THEATRE: 180, Layout.TABLES: 120, Layout.STANDING: 180},
                        parts=2, rules=PARTY | {"price_from_cents": 12000}),
            SpaceSketch("Cuisine", SpaceKind.CUISINE, 8,
                        {E.KITCHEN: 1, E.FRIDGE: 2, E.DISHES: 180},
                        rules=PARTY | {"price_from_cents": 4000}),
            SpaceSketch("Petite salle", SpaceKind.SALLE_REUNION, 25, ROOM_KIT,
                        {Layout.TABLES: 25, Layout.U_SHAPE: 18}, rules=MEETING | IMMEDIATE),
        ),
        26, "Fêtes de famille, lotos, repas et spectacles, avec cuisine équipée.",
    ),
    PlaceSketch(
        PlaceKind.GYMNASE, "Gymnase {h}", "commune", sport_hours, ("X", 3),
        (
            SpaceSketch("Grande halle", SpaceKind.SALLE_SPORT, 300,
                        {E.SPORTS_FLOOR: 1, E.CHANGING_ROOMS: 4, E.SHOWERS: 4}, parts=3,
                        rules=SPORT | {"price_from_cents": 1500}),
            SpaceSketch("Dojo", SpaceKind.SALLE_SPORT, 40,
                        {E.MIRRORS: 1, E.CHANGING_ROOMS: 2}, rules=SPORT | FREE_FOR_ALL),
        ),
        12, "Une halle qui se partage en trois et un dojo, avec vestiaires et douches.",
    ),
    PlaceSketch(
        PlaceKind.MAISON_ASSOCIATIONS, "Maison des associations {n}", "commune", day_hours,
        ("L", 5),
        (
            SpaceSketch("Salle Vercors", SpaceKind.SALLE_REUNION, 20, ROOM_KIT,
                        {Layout.U_SHAPE: 16}, rules=MEETING | IMMEDIATE),
            SpaceSketch("Salle Belledonne", SpaceKind.SALLE_REUNION, 45,
                        ROOM_KIT | {E.VIDEO_PROJECTOR: 1, E.SCREEN: 1}, {Layout.THEATRE: 45},
                        rules=MEETING),
            SpaceSketch("Atelier", SpaceKind.ATELIER, 15, {E.WATER_POINT: 1, E.TABLES: 6},
                        rules=MEETING),
        ),
        10, "Des salles pour se réunir, répéter et recevoir.",
    ),
    PlaceSketch(
        PlaceKind.MEDIATHEQUE, "Médiathèque {h}", "commune", office_hours, ("S", 4),
        (
            SpaceSketch("Auditorium", SpaceKind.AUDITORIUM, 80,
                        {E.STAGE: 1, E.SOUND: 1, E.VIDEO_PROJECTOR: 1, E.HEARING_LOOP: 1},
                        {Layout.THEATRE: 80}, rules=MEETING | {"buffer_before": 30}),
            SpaceSketch("Postes numériques", SpaceKind.BUREAU, 8, {E.COMPUTERS: 8, E.WIFI: 1},
                        stations=8, rules=MEETING | IMMEDIATE),
        ),
        6, "Conférences, projections et postes numériques en accès libre.",
    ),
    PlaceSketch(
        PlaceKind.COWORKING, "Tiers-lieu {n}", "metropole", office_hours, ("W", 5),
        (
            SpaceSketch("Bureaux partagés", SpaceKind.BUREAU, 12, {E.WIFI: 1, E.TABLES: 12},
                        stations=12, rules={"min_minutes": 60, "max_minutes": 660,
                                            "price_from_cents": 500} | IMMEDIATE),
            SpaceSketch("Machines à coudre", SpaceKind.ATELIER, 3, {E.SEWING_MACHINES: 3},
                        stations=3, rules={"min_minutes": 60, "max_minutes": 240} | IMMEDIATE),
            SpaceSketch("Salle de réunion", SpaceKind.SALLE_REUNION, 10,
                        {E.SCREEN: 1, E.WIFI: 1, E.WHITEBOARD: 1}, rules=MEETING),
        ),
        5, "Des postes de travail, des machines et une salle, à l’heure ou à la journée.",
    ),
    PlaceSketch(
        PlaceKind.AUDITORIUM, "Auditorium {h}", "metropole", round_the_clock, ("L", 2),
        (
            SpaceSketch("Grande salle", SpaceKind.AUDITORIUM, 350,
                        {E.STAGE: 1, E.SOUND: 1, E.MICROPHONE: 6, E.PIANO: 1, E.HEARING_LOOP: 1},
                        {Layout.THEATRE: 350},
                        rules=PARTY | {"price_from_cents": 45000, "max_minutes": 3 * 1440}),
            SpaceSketch("Studio de répétition", SpaceKind.SALLE_ACTIVITES, 25,
                        {E.PIANO: 1, E.SOUND: 1}, rules=MEETING | {"price_from_cents": 800}),
        ),
        4, "Une salle de concert accessible et un studio de répétition.",
    ),
    PlaceSketch(
        PlaceKind.MJC, "MJC {h}", "commune", day_hours, ("L", 4),
        (
            SpaceSketch("Salle de danse", SpaceKind.SALLE_ACTIVITES, 30,
                        {E.MIRRORS: 1, E.SOUND: 1, E.CHANGING_ROOMS: 2}, rules=MEETING),
            SpaceSketch("Salle de théâtre", SpaceKind.SALLE_ACTIVITES, 60, {E.STAGE: 1},
                        rules=MEETING),
        ),
        5, "Danse, théâtre, musique : les salles se prêtent quand les cours n’y sont pas.",
    ),
    PlaceSketch(
        PlaceKind.PLACE_PUBLIQUE, "Place {n}", "commune", day_hours, None,
        (
            SpaceSketch("La place", SpaceKind.PLACE_PUBLIQUE, 400,
                        {E.POWER_OUTDOOR: 6, E.WATER_POINT: 2},
                        rules={"min_minutes": 120, "max_minutes": 960, "step_minutes": 60,
                               "lead_minutes": 21 * 1440, "price_from_cents": None}),
        ),
        6, "Marchés, fêtes de quartier, expositions en plein air.",
    ),
)  # fmt: skip
