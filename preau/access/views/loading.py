"""From the address of a page to the thing it is about, or 404."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import get_object_or_404

from preau.access import drivers, queries
from preau.access.drivers import CREDENTIALS
from preau.access.enums import DriverKind
from preau.access.models import AccessGrant, Door, LockAccount
from preau.accounts.perms import Scope
from preau.places.models import Place


@dataclass(frozen=True, slots=True)
class Wish:
    """A place, and the kind of lock that it would have."""

    place: Place
    kind: DriverKind

    @property
    def permission_scope(self) -> Scope:
        return self.place.permission_scope


def load_place(*, place_id: int) -> Place:
    return get_object_or_404(Place.objects.select_related("owner", "commune"), pk=place_id)


def load_door_wish(*, place_id: int, door_kind: str) -> Wish:
    if door_kind not in DriverKind or not drivers.is_open(door_kind):
        raise Http404
    return Wish(load_place(place_id=place_id), DriverKind(door_kind))


def load_account_wish(*, place_id: int, account_kind: str) -> Wish:
    if account_kind not in CREDENTIALS or not drivers.is_open(account_kind):
        raise Http404
    return Wish(load_place(place_id=place_id), DriverKind(account_kind))


def load_door(*, door_id: int) -> Door:
    rows = Door.objects.select_related("place__owner", "account")
    return get_object_or_404(rows, pk=door_id)


def load_account(*, lock_account_id: int) -> LockAccount:
    return get_object_or_404(LockAccount.objects.select_related("organization"), pk=lock_account_id)


def load_grant(*, grant_id: int) -> AccessGrant:
    return get_object_or_404(queries.with_facts(), pk=grant_id)
