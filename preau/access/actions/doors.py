"""Doors and accounts: what those who run a place set up once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from preau.access import drivers, sealing
from preau.access.actions import lifecycle, reconciling
from preau.access.drivers import CREDENTIALS, Health, traits_of
from preau.access.enums import LIVE, OVER, DriverKind, GrantState
from preau.access.models import AccessGrant, Door, LockAccount
from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.accounts.perms import allowed
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.core.sealed import Unreadable
from preau.integrations.http import Rejected, Unauthorized, Unavailable
from preau.integrations.locks import Gone, NoKeypad, Offline
from preau.places.models import Place, Space


@dataclass(frozen=True, slots=True)
class Typed:
    """A door as it was typed. `box_code`: None leaves what is kept."""

    fields: dict[str, Any]
    spaces: Sequence[Space]
    box_code: str | None = field(default=None, repr=False)


def _may(actor: Actor, verb: str, subject: Any) -> None:
    if not allowed(actor, verb, subject):
        raise Forbidden


@transaction.atomic
def add_door(*, actor: Actor, place: Place, kind: DriverKind, typed: Typed) -> Door:
    """A door more; who is expected behind it soon gets its code.

    Raises:
        Refusal: a name or a lock that another door has.
    """
    _may(actor, "access.edit", place)
    door = Door(place=place, driver=kind, created_at=clock.now())
    return _saved(actor, door, typed, "access.door_added")


@transaction.atomic
def edit_door(*, actor: Actor, door: Door, typed: Typed) -> Door:
    """Raises: Refusal, as `add_door`."""
    _may(actor, "access.edit", door)
    return _saved(actor, door, typed, "access.door_changed")


def _saved(actor: Actor, door: Door, typed: Typed, verb: str) -> Door:
    for name, value in typed.fields.items():
        setattr(door, name, value)
    account = door.account
    if not door.is_manual and (
        account is None
        or account.organization_id != door.place.owner_id
        or account.driver != traits_of(door).service
    ):
        raise Refusal("Choisissez un compte de votre structure.", field="account")
    _same_lock(door)
    if typed.box_code is not None:
        sealing.keep_box_code(door, typed.box_code)
    try:
        with transaction.atomic():
            door.save()
    except IntegrityError as error:
        raise _translated(error) from error
    door.spaces.set(typed.spaces)
    audit.record(actor, verb, door)
    _try_again(door)
    reconciling.follow(door.place_id, _occupancies_behind(door))
    return door


def _same_lock(door: Door) -> None:
    """Codes are taken back from the lock that has them: it stays the door's until then.

    Raises:
        Refusal: it would be another, and codes may be on it.
    """
    was = Door.objects.select_for_update(no_key=True).filter(pk=door.pk).first()
    if was is None or (was.account_id, was.remote_id) == (door.account_id, door.remote_id):
        return
    asked = AccessGrant.objects.filter(door=door, asked_at__isnull=False)
    if asked.exclude(state__in=OVER).exists():
        raise Refusal(
            "Des codes sont sur la serrure actuelle. Pour en changer, retirez cette porte, ce qui"
            " reprend ses codes, puis ajoutez la nouvelle.",
            field="remote_id",
        )


def _translated(error: IntegrityError) -> Refusal:
    if "door_lock_once" in str(error):
        return Refusal("Cette serrure est déjà celle d’une autre porte.", field="remote_id")
    if "door_name_in_place" in str(error):
        return Refusal("Ce lieu a déjà une porte de ce nom.", field="name")
    raise error


def _try_again(door: Door) -> None:
    """What the lock refused before may go now."""
    _ask_again(AccessGrant.objects.filter(door=door))


def _ask_again(grants: QuerySet[AccessGrant]) -> int:
    """Want anew those among them that were given up and are not over; how many."""
    now = clock.now()
    rows = AccessGrant.objects.select_for_update(no_key=True).order_by("pk")
    stuck = grants.filter(state=GrantState.FALLBACK, ends_at__gt=now).values("pk")
    found = list(rows.filter(pk__in=stuck).values_list("pk", flat=True))
    return AccessGrant.objects.filter(pk__in=found).update(
        state=GrantState.WANTED, next_try=now, attempts=0, trouble="", alerted_at=None
    )


def _occupancies_behind(door: Door) -> set[int]:
    """Those with a code of it, and those of the coming days that may deserve one."""
    held = AccessGrant.objects.filter(door=door, state__in=LIVE, occupancy__isnull=False)
    found = set(held.values_list("occupancy_id", flat=True))
    return found | set(reconciling.soon_at(door.place_id))


@transaction.atomic
def retire_door(*, actor: Actor, door: Door) -> None:
    """Its codes are taken back; what it opened in the past stays written."""
    _may(actor, "access.edit", door)
    door.retired_at = clock.now()
    door.save(update_fields=["retired_at"])
    audit.record(actor, "access.door_retired", door)
    reconciling.follow(door.place_id, _occupancies_behind(door))
    caretakers = AccessGrant.objects.filter(door=door, occupancy=None, state__in=LIVE)
    for pk in caretakers.order_by("pk").values_list("pk", flat=True):
        reconciling.reconcile_caretaker(pk)


@transaction.atomic
def retry(*, actor: Actor, grant: AccessGrant) -> None:
    """Ask the lock again, now.

    Raises:
        Refusal: nothing is left to ask.
    """
    _may(actor, "access.edit", grant)
    it = AccessGrant.objects.filter(pk=grant.pk)
    waiting = it.filter(state__in=[GrantState.WANTED, GrantState.REVOKING])
    if not _ask_again(it) and not waiting.update(next_try=clock.now()):
        raise Refusal("Il n’y a plus rien à demander à la serrure pour ce code.", code="gone")
    audit.record(actor, "access.retried", grant)


@transaction.atomic
def removed_by_hand(*, actor: Actor, grant: AccessGrant) -> None:
    """Somebody has taken it off a lock that does not answer: nobody asks for it any more.

    Raises:
        Refusal: it is not one that could not be taken back.
    """
    _may(actor, "access.edit", grant)
    rows = AccessGrant.objects.select_for_update(of=("self",), no_key=True)
    it = rows.select_related("door__place__owner").get(pk=grant.pk)
    if it.state != GrantState.REVOKING or not it.trouble:
        raise Refusal("Préau retire ce code, ou l’a retiré, sans vous.", code="gone")
    lifecycle.off_the_lock(it)
    audit.record(actor, "access.removed_by_hand", it)


# --- Accounts


@transaction.atomic
def save_account(
    *,
    actor: Actor,
    organization: Organization,
    kind: DriverKind,
    name: str,
    credentials: dict[str, str],
    account: LockAccount | None = None,
) -> LockAccount:
    """What is left empty stays as it was kept.

    Raises:
        Refusal: the name is taken, or what was kept cannot be read any more.
    """
    _may(actor, "access.account", organization)
    account = account or LockAccount(organization=organization, driver=kind)
    account.name = name
    kept = {} if account.pk is None or all(credentials.values()) else _kept(account)
    said = {key: credentials.get(key) or kept.get(key, "") for key in CREDENTIALS[kind]}
    sealing.keep_credentials(account, said)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise Refusal("Votre structure a déjà un compte de ce nom.", field="name") from error
    audit.record(actor, "access.account_saved", account)
    return account


def _kept(account: LockAccount) -> dict[str, str]:
    try:
        return sealing.credentials_of(account)
    except Unreadable:
        raise Refusal(
            "Les identifiants enregistrés ne sont plus lisibles : saisissez-les tous de nouveau.",
            code="unreadable",
        ) from None


@transaction.atomic
def remove_account(*, actor: Actor, account: LockAccount) -> None:
    """Raises: Refusal while a door, or a code to take back, needs it."""
    _may(actor, "access.account", account)
    doors = Door.objects.filter(account=account)
    if doors.filter(retired_at=None).exists():
        raise Refusal("Des portes utilisent ce compte : retirez-les d’abord.", code="used")
    if AccessGrant.objects.filter(door__account=account).exclude(state__in=OVER).exists():
        raise Refusal("Des codes sont encore à retirer avec ce compte.", code="used")
    if doors.exists():
        raise Refusal(
            "Des portes retirées gardent la trace de ce compte : il ne peut pas être supprimé."
            " Remplacez ses identifiants si besoin.",
            code="used",
        )
    audit.record(actor, "access.account_removed", account)
    account.delete()


# --- On a click: three seconds at most, outside any transaction


def look(door: Door) -> Health:
    """Ask the lock how it is, and note it."""
    if door.is_manual or door.account is None:
        return Health(answers=True)
    alone = door.driver == DriverKind.TTLOCK_ALONE
    try:
        with drivers.asking(door.account, door.remote_id, alone=alone) as lock:
            health = lock.look()
    except (Unavailable, Rejected, ValueError) as error:
        health = Health(answers=False, trouble=words_of(error))
    _noted(door, health)
    return health


def _noted(door: Door, health: Health) -> None:
    now = clock.now()
    door.asked_at, door.trouble = now, health.trouble[:120]
    if health.answers:
        door.seen_at, door.battery, door.battery_low = now, health.battery, health.battery_low
    door.save(update_fields=["asked_at", "trouble", "seen_at", "battery", "battery_low"])


def listed(account: LockAccount) -> list[tuple[str, str]]:
    """The locks of an account.

    Raises:
        Refusal: the service did not say.
    """
    try:
        with drivers.asking(account) as service:
            return service.listed()
    except (Unavailable, Rejected, ValueError) as error:
        raise Refusal(words_of(error), code="outside") from None


def words_of(error: Exception) -> str:
    """Why a lock could not be asked, and what to do, in a sentence."""
    known: list[tuple[type[Exception], str]] = [
        (Offline, "La serrure ne répond pas : vérifiez sa pile, sa passerelle, la connexion."),
        (Unauthorized, "Le service refuse ce compte : vérifiez les identifiants."),
        (Gone, "Ce compte ne connaît pas cette serrure : vérifiez l’identifiant."),
        (NoKeypad, "Cette serrure n’a pas de clavier."),
        (Rejected, "Le service refuse cette demande."),
        (ValueError, "L’identifiant de la serrure ne convient pas."),
    ]
    found = next((words for kind, words in known if isinstance(error, kind)), "")
    return found or "Le service de la serrure ne répond pas : réessayez dans quelques minutes."
