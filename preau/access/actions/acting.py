"""Speaking to the lock about one code: claim it, call, note the outcome; each apart.

A worker may die between any two: the claim lapses, the next one asks the lock again, and every
verb of a driver may be done twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from preau.access import drivers, sealing
from preau.access.actions import lifecycle, telling
from preau.access.actions.reconciling import reconcile
from preau.access.drivers import Held, Wanted, traits_of
from preau.access.enums import DUE, OVER, DriverKind, GrantState
from preau.access.models import AccessGrant, Door
from preau.core import clock
from preau.integrations.http import Rejected, Unauthorized, Unavailable
from preau.integrations.locks import Busy, CodeRefused, Full, Gone, NoKeypad, Offline
from preau.outside.calls import NotAsked

S = GrantState
#: No exchange lasts as long: past it, whoever had the code in hand is dead.
LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
#: Near the start, and while a code opens that should not, no longer than this.
PAUSE_NEAR = timedelta(minutes=1)
#: Tries after which the managers are told.
TRIES_BEFORE_ALERT = 3
#: How often a lock may refuse the digits we draw.
MOST_DRAWS = 5
VARIANCES = 3


@dataclass(frozen=True, slots=True)
class Job:
    """What to ask of which lock, decided and written down before the call.

    Attributes:
        lease: until when it is ours; the answer of a call that outlived it is not noted, once
            another worker has taken the code up.
    """

    grant_id: int
    door: Door
    puts: bool
    wanted: Wanted
    lease: datetime


def act(grant_id: int) -> None:
    """Do what is due for one code, if anything still is."""
    occupancy_id = AccessGrant.objects.values_list("occupancy", flat=True).get(pk=grant_id)
    if occupancy_id is not None:
        reconcile(occupancy_id)
    job = _claimed(grant_id)
    if job is None:
        return
    assert job.door.account is not None
    alone = job.door.driver == DriverKind.TTLOCK_ALONE
    try:
        with drivers.asking(
            job.door.account, job.door.remote_id, alone=alone, seconds=drivers.TASK_SECONDS
        ) as lock:
            done = lock.put(job.wanted) if job.puts else lock.remove(job.wanted)
    except Unavailable as error:
        _failed(job, error)
    except (Rejected, ValueError) as error:
        _refused(job, error)
    else:
        _note(job, done)


@transaction.atomic
def _claimed(grant_id: int) -> Job | None:
    """The code, taken in hand; None when nothing is due or somebody has it.

    The door is locked before its codes, as where doors are set up.
    """
    now = clock.now()
    Door.objects.select_for_update(of=("self",), no_key=True).get(grants=grant_id)
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    grant = _locked(grant_id, free, state__in=DUE, next_try__lte=now)
    if grant is None:
        return None
    puts = grant.state == S.WANTED
    if puts and grant.ends_at <= now:
        lifecycle.end(grant)
        return None
    if puts and grant.asked_at is None and lifecycle.earliest_put(grant) > now:
        grant.next_try = lifecycle.earliest_put(grant)
        grant.save(update_fields=["next_try"])
        return None
    if puts and not _prepared(grant):
        return None
    grant.attempts = min(grant.attempts + 1, 1000)
    grant.leased_until, grant.next_try = now + LEASE, now + _pause(grant)
    if puts:
        grant.asked_at = now
    grant.save()
    zone = grant.door.place.zone
    wanted = Wanted(
        grant.remote_name,
        grant.starts_at.astimezone(zone),
        grant.ends_at.astimezone(zone),
        sealing.code_of(grant),
        grant.slot or 0,
        grant.variance or 0,
    )
    return Job(grant.pk, grant.door, puts, wanted, grant.leased_until)


def _locked(grant_id: int, *where: Q, **fields: object) -> AccessGrant | None:
    rows = AccessGrant.objects.select_for_update(of=("self",), no_key=True)
    related = rows.select_related(
        "door__place__owner", "door__account", "holder_user", "holder_organization"
    )
    return related.filter(*where, pk=grant_id, **fields).first()


def _pause(grant: AccessGrant) -> timedelta:
    wait = min(FIRST_PAUSE * 2.0 ** min(grant.attempts - 1, 10), LONGEST_PAUSE)
    near = grant.state == S.REVOKING or lifecycle.is_late(grant)
    return min(wait, PAUSE_NEAR) if near and grant.attempts < 60 else wait


# --- Before the call: what the lock will be asked is on paper


def _prepared(grant: AccessGrant) -> bool:
    """Draw what it takes: digits, a slot, a variance. False when there is none left."""
    door, can = grant.door, traits_of(grant.door).capabilities
    if door.driver == DriverKind.ZIGBEE and grant.slot is None:
        grant.slot = _free_slot(door)
        if grant.slot is None:
            lifecycle.give_up(grant, "Tous les emplacements de la serrure sont pris.")
            return False
    if can.same_window is not None and grant.variance is None:
        same = AccessGrant.objects.filter(
            door=door, starts_at=grant.starts_at, ends_at=grant.ends_at
        )
        last: int | None = same.aggregate(last=Max("variance"))["last"]
        if (last or 0) >= min(VARIANCES, can.same_window):
            lifecycle.give_up(grant, "Tous les codes de la serrure pour cet horaire ont servi.")
            return False
        grant.variance = (last or 0) + 1
    return drawn(grant)


def drawn(grant: AccessGrant) -> bool:
    """Digits of ours, where the lock takes them; not saved. False, given up, when none is left."""
    can = traits_of(grant.door).capabilities
    if can.takes_our_code and not sealing.code_of(grant):
        try:
            sealing.keep_code(grant, can.draw(_taken(grant.door)))
        except ValueError:
            lifecycle.give_up(grant, "Il ne reste plus de code libre pour cette serrure.")
            return False
    return True


def _free_slot(door: Door) -> int | None:
    """One that no code of this lock may still have; a retired door may have been this lock's."""
    of_lock = AccessGrant.objects.filter(
        door__account=door.account_id, door__remote_id=door.remote_id
    )
    taken = set(of_lock.filter(slot__isnull=False).values_list("slot", flat=True))
    ours = range(door.first_slot, door.first_slot + door.slots)
    return next((slot for slot in ours if slot not in taken), None)


