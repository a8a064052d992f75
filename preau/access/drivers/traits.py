"""What each kind of door can do, as far as windows, moments and words go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from preau.access.enums import DriverKind
from preau.access.models import Door
from preau.integrations import igloohome, nuki, ttlock, zigbee2mqtt
from preau.integrations.locks import Capabilities

MINUTE = timedelta(minutes=1)
K = DriverKind


@dataclass(frozen=True, slots=True)
class Traits:
    """A driver, before any call.

    Attributes:
        service: its key in `outside.services` and the driver of its accounts; "" without any.
        capabilities: of its locks.
        lead: how long before its start a code is put: in time to try again, and no earlier than
            needed where it cannot be taken back.
        keeps_dates: the lock itself opens at the start and closes at the end. Where it does not,
            a code is put and taken back at the edges.
        settles: how long after the last thing asked nothing may still arrive on the lock.
    """

    service: str
    capabilities: Capabilities
    lead: timedelta
    keeps_dates: bool = True
    settles: timedelta = timedelta(0)


#: A key box, or a key: nothing to write, nothing to take back.
BY_HAND = Capabilities(
    digits_min=1,
    digits_max=20,
    takes_our_code=False,
    step=MINUTE,
    longest=None,
    revocable=False,
    movable=True,
    needs_online=False,
    codes=None,
)
TRAITS = {
    K.MANUAL: Traits("", BY_HAND, lead=timedelta(hours=48)),
    K.ZIGBEE: Traits(
        K.ZIGBEE,
        zigbee2mqtt.CAPABILITIES,
        lead=30 * MINUTE,
        keeps_dates=False,
        settles=2 * MINUTE,
    ),
    K.NUKI: Traits(K.NUKI, nuki.CAPABILITIES, lead=timedelta(hours=30), settles=20 * MINUTE),
    K.TTLOCK: Traits(K.TTLOCK, ttlock.CAPABILITIES, lead=timedelta(hours=30), settles=2 * MINUTE),
    K.TTLOCK_ALONE: Traits(K.TTLOCK, ttlock.WITHOUT_GATEWAY, lead=timedelta(hours=25)),
    K.IGLOOHOME: Traits(K.IGLOOHOME, igloohome.CAPABILITIES, lead=timedelta(hours=25)),
}


def traits_of(door: Door) -> Traits:
    return TRAITS[DriverKind(door.driver)]


def window_of(door: Door, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """What the door is asked for a time: its margins added, rounded outward as its lock wants.

    Raises:
        WindowRefused: longer than the lock allows.
    """
    zone = door.place.zone
    return traits_of(door).capabilities.window(
        (start - door.minutes_before * MINUTE).astimezone(zone),
        (end + door.minutes_after * MINUTE).astimezone(zone),
    )


def in_words(door: Door) -> list[str]:
    """What a manager must know of this kind of lock, a sentence each."""
    traits, can = traits_of(door), traits_of(door).capabilities
    if door.is_manual:
        return [
            "La même clé, ou le même code de boîte, sert à tout le monde : rien n’est envoyé à une"
            " serrure, rien ne peut être repris à distance.",
            "Après une annulation, si le code avait été montré, Préau vous demande de le changer.",
        ]
    few, most = can.digits_min, can.digits_max
    digits = f"{few} chiffres" if few == most else f"{few} à {most} chiffres"
    who = "Préau choisit chaque code" if can.takes_our_code else "Le fabricant choisit chaque code"
    said = [f"{who} : {digits}, un par réservation."]
    if can.step >= timedelta(hours=1):
        said.append("Les horaires sont arrondis à l’heure : avant au début, après à la fin.")
    if not traits.keeps_dates:
        said.append(
            "La serrure ne connaît pas les dates : Préau pose le code une demi-heure avant et le"
            " retire à la fin. Il faut que la passerelle réponde à ces moments."
        )
    elif can.needs_online:
        said.append("Le code est posé la veille : il faut que la serrure réponde ce jour-là.")
    else:
        said.append("La serrure n’a pas besoin de réseau : le code est un calcul.")
    if can.revocable:
        said.append("Une annulation retire le code de la serrure.")
    else:
        said.append(
            "Un code donné ne peut plus être retiré : après une annulation, il ouvre encore jusqu’à"
            " la fin prévue. L’occupant et vous en êtes prévenus."
        )
    if can.first_use_within:
        said.append(
            "Un code doit servir une première fois dans les 24 heures qui suivent son début."
        )
    if can.codes:
        said.append(f"La serrure garde {can.codes} codes au plus.")
    return said
