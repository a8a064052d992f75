"""What somebody may act for besides themself: a booking made for a project.

An upper room offers causes (`booking_causes`); an address may carry one (`?projet=…`) from the page
that sent the visitor to look for a space, to the form that books it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from preau.core.registries import booking_causes

_SESSION = "cause"
#: In addresses; the value is what follows the colon of a cause's key.
PARAMETER = "projet"


@dataclass(frozen=True, slots=True)
class Cause:
    """Something one may book for.

    Attributes:
        key: stable, stored with the booking ("projet:3f2b…").
        label: what the person chooses, and what the manager of the place will read.
    """

    key: str
    label: str


def carry(request: HttpRequest) -> None:
    """Remember for what the visitor is looking; only offered if it is still theirs to choose."""
    asked = request.GET.get(PARAMETER, "")
    if asked and len(asked) <= 40:
        request.session[_SESSION] = f"{PARAMETER}:{asked}"


def carried(request: HttpRequest) -> str:
    """The key of what they are looking for, or ""."""
    return str(request.session.get(_SESSION, ""))


def drop(request: HttpRequest) -> None:
    """It has been served."""
    request.session.pop(_SESSION, None)


def offered(actor: Any, wanted: Collection[str] = ()) -> list[Cause]:
    """What the actor may book for; those wanted come even when there are many."""
    return [cause for source in booking_causes for cause in source(actor, set(wanted))]
