"""What people are told of codes and doors. Never the digits: the page has them."""

from __future__ import annotations

from django.urls import reverse

from preau.access import queries
from preau.access.enums import GrantState
from preau.access.models import AccessGrant
from preau.access.topics import CODES, DOORS
from preau.core import clock
from preau.core.formats import duration, slot
from preau.notifications.actions import notify


def announce(grant: AccessGrant) -> None:
    """The code is there to read."""
    notify(
        queries.readers_of(grant),
        topic=CODES.key,
        title=f"Votre code d’accès est prêt : {grant.door.place.name}",
        body=f"{_what(grant)}. Le code s’affiche sur la page, une fois connecté.",
        cause=f"access:code:{grant.pk}:{grant.starts_at.isoformat()}",
        url=reverse("access:mine_one", args=[grant.pk]),
    )


def announce_fallback(grant: AccessGrant) -> None:
    """There will be no code in time, or none is sure: how to come in all the same."""
    notify(
        queries.readers_of(grant),
        topic=CODES.key,
        title=f"Votre code d’accès n’a pas pu être posé : {grant.door.place.name}",
        body=f"{_what(grant)}. La page dit comment entrer et qui appeler.",
        cause=f"access:fallback:{grant.pk}:{grant.starts_at.isoformat()}",
        url=reverse("access:mine_one", args=[grant.pk]),
    )


def not_reached(grant: AccessGrant) -> None:
    """The lock did not answer: the time left, and what the occupant reads meanwhile."""
    if grant.state == GrantState.REVOKING:
        title = f"Un code n’a pas pu être retiré : {_where(grant)}"
        body = (
            f"{_what(grant)}. La serrure ne répond pas : le code peut encore ouvrir. Préau continue"
            " d’essayer ; si la porte doit être fermée, retirez-le sur place."
        )
    else:
        title = f"Une serrure ne répond pas : {_where(grant)}"
        body = f"{_what(grant)}. {_left(grant)} Préau continue d’essayer."
    _tell_managers(grant, title, body, "alert")


def stuck(grant: AccessGrant) -> None:
    """The lock says no: trying again changes nothing."""
    title = f"Un code ne peut pas être posé : {_where(grant)}"
    body = f"{_what(grant)}. {grant.trouble} {_left(grant)}"
    _tell_managers(grant, title, body, "stuck")


def lingering(grant: AccessGrant) -> None:
    """It cannot be taken back: both are told."""
    if grant.door.is_manual:
        body = (
            f"{_what(grant)}. Le code de la boîte a été montré à quelqu’un qui n’est plus attendu."
        )
        _tell_managers(grant, f"Changez le code de la boîte : {_where(grant)}", body, "linger")
    else:
        body = (
            f"{_what(grant)}. Ce n’est plus d’actualité, mais cette serrure ne sait pas retirer un"
            " code donné : il ouvre encore jusqu’à la fin de cet horaire."
        )
        _tell_managers(grant, f"Un code annulé ouvre encore : {_where(grant)}", body, "linger")
    notify(
        queries.readers_of(grant),
        topic=CODES.key,
        title=f"Votre code d’accès n’est plus valable : {grant.door.place.name}",
        body=f"{_what(grant)}. Il ne vous est plus destiné : merci de ne pas l’utiliser.",
        cause=f"access:linger:{grant.pk}",
        url=reverse("access:mine"),
    )


def _tell_managers(grant: AccessGrant, title: str, body: str, why: str) -> None:
    notify(
        queries.managers_of(grant.door.place),
        topic=DOORS.key,
        title=title,
        body=body,
        cause=f"access:{why}:{grant.pk}:{grant.starts_at.isoformat()}",
        url=reverse("access:door", args=[grant.door_id]),
    )


def _where(grant: AccessGrant) -> str:
    return f"{grant.door.name}, {grant.door.place.name}"


def _what(grant: AccessGrant) -> str:
    return f"{grant.label}, {slot(grant.starts_at, grant.ends_at, grant.door.place.zone)}"


def _left(grant: AccessGrant) -> str:
    minutes = int((grant.starts_at - clock.now()).total_seconds()) // 60
    if minutes <= 0:
        return "L’horaire a commencé : l’occupant lit la solution de secours."
    return (
        f"Il reste {duration(minutes)} avant le début ; sans code d’ici là, l’occupant lit la"
        " solution de secours."
    )
