"""The outside services of doors, for the operator's page."""

from __future__ import annotations

from functools import partial

from django.conf import settings

from preau.access.enums import DUE, DriverKind
from preau.access.models import AccessGrant, LockAccount
from preau.core import clock
from preau.outside.registry import OutsideService, register

K = DriverKind
WITHOUT = (
    "Les codes déjà posés ouvrent toujours ; les autres sont tentés à nouveau, les gestionnaires"
    " prévenus, et l’occupant lit la solution de secours de la porte."
)
NAMES = {
    K.ZIGBEE: "Serrures Zigbee (MQTT)",
    K.NUKI: "Nuki Web",
    K.TTLOCK: "TTLock",
    K.IGLOOHOME: "igloohome (iglooaccess)",
}


def register_services() -> None:
    for kind, name in NAMES.items():
        register(
            OutsideService(
                key=kind,
                name=name,
                purpose="Poser et retirer les codes d’accès des portes.",
                without=WITHOUT,
                is_configured=partial(_is_configured, kind),
                settings=("PREAU_MQTT_URL",) if kind == K.ZIGBEE else (),
                waiting=partial(_waiting, kind),
            )
        )


def _is_configured(kind: DriverKind) -> bool:
    if kind == K.ZIGBEE and not settings.MQTT_URL:
        return False
    return LockAccount.objects.filter(driver=kind).exists()


def _waiting(kind: DriverKind) -> int:
    due = AccessGrant.objects.filter(door__account__driver=kind, state__in=DUE)
    return due.filter(next_try__lte=clock.now()).count()