def _taken(door: Door) -> set[str]:
    """Digits in use on the locks of the account: some makers want them unique there."""
    rows = AccessGrant.objects.filter(door__account=door.account_id).exclude(state__in=OVER)
    return {sealing.code_of(one) for one in rows.exclude(sealed_code="").select_related("door")}


# --- After the call: what became of it


@transaction.atomic
def _note(job: Job, done: Held | bool | None) -> None:
    grant = _locked(job.grant_id, state__in=DUE, leased_until=job.lease)
    if grant is None:
        return
    grant.leased_until = None
    if job.puts:
        _note_put(grant, job, done if isinstance(done, Held) else None)
    elif grant.state == S.REVOKING:
        settled = (grant.asked_at or clock.now()) + traits_of(grant.door).settles
        if done and clock.now() >= settled:
            lifecycle.off_the_lock(grant)
        else:
            grant.trouble = ""
            grant.next_try = clock.now() + PAUSE_NEAR
            grant.save()


def _note_put(grant: AccessGrant, job: Job, held: Held | None) -> None:
    if held is None:
        _still_waiting(grant)
        return
    grant.remote_ref = held.ref[:120]
    if held.code:
        sealing.keep_code(grant, held.code)
    grant.placed_starts_at, grant.placed_ends_at = job.wanted.start, job.wanted.end
    same = (grant.starts_at, grant.ends_at) == (job.wanted.start, job.wanted.end)
    if grant.state == S.WANTED and same:
        grant.trouble, grant.attempts = "", 0
        lifecycle.to(grant, S.SET)
    else:  # moved, or taken back, while we were speaking
        grant.next_try = clock.now()
        grant.save()


def _still_waiting(grant: AccessGrant) -> None:
    """Asked, not confirmed: look again soon; after a while it is an trouble."""
    if grant.state == S.WANTED and grant.attempts > TRIES_BEFORE_ALERT:
        grant.trouble = "La serrure n’a pas confirmé le code."
        _alert(grant)
    grant.next_try = clock.now() + min(_pause(grant), PAUSE_NEAR)
    grant.save()


@transaction.atomic
def _failed(job: Job, error: Unavailable) -> None:
    """Out of reach: later. Whether the lock has it is not known."""
    grant = _locked(job.grant_id, state__in=DUE, leased_until=job.lease)
    if grant is None:
        return
    grant.leased_until = None
    grant.trouble = _said(error)
    wait = _pause(grant)
    if error.retry_after is not None:
        wait = min(max(wait, timedelta(seconds=error.retry_after)), LONGEST_PAUSE)
    grant.next_try = clock.now() + wait
    if isinstance(error, Unauthorized) or _worth_telling(grant):
        _alert(grant)
    grant.save()


def _worth_telling(grant: AccessGrant) -> bool:
    return grant.attempts >= TRIES_BEFORE_ALERT or (
        grant.state == S.WANTED and lifecycle.is_late(grant)
    )


def _alert(grant: AccessGrant) -> None:
    if grant.alerted_at is None and grant.state in DUE:
        grant.alerted_at = clock.now()
        telling.not_reached(grant)


def _said(error: Unavailable) -> str:
    """What happened, in words for managers; never what was sent or answered."""
    known: list[tuple[type[Exception], str]] = [
        (NotAsked, "Le service de la serrure est en panne : nouvel essai dans peu de temps."),
        (Offline, "La serrure ne répond pas."),
        (Busy, "La serrure est occupée."),
        (Unauthorized, "Le compte de la serrure est refusé : vérifiez ses identifiants."),
    ]
    found = next((words for kind, words in known if isinstance(error, kind)), "")
    return found or "Le service de la serrure ne répond pas."


@transaction.atomic
def _refused(job: Job, error: Rejected | ValueError) -> None:
    """The lock, or its service, says no."""
    grant = _locked(job.grant_id, state__in=DUE, leased_until=job.lease)
    if grant is None:
        return
    grant.leased_until = None
    if not job.puts:
        _not_removed(grant, error)
    elif grant.state == S.REVOKING:
        grant.save()
    elif isinstance(error, CodeRefused) and grant.attempts <= MOST_DRAWS:
        sealing.keep_code(grant, "")
        grant.next_try = clock.now()
        grant.save()
    else:
        grant.save()
        lifecycle.give_up(grant, _why(error))


def _not_removed(grant: AccessGrant, error: Rejected | ValueError) -> None:
    if isinstance(error, Gone):
        lifecycle.off_the_lock(grant)
        return
    grant.trouble = _why(error)
    grant.next_try = clock.now() + _pause(grant)
    if grant.attempts >= TRIES_BEFORE_ALERT:
        _alert(grant)
    grant.save()


def _why(error: Exception) -> str:
    known: list[tuple[type[Exception], str]] = [
        (Full, "La serrure n’a plus de place pour un code."),
        (NoKeypad, "La serrure n’a pas de clavier."),
        (Gone, "La serrure n’est plus connue de ce compte."),
        (CodeRefused, "La serrure refuse tous les codes proposés."),
    ]
    found = next((words for kind, words in known if isinstance(error, kind)), "")
    return found or "La serrure refuse ce code."
