"""Whatever happens, in whatever order: nobody keeps a code, nobody expected stays outside."""

import os
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import transaction

from preau.access.entitlements import Entitlement
from preau.access.enums import DriverKind
from preau.access.models import AccessGrant
from preau.core import clock, registries
from tests.access.factories import DoorFactory
from tests.access.histories import History
from tests.access.simulated import Lock, plugged
from tests.accounts.factories import UserFactory
from tests.places.factories import SpaceFactory

NOW = datetime(2027, 3, 24, 8, 0, tzinfo=UTC)  # the clocks change on the 28th
#: Lives of each kind of door; more on request.
RUNS = int(os.environ.get("PREAU_ACCESS_HISTORIES", "3"))
FIRST = int(os.environ.get("PREAU_ACCESS_FIRST", "0"))
COUNTED = ("crashes", "moves", "cancels", "looks", "far")
KINDS = [DriverKind.ZIGBEE, DriverKind.NUKI, DriverKind.TTLOCK, DriverKind.IGLOOHOME]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_every_history_ends_well(kind, monkeypatch, capsys):
    told, violations = Counter(), []
    for seed in range(FIRST, FIRST + RUNS):
        monkeypatch.setattr(registries.access_entitlements, "_entries", {})
        with transaction.atomic():
            one = _lived(seed, kind, monkeypatch)
            told.update(
                runs=1,
                calls=one.lock.calls,
                codes=AccessGrant.objects.filter(door=one.door).count(),
            )
            transaction.set_rollback(True)  # the next is alone in its world
        told.update({name: getattr(one, name) for name in COUNTED})
        violations += [f"{kind} {seed}: {said}" for said in one.violations]
    with capsys.disabled():
        print(f"\n{kind}: {dict(told)}, violations {len(violations)}")  # noqa: T201
    assert violations == []


def _lived(seed, kind, monkeypatch):
    with clock.frozen(NOW):
        user, space = UserFactory(), SpaceFactory()
        door = DoorFactory(place=space.place, driver=kind)
    lock = plugged(monkeypatch, Lock(kind))
    one = History(seed, door, space, lock, Entitlement(user.pk, None, "Essai"), NOW)
    registries.access_entitlements.register("essai", one.source)
    one.live(14)
    return one
