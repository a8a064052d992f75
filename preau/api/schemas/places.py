"""Places and spaces, as the public pages show them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from preau.api.schemas.kit import Out


class PriceOut(Out):
    """Un prix pour le titulaire du jeton, ou pour un visiteur qui n’habite pas la commune."""

    total_cents: int | None = Field(description="En centimes ; null : fixé après la demande.")
    on_request: bool
    words: str = Field(description="Comme sur le site : « 25,00 € », « Gratuit ».")


class CommuneOut(Out):
    code: str = Field(description="Code Insee.")
    name: str


class PlaceRef(Out):
    id: int
    name: str
    kind: str
    latitude: float
    longitude: float
    commune: CommuneOut
    url: str = Field(description="Sa page publique.")


class SpaceRef(Out):
    id: int
    name: str
    kind: str
    kind_label: str
    capacity: int = Field(description="Personnes au plus ; par poste si `is_pool`.")
    is_pool: bool = Field(description="Postes identiques, réservés en nombre.")
    is_accessible: bool
    url: str


class SpaceLine(SpaceRef):
    place: PlaceRef


class EquipmentOut(Out):
    kind: str
    label: str
    quantity: int


class SpaceOut(SpaceLine):
    description: str
    surface: int | None = Field(description="En m².")
    stations: int = Field(description="Nombre de postes ; 0 si ce n’en est pas.")
    min_minutes: int
    max_minutes: int
    step_minutes: int
    lead_minutes: int
    horizon_days: int
    categories: list[str] = Field(description="Qui peut réserver.")
    approval: str
    house_rules: str
    equipment: list[EquipmentOut]


class PlaceOut(PlaceRef):
    description: str
    address: str
    postcode: str
    departement: str
    time_zone: str
    owner: str
    is_accessible: bool
    house_rules: str
    spaces: list[SpaceRef]


class PlacesPage(Out):
    items: list[PlaceRef]
    next: str | None = Field(description="À rendre en `cursor` ; null à la dernière page.")


class SpanOut(Out):
    start: datetime
    end: datetime
    status: Literal["free", "busy", "closed"]
    free_units: int = Field(description="Combien d’unités sont libres (postes, sinon 0 ou 1).")


class FreeBusyOut(Out):
    """Le libre et l’occupé, sans dire par qui ni pourquoi."""

    space_id: int
    time_zone: str
    spans: list[SpanOut]


class SlotOut(Out):
    start: datetime
    end: datetime


class SlotsOut(Out):
    space_id: int
    minutes: int
    items: list[SlotOut]


class FoundOut(Out):
    space: SpaceLine
    distance_km: float | None
    start: datetime | None
    end: datetime | None
    quantity: int = Field(description="Postes qu’il faut pour le nombre de personnes demandé.")
    note: str = Field(description="En quoi cela diffère de la demande, pour une proposition.")
    price: PriceOut | None
    book_url: str = Field(description="Où une personne réserve ce créneau sur le site ; « » sinon.")


class SearchOut(Out):
    items: list[FoundOut]
    next: str | None
    proposals: list[FoundOut] = Field(
        description="Quand rien n’est libre : ce qui s’en approche le plus."
    )
