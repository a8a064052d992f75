"""Creating, editing, confirming, closing sheets. Each write is told in the sheet's history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.accounts.perms import require_verified
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.directory import duplicates, finding, perms
from preau.directory.actions.changes import note
from preau.directory.enums import ChangeCause, SheetState
from preau.directory.models import Sheet
from preau.directory.territory import territory_keys
from preau.places.actions.saving import free_slug, save_checked
from preau.territories.models import Commune

#: What is copied from the bookable place, and changed there.
FROM_PLACE = frozenset(
    {"name", "kind", "address", "postcode", "commune", "latitude", "longitude", "is_located"}
)
EDITABLE = FROM_PLACE | {
    "description", "main_profile", "secondary_profiles", "origin", "opening_mode", "staffing",
    "animation", "colouring", "shared", "is_itinerant", "is_accessible", "accessibility_url",
    "address_more", "phone", "email", "website", "appointment_url", "siret", "hours_text",
}  # fmt: skip
#: What two sheets of one place are recognised by.
TELLING = frozenset({"name", "address", "commune", "latitude", "longitude", "phone", "siret"})
_STATES = {
    SheetState.PROPOSED: {SheetState.PUBLISHED, SheetState.REFUSED, SheetState.CLOSED},
    SheetState.PUBLISHED: {SheetState.CLOSED, SheetState.PROPOSED},
    SheetState.CLOSED: {SheetState.PUBLISHED, SheetState.PROPOSED},
    SheetState.REFUSED: {SheetState.PUBLISHED},
    SheetState.MERGED: set[SheetState](),
}


@transaction.atomic
def create_sheet(
    fields: Mapping[str, Any],
    *,
    actor: Actor,
    cause: str = ChangeCause.EDITED,
    state: str = SheetState.PUBLISHED,
    manager: Organization | None = None,
) -> Sheet:
    """A new sheet; without a position it stands at the centre of its commune.

    Args:
        fields: any of `EDITABLE`; `name`, `kind` and `commune` are needed.
        state: published, or proposed for someone to decide.

    Raises:
        Refusal: a field is wrong. Forbidden: it stands beyond the actor's territory.
    """
    sheet = Sheet(state=state, manager=manager)
    _assign(sheet, fields)
    _settle(sheet)
    perms.require(actor, "directory.edit", sheet)
    return _insert(sheet, actor, cause)


def begin_sheet(fields: Mapping[str, Any], *, actor: Actor) -> Sheet:
    """By whoever acts for an organisation: shown at once where they keep the territory.

    Elsewhere the organisation will keep the sheet, once the territory's authority has accepted it.
    """
    commune = fields["commune"]
    if actor.is_operator or perms.names_authority(actor, territory_keys(commune)):
        return create_sheet(fields, actor=actor)
    require_verified(actor)
    return create_sheet(fields, actor=actor, state=SheetState.PROPOSED, manager=actor.organization)


def turn(sheet: Sheet, state: str, *, actor: Actor) -> None:
    """Close or open again by hand; a proposed sheet is accepted by another than its author.

    Raises:
        Refusal: the place is booked here, or the sheet is still to be accepted.
    """
    if sheet.place_id:
        raise Refusal("Ce lieu se réserve ici : publiez-le ou archivez-le depuis « Mes lieux ».")
    if sheet.state in {SheetState.PROPOSED, SheetState.REFUSED}:
        perms.require(actor, "directory.recognise", sheet)
    set_state(sheet, state, actor=actor)


def _insert(sheet: Sheet, actor: Actor, cause: str) -> Sheet:
    text = f"{sheet.name} {sheet.commune.name}"
    sheet.slug = free_slug(Sheet.objects.all(), text, f"lieu-{sheet.commune_id.lower()}")
    sheet.search_key = finding.words_of(sheet)
    save_checked(sheet)
    note(
        sheet, {"state": (None, sheet.state), "name": (None, sheet.name)}, cause=cause, actor=actor
    )
    duplicates.note_pairs(sheet)
    return sheet


def _assign(sheet: Sheet, fields: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set the values; what was, and what is, of those that changed."""
    if unknown := fields.keys() - EDITABLE:
        raise TypeError(f"Not editable: {', '.join(sorted(unknown))}")
    changed = {}
    for name, value in fields.items():
        before = getattr(sheet, name, None)
        if before != value:
            changed[name] = (before, value)
            setattr(sheet, name, value)
    return changed


