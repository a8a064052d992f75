"""Nuki: what is asked is queued; only looking again says that the lock has it."""

from __future__ import annotations

from dataclasses import dataclass

from preau.access.drivers.base import Health, Held, Wanted
from preau.access.drivers.numbered import among, named, number_of
from preau.integrations.locks import Offline
from preau.integrations.nuki import Client, Lock, Window


@dataclass(frozen=True, slots=True)
class NukiDoor:
    client: Client
    lock: str

    @property
    def number(self) -> int:
        return number_of(self.lock)

    def put(self, wanted: Wanted) -> Held | None:
        window = Window(wanted.start, wanted.end)
        found = self.client.named(self.number, wanted.name)
        good = next((one for one in found if one.holds(wanted.code, window)), None)
        if good is not None:
            for twin in found:
                if twin.id != good.id and not twin.pending:
                    self.client.delete(self.number, twin.id)
            return Held(good.id)
        if any(one.pending for one in found):
            return None
        if not self._device().online:
            raise Offline("the lock is off line")
        if found:
            self.client.update(self.number, found[0].id, wanted.name, wanted.code, window)
        else:
            self.client.create(self.number, wanted.name, wanted.code, window)
        return None

    def remove(self, wanted: Wanted) -> bool:
        found = self.client.named(self.number, wanted.name)
        for one in found:
            if not one.pending:
                self.client.delete(self.number, one.id)
        return not found

    def look(self) -> Health:
        device = self._device()
        trouble = "" if device.online else "La serrure est hors ligne."
        if device.keypad is False:
            trouble = "Aucun clavier n’est associé à cette serrure."
        return Health(
            answers=device.online,
            battery_low=device.battery_low or device.keypad_battery_low,
            trouble=trouble,
        )

    def listed(self) -> list[tuple[str, str]]:
        return named(self.client.locks())

    def _device(self) -> Lock:
        return among(self.client.locks(), self.number)
