"""A real worker, killed in the middle of a call over the real broker."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection

from preau.access import sealing
from preau.access.actions import acting
from preau.access.enums import DriverKind, GrantState
from preau.access.models import AccessGrant
from preau.booking.actions.requests import cancel
from preau.booking.enums import Side
from preau.core import clock
from tests.access.factories import DoorFactory, confirmed, manager_of, worker

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]


def _killed(grant, keypad, moment):
    """It is claimed, spoken of, and its worker is dead."""
    AccessGrant.objects.filter(pk=grant.pk).update(next_try=clock.now())
    parts = connection.settings_dict
    host, name = parts["HOST"], parts["NAME"]
    address = (
        f"{parts['USER']}@/{name}?host={host}"
        if host.startswith("/")
        else (f"{parts['USER']}:{parts['PASSWORD']}@{host}:{parts['PORT'] or 5432}/{name}")
    )
    env = os.environ | {"DATABASE_URL": f"postgresql://{address}", "PREAU_MQTT_URL": keypad.url}
    words = [sys.executable, "-m", "tests.access.dying", str(grant.pk), moment]
    words.append(clock.now().isoformat())
    done = subprocess.run(words, env=env, cwd=django_settings.BASE_DIR, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    return AccessGrant.objects.get(pk=grant.pk)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_the_next_worker_finishes(keypad, moment):
    booking, grant = confirmed(DoorFactory(driver=DriverKind.ZIGBEE, remote_id="porte"))
    with clock.frozen(grant.starts_at - timedelta(minutes=20)):
        _finished_by_the_next(booking, grant, keypad, moment)


def _finished_by_the_next(booking, grant, keypad, moment):
    held = _killed(grant, keypad, moment)
    code = sealing.code_of(held)
    assert held.state == GrantState.WANTED and held.leased_until is not None
    assert keypad.press(code) == (moment == "after")
    acting.act(grant.pk)  # too early: the dead one may still be alive
    assert AccessGrant.objects.get(pk=grant.pk).state == GrantState.WANTED
    with clock.frozen(clock.now() + timedelta(minutes=3)):
        worker()
        assert AccessGrant.objects.get(pk=grant.pk).state == GrantState.SET
    assert keypad.press(code) and len(keypad.codes) == 1
    cancel(booking, "", side=Side.OCCUPANT, actor=manager_of(booking.place))


def test_a_cancellation_after_the_crash_leaves_nothing(keypad):
    booking, grant = confirmed(DoorFactory(driver=DriverKind.ZIGBEE, remote_id="porte"))
    with clock.frozen(grant.starts_at - timedelta(minutes=20)):
        _cancelled_after(booking, grant, keypad)


def _cancelled_after(booking, grant, keypad):
    held = _killed(grant, keypad, "after")
    code = sealing.code_of(held)
    assert keypad.press(code)
    cancel(booking, "", side=Side.OCCUPANT, actor=manager_of(booking.place))
    for minutes in (1, 3, 6):
        with clock.frozen(clock.now() + timedelta(minutes=minutes)):
            acting.act(grant.pk)
    assert not keypad.press(code)
    assert AccessGrant.objects.get(pk=grant.pk).state == GrantState.REVOKED
