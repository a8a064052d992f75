"""Doors of the demonstration's first town: one of each maker, where its stand-in answers."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from preau.access.actions import caretakers, doors
from preau.access.actions.doors import Typed
from preau.access.enums import DriverKind
from preau.access.makers import NAMES
from preau.accounts.actors import Actor
from preau.accounts.models import Organization, User
from preau.availability.actions.occupancies import SlotTaken
from preau.booking.actions.holds import hold
from preau.booking.actions.requests import accept, submit
from preau.booking.actions.steps import Details
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.enums import PlaceKind
from preau.places.models import Place, Space

K = DriverKind
DAYTIME = range(9, 20)
FALLBACK = {
    "fallback": "Appelez l’accueil de la mairie : quelqu’un viendra ouvrir.",
    "fallback_phone": "0476000000",
}


@dataclass(frozen=True)
class Lock:
    """A lock of a stand-in: the account that its fake knows, and where it hangs."""

    kind: DriverKind
    setting: str
    account: dict[str, str]
    remote_id: str
    place: PlaceKind
    door: str


LOCKS = (
    Lock(K.NUKI, "NUKI_URL", {"token": "nuki-token"}, "17",
         PlaceKind.MAISON_ASSOCIATIONS, "Porte de la rue"),
    Lock(K.ZIGBEE, "MQTT_URL", {"username": "mairie", "password": "secret", "base": "zigbee2mqtt"},
         "porte", PlaceKind.MEDIATHEQUE, "Porte de service"),
    Lock(K.TTLOCK, "TTLOCK_URL",
         {"client_id": "client", "client_secret": "secret", "username": "mairie",
          "password": "password"},
         "21", PlaceKind.MJC, "Porte sur cour"),
    Lock(K.IGLOOHOME, "IGLOOHOME_URL",
         {"client_id": "igloo-id", "client_secret": "igloo-secret"},
         "IGP1", PlaceKind.GYMNASE, "Entrée des sportifs"),
)  # fmt: skip


def is_stand_in(url: str) -> bool:
    """On this machine: what is invented here is sent nowhere else."""
    return urlsplit(url).hostname in {"127.0.0.1", "localhost"}


def create_doors(town: Organization, agent: Actor, caretaker: User, tenant: Actor) -> None:
    """A door for each lock that answers, a caretaker's code, and somebody expected within a day."""
    for lock in LOCKS:
        place = Place.objects.filter(owner=town, kind=lock.place).order_by("pk").first()
        if place is None or not is_stand_in(getattr(settings, lock.setting)):
            continue
        account = doors.save_account(
            actor=agent,
            organization=town,
            kind=lock.kind,
            name=f"{NAMES[lock.kind]}, démonstration",
            credentials=lock.account,
        )
        fields = {"name": lock.door, "account": account, "remote_id": lock.remote_id, **FALLBACK}
        door = doors.add_door(actor=agent, place=place, kind=lock.kind, typed=Typed(fields, []))
        if lock.kind == K.ZIGBEE:
            caretakers.give(actor=agent, door=door, user=caretaker, period=None)
        if lock.kind == K.NUKI:
            _expected_soon(place, tenant, agent)


def _expected_soon(place: Place, tenant: Actor, agent: Actor) -> None:
    """The first two hours free within a day, in the daytime: their code can already be read."""
    typed = Details(
        purpose="Répétition avant le concert",
        attendance=12,
        is_public_event=False,
        contact_name="Amina Perrin",
        contact_phone="0600000000",
    )
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    rooms = list(Space.objects.filter(place=place, root=None).order_by("pk"))
    for ahead in range(2, 23):
        start = hour + timedelta(hours=ahead)
        if start.astimezone(place.zone).hour not in DAYTIME:
            continue
        for room in rooms:
            with suppress(Refusal, SlotTaken), transaction.atomic():
                held = hold(
                    room,
                    Period(start, start + timedelta(hours=2)),
                    actor=tenant,
                    visitor_key=f"user:{tenant.user_id}",
                )
                accept(submit(held, typed, actor=tenant), actor=agent)
                return
