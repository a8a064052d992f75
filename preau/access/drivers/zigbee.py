"""A Zigbee lock: no dates; a code is there from when it is put until it is taken back."""

from __future__ import annotations

from dataclasses import dataclass

from preau.access.drivers.base import Health, Held, Wanted
from preau.integrations.zigbee2mqtt import Broker

LOW = 20


@dataclass(frozen=True, slots=True)
class ZigbeeDoor:
    broker: Broker
    lock: str

    def put(self, wanted: Wanted) -> Held | None:
        self.broker.set_code(self.lock, wanted.slot, wanted.code)
        return Held(str(wanted.slot))

    def remove(self, wanted: Wanted) -> bool:
        self.broker.clear_code(self.lock, wanted.slot)
        return True

    def look(self) -> Health:
        state = self.broker.state(self.lock)
        low = None if state.battery is None else state.battery <= LOW
        return Health(True, state.battery, low)

    def listed(self) -> list[tuple[str, str]]:
        return []  # a broker does not list its locks
