"""Locks that their service tells apart by a number, and lists whole: Nuki, TTLock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from preau.integrations.locks import Gone


class Numbered(Protocol):
    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...


Lock = TypeVar("Lock", bound=Numbered)


def number_of(lock: str) -> int:
    """Raises: Gone, no lock has such a number."""
    if not lock.isdecimal():
        raise Gone("no such lock", 404)
    return int(lock)


def among(locks: Iterable[Lock], number: int) -> Lock:
    """Raises: Gone, it is not there any more."""
    for one in locks:
        if one.id == number:
            return one
    raise Gone("no such lock", 404)


def named(locks: Iterable[Numbered]) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in locks]
