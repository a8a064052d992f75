"""igloohome: a code is a computation; the lock is never written to."""

from __future__ import annotations

from dataclasses import dataclass

from preau.access.drivers.base import Health, Held, Wanted
from preau.integrations.igloohome import Client
from preau.integrations.locks import Gone


@dataclass(frozen=True, slots=True)
class IgloohomeDoor:
    client: Client
    lock: str

    def put(self, wanted: Wanted) -> Held | None:
        pin = self.client.window(
            self.lock, wanted.name, wanted.start, wanted.end, variance=wanted.variance
        )
        return Held(pin.id, pin.code)

    def remove(self, wanted: Wanted) -> bool:
        return False  # nothing takes it back

    def look(self) -> Health:
        if self.lock not in [one.id for one in self.client.devices()]:
            raise Gone("no such device", 404)
        return Health(answers=True)

    def listed(self) -> list[tuple[str, str]]:
        return [(one.id, one.name) for one in self.client.devices() if one.kind == "Lock"]