def _settle(sheet: Sheet) -> None:
    """Département and time zone follow the commune; so does a position that is not known."""
    commune: Commune | None = getattr(sheet, "commune", None)
    if commune is None:
        raise Refusal("Indiquez la commune.", field="commune")
    sheet.departement_code, sheet.time_zone = commune.departement_id, commune.time_zone
    sheet.postcode = sheet.postcode or commune.main_postcode
    if sheet.latitude is None or sheet.longitude is None or not sheet.is_located:
        sheet.latitude, sheet.longitude = commune.centre
        sheet.is_located = False


@transaction.atomic
def edit_sheet(
    sheet: Sheet, fields: Mapping[str, Any], *, actor: Actor, cause: str = ChangeCause.EDITED
) -> list[str]:
    """Change these fields; the names of those that did change.

    What a bookable place tells (`FROM_PLACE`) is left as it is: it is changed on the place.
    """
    perms.require(actor, "directory.edit", sheet)
    sheet = _locked(sheet)
    if sheet.place_id and cause != ChangeCause.PLACE:
        fields = {name: value for name, value in fields.items() if name not in FROM_PLACE}
    changed = _assign(sheet, fields)
    if not changed:
        return []
    if "commune" in changed and not {"latitude", "longitude"} & changed.keys():
        sheet.is_located = False
    _settle(sheet)
    sheet.search_key = finding.words_of(sheet, sheet.services.values_list("name", flat=True))
    save_checked(sheet)
    note(sheet, changed, cause=cause, actor=actor)
    if changed.keys() & TELLING:
        duplicates.note_pairs(sheet)
    return sorted(changed)


@transaction.atomic
def confirm_sheet(sheet: Sheet, *, actor: Actor) -> None:
    """« Toujours exact »: somebody who knows has read it today."""
    perms.require(actor, "directory.edit", sheet)
    sheet.confirmed_on = clock.today(sheet.zone)
    sheet.save(update_fields=["confirmed_on"])
    audit.record(actor, "directory.confirmed", sheet)


@transaction.atomic
def set_state(
    sheet: Sheet, state: str, *, actor: Actor, cause: str = ChangeCause.STATE, reason: str = ""
) -> None:
    """Publish, close, reopen, refuse.

    Raises:
        Refusal: the sheet cannot become that, most often because somebody was faster.
    """
    perms.require(actor, "directory.edit", sheet)
    locked = _locked(sheet)
    if state == locked.state:
        return
    if SheetState(state) not in _STATES[SheetState(locked.state)]:
        raise Refusal(
            f"Cette fiche est maintenant « {SheetState(locked.state).label} » : quelqu’un d’autre"
            " a décidé entre-temps.",
            code="state",
        )
    before, locked.state = locked.state, state
    locked.save(update_fields=["state"])
    fields = {"state": (before, state)}
    if reason:
        fields["reason"] = ("", reason)
    note(locked, fields, cause=cause, actor=actor)
    sheet.state = state


def close_sheet(sheet: Sheet, *, actor: Actor, cause: str = ChangeCause.STATE) -> None:
    """The place is there no more: its page says so."""
    set_state(sheet, SheetState.CLOSED, actor=actor, cause=cause)


@transaction.atomic
def set_manager(sheet: Sheet, organization: Organization | None, *, actor: Actor) -> None:
    """Recognise who keeps the sheet up to date.

    Raises:
        Refusal: the place is booked here: its owner keeps the sheet.
    """
    perms.require(actor, "directory.recognise", sheet)
    locked = _locked(sheet)
    if locked.place_id:
        raise Refusal("Ce lieu se réserve ici : c’est son propriétaire qui tient la fiche.")
    before, locked.manager = locked.manager, organization
    locked.save(update_fields=["manager"])
    note(locked, {"manager": (before, organization)}, cause=ChangeCause.STATE, actor=actor)
    sheet.manager = organization


def _locked(sheet: Sheet) -> Sheet:
    rows = Sheet.objects.select_for_update(of=("self",)).select_related("commune", "manager")
    return rows.get(pk=sheet.pk)
