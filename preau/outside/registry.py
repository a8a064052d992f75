"""The outside services that Préau knows: each room that calls one registers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutsideService:
    """One service, told to the operator.

    Attributes:
        key: stable ("payfip"), the first argument of `calls.calling`.
        name: as its users know it: « PayFiP ».
        purpose: what it serves, in a sentence.
        without: what people do while it is away, in a sentence.
        is_configured: whether this site uses it; nothing is asked of it otherwise.
        settings: names of the settings that turn it on, () when organisations do it on a page.
        waiting: how many of our things wait for it.
        trial: one small exchange, inside `calls.calling`, on the operator's click (3 s at most);
            None where only a real call can tell.
    """

    key: str
    name: str
    purpose: str
    without: str
    is_configured: Callable[[], bool]
    settings: tuple[str, ...] = ()
    waiting: Callable[[], int] = lambda: 0
    trial: Callable[[], object] | None = None


_services: dict[str, OutsideService] = {}


def register(service: OutsideService) -> None:
    _services[service.key] = service


def registered() -> list[OutsideService]:
    return sorted(_services.values(), key=lambda one: one.name.lower())


def service(key: str) -> OutsideService:
    """Raises: KeyError when no room registered it."""
    return _services[key]
