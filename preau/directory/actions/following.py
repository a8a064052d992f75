"""A sheet for every published place: it follows what its owner writes of the place."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.directory import finding
from preau.directory.actions.changes import note
from preau.directory.actions.sheets import create_sheet, edit_sheet, set_state
from preau.directory.enums import ChangeCause, Profile, SheetState
from preau.directory.models import Sheet
from preau.places.enums import PlaceKind, Publication
from preau.places.models import Place

#: What each nature of place is mainly for; the others are for mediation and access to services.
_PROFILES = {
    Profile.WORK: {
        PlaceKind.COWORKING, PlaceKind.CANTINE, PlaceKind.TELECENTRE, PlaceKind.CENTRE_AFFAIRES,
    },
    Profile.CREATION: {
        PlaceKind.JARDIN_PARTAGE, PlaceKind.REPAIR_CAFE, PlaceKind.ATELIER_QUARTIER,
        PlaceKind.FAB_LAB, PlaceKind.HACKERSPACE, PlaceKind.MJC, PlaceKind.MAISON_ASSOCIATIONS,
        PlaceKind.SALLE_DES_FETES, PlaceKind.SALLE_POLYVALENTE, PlaceKind.GYMNASE,
        PlaceKind.AUDITORIUM, PlaceKind.EQUIPEMENT_SPORTIF, PlaceKind.PLACE_PUBLIQUE,
    },
}  # fmt: skip
_STATE = {
    Publication.PUBLISHED: SheetState.PUBLISHED,
    Publication.DRAFT: SheetState.PROPOSED,
    Publication.ARCHIVED: SheetState.CLOSED,
}


def profile_of(kind: str) -> Profile:
    found = (profile for profile, kinds in _PROFILES.items() if kind in kinds)
    return next(found, Profile.MEDIATION)


@transaction.atomic
def follow_place(place: Place, *, actor: Actor = SYSTEM) -> Sheet | None:
    """Make or bring up to date the sheet of a place; None for a draft that never had one.

    Whoever may write the place has been asked already: the sheet follows as the system.
    """
    sheet = Sheet.objects.select_related("commune", "manager").filter(place=place).first()
    if sheet is None:
        if place.publication != Publication.PUBLISHED:
            return None
        return _begin(place, actor)
    if sheet.manager_id != place.owner_id:
        sheet.manager = place.owner
        sheet.save(update_fields=["manager"])
    edit_sheet(sheet, _told(place), actor=SYSTEM, cause=ChangeCause.PLACE)
    sheet.refresh_from_db()
    set_state(sheet, _STATE[Publication(place.publication)], actor=SYSTEM, cause=ChangeCause.PLACE)
    return sheet


def _begin(place: Place, actor: Actor) -> Sheet:
    fields = _told(place) | {
        "main_profile": profile_of(place.kind),
        "description": place.description,
        "is_accessible": place.is_accessible or None,
        "phone": place.contact_phone,
        "email": place.contact_email,
    }
    sheet = create_sheet(fields, actor=SYSTEM, cause=ChangeCause.PLACE, manager=place.owner)
    sheet.place = place
    sheet.search_key = finding.words_of(sheet)
    sheet.save(update_fields=["place", "search_key"])
    note(sheet, {"manager": (None, place.owner)}, cause=ChangeCause.PLACE, actor=actor)
    return sheet


def _told(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "kind": place.kind,
        "address": place.address,
        "postcode": place.postcode,
        "commune": place.commune,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "is_located": not place.stands_at_centre,
    }
