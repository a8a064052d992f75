"""The prices of the demonstration: party halls, class-rooms of collèges, auditoriums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from preau.accounts.actors import SYSTEM
from preau.accounts.models import Organization
from preau.places.enums import PlaceKind, SpaceKind, UserCategory
from preau.places.models import Place, Space
from preau.portal.demo.people import People
from preau.pricing.actions.tariffs import assign, create_tariff, edit_tariff, save_grid, save_lines
from preau.pricing.enums import OptionUnit, QuotaKind, QuotaPer, RateUnit, Residence
from preau.pricing.models import CancellationTier, Deposit, Option, Quota, Season, Tariff

R, A, C = UserCategory.RESIDENT, UserCategory.ASSOCIATION, UserCategory.COMPANY
LOCAL = Residence.LOCAL
_UNITS = (RateUnit.HOUR, RateUnit.HALF_DAY, RateUnit.EVENING, RateUnit.DAY, RateUnit.WEEKEND)
#: Euros: hour, half-day, evening, day, week-end; None leaves the broader row speak.
HALL = {
    ("", ""): (20, 70, 120, 180, 380),
    (R, LOCAL): (12, 45, 75, 110, 220),
    (A, ""): (10, 40, 60, 90, 180),
    (A, LOCAL): (5, 20, 30, 45, 90),
    (C, ""): (35, 130, 200, 320, 600),
}
HALL_IN_WINTER = {("", ""): (24, 85, 140, 210, 440), (R, LOCAL): (15, 55, 90, 130, 260)}
CLASS_ROOM = {("", ""): (5, None, None, None, None)}
AUDITORIUM = {
    ("", ""): (None, 250, 300, 450, 1100),
    (A, LOCAL): (None, 120, 150, 220, 500),
    (C, ""): (None, 400, 500, 700, 1700),
}
Rows = Mapping[tuple[str, str], tuple[int | None, ...]]


def write_prices(people: People, places: Sequence[Place]) -> None:
    """A tariff of each owner for each kind of space that is paid for."""
    by_owner: dict[int, list[Place]] = {}
    for place in places:
        by_owner.setdefault(place.owner_id, []).append(place)
    for mine in by_owner.values():
        _hall(mine[0].owner, mine)
        _auditorium(mine[0].owner, mine)
    schools = [one for one in places if one.kind == PlaceKind.ETABLISSEMENT_SCOLAIRE]
    _class_rooms(people.departement, [one for one in schools if one.owner == people.departement])


def _hall(owner: Organization, places: Sequence[Place]) -> None:
    spaces = _spaces(places, SpaceKind.SALLE_DES_FETES)
    if not spaces:
        return
    tariff = _tariff(owner, "Salles des fêtes", HALL, winter=HALL_IN_WINTER)
    edit_tariff(tariff, minimum_cents=1500, actor=SYSTEM)
    free = {"audience": A, "residence": LOCAL, "kind": QuotaKind.COUNT, "limit": 2}
    _lines(tariff, Quota, free | {"per": QuotaPer.YEAR})
    _lines(tariff, Deposit, {"amount_cents": 50_000}, {"audience": A, "amount_cents": 20_000})
    _lines(
        tariff,
        CancellationTier,
        {"hours_before": 30 * 24, "fee_percent": 30},
        {"hours_before": 7 * 24, "fee_percent": 100},
    )
    _lines(tariff, Option, _option("Forfait ménage", 90, OptionUnit.BOOKING))
    assign(tariff, places=[], spaces=spaces, actor=SYSTEM)


def _class_rooms(owner: Organization, places: Sequence[Place]) -> None:
    tariff = _tariff(owner, "Collèges, salles de classe", CLASS_ROOM)
    free = {"audience": A, "residence": LOCAL, "kind": QuotaKind.MINUTES, "limit": 600}
    _lines(tariff, Quota, free | {"per": QuotaPer.WEEK, "term_only": True})
    assign(tariff, places=[], spaces=_spaces(places, SpaceKind.SALLE_CLASSE), actor=SYSTEM)


def _auditorium(owner: Organization, places: Sequence[Place]) -> None:
    spaces = _spaces(places, SpaceKind.AUDITORIUM)
    if not spaces:
        return
    tariff = _tariff(owner, "Auditoriums", AUDITORIUM)
    _lines(tariff, Deposit, {"amount_cents": 100_000})
    _lines(
        tariff,
        CancellationTier,
        {"hours_before": 30 * 24, "fee_percent": 50},
        {"hours_before": 48, "fee_percent": 100},
    )
    _lines(
        tariff,
        Option,
        _option("Régisseur", 35, OptionUnit.HOUR, 2),
        _option("Micro sans fil", 10, OptionUnit.UNIT, 6),
        _option("Écran de 6 mètres", 60, OptionUnit.DAY, 1),
        _option("Ménage", 80, OptionUnit.BOOKING),
    )
    assign(tariff, places=[], spaces=spaces, actor=SYSTEM)


def _spaces(places: Sequence[Place], kind: str) -> list[Space]:
    return list(Space.objects.filter(place__in=places, kind=kind).select_related("place"))


def _tariff(owner: Organization, name: str, rows: Rows, *, winter: Rows | None = None) -> Tariff:
    tariff = create_tariff(actor=SYSTEM, organization=owner, name=name)
    amounts = _amounts(rows, None)
    if winter:
        _lines(tariff, Season, {"name": "hiver", "first_day": 1115, "last_day": 331})
        amounts |= _amounts(winter, tariff.seasons.get().pk)
    return save_grid(tariff, amounts, seen=None, actor=SYSTEM)


def _amounts(rows: Rows, season: int | None) -> dict[tuple[int | None, str, str, str], int]:
    return {
        (season, audience, residence, unit): euros * 100
        for (audience, residence), prices in rows.items()
        for unit, euros in zip(_UNITS, prices, strict=True)
        if euros is not None
    }


def _lines(tariff: Tariff, model: type, *rows: dict[str, object]) -> None:
    save_lines(tariff, model, rows, actor=SYSTEM)


def _option(name: str, euros: int, unit: str, stock: int | None = None) -> dict[str, object]:
    return {"name": name, "amount_cents": euros * 100, "unit": unit, "stock": stock}
