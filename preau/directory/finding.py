"""What a sheet is found by: its words, without accents, in one text."""

from __future__ import annotations

from collections.abc import Iterable

from preau.directory.enums import Profile
from preau.directory.models import Sheet
from preau.places.enums import PlaceKind
from preau.territories.names import search_key


def words_of(sheet: Sheet, services: Iterable[str] = ()) -> str:
    """Name, nature, profiles, address, commune and services, as `search_key` writes them."""
    profiles = [sheet.main_profile, *sheet.secondary_profiles]
    parts = [
        sheet.name,
        PlaceKind(sheet.kind).label,
        *(Profile(one).label for one in profiles),
        sheet.address,
        sheet.commune.name,
        sheet.description[:400],
        *services,
    ]
    return search_key(" ".join(parts))[:4000]


def refresh(sheet: Sheet) -> None:
    """Write them again after its services changed."""
    names = sheet.services.values_list("name", flat=True)
    Sheet.objects.filter(pk=sheet.pk).update(search_key=words_of(sheet, names))
