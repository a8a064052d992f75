"""Run beside the real processes, on their database: `python -m tests.crash.inside <verb>`.

Reads one line of JSON, writes one.
"""

import contextlib
import json
import os
import random
import sys
from datetime import timedelta

import django


def seed(wish):
    """One town, one place, its spaces, and people already signed in."""
    from django.test import Client

    from preau.accounts.enums import MembershipRole
    from preau.places.enums import ApprovalMode
    from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
    from tests.places.factories import PlaceFactory, hall_in_thirds, pool

    place = PlaceFactory()
    for role in (MembershipRole.MANAGER, MembershipRole.APPROVER):
        MembershipFactory(organization=place.owner, role=role)
    spaces = [
        _space(place, approval=ApprovalMode.IMMEDIATE),
        _space(place, approval=ApprovalMode.IMMEDIATE, buffer_before=15, buffer_after=30),
        _space(place, approval=ApprovalMode.MANAGER),
        _opened(pool(place, 3, approval=ApprovalMode.IMMEDIATE)),
    ]
    hall = _opened(hall_in_thirds(place))
    spaces += [hall, *hall.parts.select_related("place").order_by("pk")]
    people = []
    for _ in range(wish["people"]):
        user = UserFactory()
        cookie = sign_in(Client(), user).cookies["sessionid"].value
        people.append({"email": user.email, "cookie": cookie})
    return {"people": people, "slots": _slots(spaces, wish)}


def _space(place, **fields):
    from tests.places.factories import SpaceFactory

    return _opened(SpaceFactory(place=place, **fields))


def _opened(space):
    from tests.availability.factories import open_space

    open_space(space)
    return space


def _slots(spaces, wish):
    from tests.booking.factories import evening

    rng = random.Random(wish["seed"])
    wanted = [
        (n, day, hour) for n in range(len(spaces)) for day in range(3, 43) for hour in (9, 14)
    ]
    rng.shuffle(wanted)
    slots = []
    for number, day, hour in wanted:
        space = spaces[number]
        period = evening(space, days=day, start=hour, end=hour + 2)
        times = {"debut": period.start.isoformat(), "fin": period.end.isoformat()}
        slots.append({"space": space.pk} | times)
    return slots


def drain(_wish):
    """Ask the real worker for its sweeps now instead of at the next minute; what still waits."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.models import ProcrastinateJob
    from procrastinate.exceptions import AlreadyEnqueued

    from preau.notifications.models import Email, EmailState

    for name in ("notifications.sweep_outbox", "notifications.retry_stalled_jobs"):
        with contextlib.suppress(AlreadyEnqueued):
            app.configure_task(name, queueing_lock=name).defer(timestamp=0)
    jobs = ProcrastinateJob.objects.filter(status__in=["todo", "doing"])
    carrying = jobs.filter(task_name="notifications.send_email")
    return {
        "emails": Email.objects.filter(state=EmailState.PENDING).count(),
        "jobs": carrying.count(),
    }


def judge(seen):
    """Twenty minutes later, once the sweep has passed: everything that is wrong."""
    from preau.booking.tasks import clear_holds
    from preau.core import clock
    from tests.crash import faults

    with clock.frozen(clock.now() + timedelta(minutes=20)):
        clear_holds(timestamp=0)
        found = [*faults.orphans(), *faults.broken_promises(seen)]
    return {"faults": [*found, *faults.untold()], "figures": faults.figures()}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    verb = {"seed": seed, "drain": drain, "judge": judge}[sys.argv[1]]
    sys.stdout.write(json.dumps(verb(json.loads(sys.stdin.read() or "null"))))
