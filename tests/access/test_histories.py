"""Whatever happens, in whatever order: nobody keeps a code, nobody expected stays outside."""

import os
from datetime import UTC, datetime

import pytest

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
KINDS = [DriverKind.ZIGBEE, DriverKind.NUKI, DriverKind.TTLOCK, DriverKind.IGLOOHOME]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_every_history_ends_well(kind, monkeypatch, capsys):
    told = {"runs": 0, "codes": 0, "calls": 0, "crashes": 0, "moves": 0, "cancels": 0, "looks": 0}
    violations = []
    monkeypatch.setattr(registries.access_entitlements, "_entries", {})
    with clock.frozen(NOW):
        user = UserFactory()
    for seed in range(RUNS):
        with clock.frozen(NOW):
            space = SpaceFactory()
            door = DoorFactory(place=space.place, driver=kind)
        lock = plugged(monkeypatch, Lock(kind))
        one = History(seed, door, space, lock, Entitlement(user.pk, None, "Essai"), NOW)
        registries.access_entitlements.register("essai", one.source)
        one.live(14)
        violations += [f"{kind} {seed}: {said}" for said in one.violations]
        told["runs"] += 1
        told["codes"] += AccessGrant.objects.filter(door=door).count()
        told["calls"] += lock.calls
        for name in ("crashes", "moves", "cancels", "looks"):
            told[name] += getattr(one, name)
    with capsys.disabled():
        print(f"\n{kind}: {told}, violations {len(violations)}")  # noqa: T201
    assert violations == []
