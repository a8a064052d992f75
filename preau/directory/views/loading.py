"""From an address to its sheet, signal or pair."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.directory.models import ServiceOffer, Sheet, SheetClaim, SheetPair, Signal

_WITH = ("commune", "manager", "place")


def load_sheet(sheet_slug: str) -> Sheet:
    """The sheet of an address; the one it was merged into, for an old address."""
    sheet = Sheet.objects.select_related(*_WITH, "merged_into").filter(slug=sheet_slug).first()
    if sheet is None:
        raise Http404
    if sheet.merged_into_id:
        return Sheet.objects.select_related(*_WITH).get(pk=sheet.merged_into_id)
    return sheet


def load_offer(sheet_slug: str, sheet_offer_id: int) -> ServiceOffer:
    offer = ServiceOffer.objects.filter(sheet=load_sheet(sheet_slug), pk=sheet_offer_id).first()
    if offer is None:
        raise Http404
    offer.sheet = load_sheet(sheet_slug)
    return offer


def load_signal(sheet_signal_key: UUID) -> Signal:
    rows = Signal.objects.select_related("commune", "sheet__commune", "sheet__manager")
    signal = rows.filter(key=sheet_signal_key).first()
    if signal is None:
        raise Http404
    return signal


def load_pair(sheet_pair_id: int) -> SheetPair:
    rows = SheetPair.objects.select_related("first__commune", "second__commune")
    pair = rows.filter(pk=sheet_pair_id).first()
    if pair is None:
        raise Http404
    return pair


def load_claim(sheet_claim_key: UUID) -> SheetClaim:
    rows = SheetClaim.objects.select_related("sheet__commune", "organization", "asked_by")
    claim = rows.filter(key=sheet_claim_key).first()
    if claim is None:
        raise Http404
    return claim


def require_shown(request: HttpRequest, sheet: Sheet) -> None:
    """A sheet that nobody has accepted yet is for those who decide of it.

    Raises:
        Http404: the visitor is not of them.
    """
    if not sheet.is_public and not allowed(actor_of(request), "directory.edit", sheet):
        raise Http404
