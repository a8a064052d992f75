"""TTLock, through its gateway; or without one, by codes that the cloud computes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from preau.access.drivers.base import Health, Held, Wanted
from preau.access.drivers.numbered import among, named, number_of
from preau.integrations.locks import Refused
from preau.integrations.ttlock import Client, Lock, Passcode

LOW = 20


@dataclass(frozen=True, slots=True)
class TTLockDoor:
    client: Client
    lock: str
    alone: bool = False

    @property
    def number(self) -> int:
        return number_of(self.lock)

    def put(self, wanted: Wanted) -> Held | None:
        found = self.client.named(self.number, wanted.name)
        good = next((one for one in found if _is(one, wanted)), None)
        if good is not None:
            return Held(str(good.id), good.code if self.alone else "")
        if self.alone:
            drawn = self.client.draw(self.number, wanted.name, wanted.start, wanted.end)
            return Held(str(drawn.id), drawn.code)
        for one in found:
            if self._changed(one, wanted):
                return Held(str(one.id))
            self.client.delete(self.number, one.id)
        start, end = wanted.start.astimezone(UTC), wanted.end.astimezone(UTC)
        return Held(str(self.client.add(self.number, wanted.name, wanted.code, start, end)))

    def _changed(self, one: Passcode, wanted: Wanted) -> bool:
        """False when it cannot change: one never used on the lock."""
        code = wanted.code if one.code != wanted.code else ""
        start, end = wanted.start.astimezone(UTC), wanted.end.astimezone(UTC)
        try:
            self.client.change(self.number, one.id, start, end, code)
        except Refused:
            return False
        return True

    def remove(self, wanted: Wanted) -> bool:
        for one in self.client.named(self.number, wanted.name):
            self.client.delete(self.number, one.id)
        return True

    def look(self) -> Health:
        device = self._device()
        answers = self.alone or self.client.online(self.number)
        low = None if device.battery is None else device.battery <= LOW
        trouble = "" if answers else "La passerelle de la serrure ne répond pas."
        if not self.alone and not device.has_gateway:
            trouble = "Cette serrure n’a pas de passerelle : choisissez « sans passerelle »."
        return Health(answers, device.battery, low, trouble)

    def listed(self) -> list[tuple[str, str]]:
        return named(self.client.locks())

    def _device(self) -> Lock:
        return among(self.client.locks(), self.number)


def _is(one: Passcode, wanted: Wanted) -> bool:
    same = one.start == wanted.start and one.end == wanted.end
    return same and wanted.code in ("", one.code)
