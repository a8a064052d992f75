"""Stand-ins of outside services for the demonstration: real servers, on loopback."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

#: Where Debian keeps what ordinary users do not call.
ASIDE = "/usr/sbin:/sbin"


@dataclass(frozen=True)
class StandIn:
    """One of `fakes/`: how it is started, and the settings that lead to it.

    Attributes:
        settings: it is started unless one of them leads elsewhere already. In them and in `words`,
            "{name}" is the port of that name, "{site}" where the demonstration is, "{var}" its
            data folder.
        words: of its command line.
        ports: names of those that it opens; its own name unless told.
        needs: Debian's packages, by program. The demonstration goes without it where one is
            missing, or where it does not answer.
        title: what visitors then go without.
        page: what a visitor may open, and where; "" for those that only programs speak to.
    """

    name: str
    module: str
    settings: Mapping[str, str]
    words: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    needs: Mapping[str, str] | None = None
    title: str = ""
    page: str = ""

    @property
    def opens(self) -> tuple[str, ...]:
        return self.ports or (self.name,)

    @property
    def command(self) -> list[str]:
        own = () if self.ports else ("--port", f"{{{self.name}}}")
        return ["-m", self.module, *own, *self.words]

    @property
    def missing(self) -> list[str]:
        """Packages to install first."""
        return [
            package
            for program, package in (self.needs or {}).items()
            if not (shutil.which(program) or shutil.which(program, path=ASIDE))
        ]


def _service(name: str, module: str, setting: str, *words: str, **more: str) -> StandIn:
    return StandIn(name, f"fakes.{module}", {setting: _at(name), **more}, words)


def _at(name: str) -> str:
    return f"http://127.0.0.1:{{{name}}}"


def _way_in(key: str) -> dict[str, str]:
    prefix = f"PREAU_{key.upper()}"
    return {
        f"{prefix}_ISSUER": f"{_at(key)}/api/v2",
        f"{prefix}_CLIENT_ID": f"preau-{key}",
        f"{prefix}_CLIENT_SECRET": f"secret-of-the-demonstration-{key}",
    }


_PORTS_OF_OIDC = ("--proconnect-port", "{proconnect}", "--franceconnect-port", "{franceconnect}")
_MQTT = {"PREAU_MQTT_URL": "mqtt://127.0.0.1:{mqtt}"}
_MOSQUITTO = {"mosquitto": "mosquitto"}
ALL = (
    _service(
        "aids",
        "aides_territoires",
        "PREAU_AIDES_TERRITOIRES_URL",
        *("--aids", "120"),
        PREAU_AIDES_TERRITOIRES_KEY="a-key-of-tests",
    ),
    _service("companies", "companies", "PREAU_COMPANIES_URL"),
    _service("demarches", "demarches", "PREAU_DEMARCHES_URL", "--clock", "real"),
    StandIn(
        "grist",
        "fakes.grist",
        {"PREAU_GRIST_HOSTS": "127.0.0.1:{grist}"},
        page="Grist (clé : owner)  http://127.0.0.1:{grist}/doc/doc",
    ),
    _service("geocoder", "geocoder", "PREAU_GEOCODER_URL"),
    _service("payfip", "payfip", "PREAU_PAYFIP_URL"),
    _service("nuki", "nuki", "PREAU_NUKI_URL", "--set", '{{"prompt": true}}'),
    _service("ttlock", "ttlock", "PREAU_TTLOCK_URL"),
    _service(
        "igloohome", "igloohome", "PREAU_IGLOOHOME_URL", PREAU_IGLOOHOME_AUTH_URL=_at("igloohome")
    ),
    _service("ics", "ics", "PREAU_DEMO_CALENDARS", "fakes/theatre.ics"),
    StandIn(
        "mqtt",
        "fakes.mqtt_broker",
        _MQTT,
        ("--folder", "{var}/mqtt", "mairie:secret:zigbee2mqtt", "porte:secret:zigbee2mqtt"),
        needs=_MOSQUITTO,
        title="the broker of doors (MQTT)",
    ),
    StandIn(
        "keypad",
        "fakes.mqtt_lock",
        _MQTT,
        ("--broker", "127.0.0.1:{mqtt}", "--user", "porte", "--password", "secret"),
        needs=_MOSQUITTO,
        title="the door with a keypad",
        page="Porte à clavier      http://127.0.0.1:{keypad}/",
    ),
    StandIn(
        "oidc",
        "fakes.oidc",
        _way_in("proconnect") | _way_in("franceconnect"),
        (*_PORTS_OF_OIDC, "--site", "{site}"),
        ports=("proconnect", "franceconnect"),
        needs={"node": "nodejs", "npm": "npm"},
        title="ProConnect and FranceConnect",
    ),
)


def wanted(env: Mapping[str, str]) -> list[StandIn]:
    """Those whose service this demonstration has no other address of; none outside of one."""
    if env.get("PREAU_MODE") != "demo":
        return []
    return [one for one in ALL if not any(env.get(name) for name in one.settings)]


def ports(names: Iterable[str], kept: Path) -> dict[str, int]:
    """A free port for each, the same as last time where it still is: addresses are written down."""
    try:
        known = json.loads(kept.read_text())
    except (OSError, ValueError):
        known = {}
    with ExitStack() as held:
        found = {name: _free_port(known.get(name, 0), held) for name in names}
    kept.write_text(json.dumps(known | found))
    return found


def _free_port(liked: int, held: ExitStack) -> int:
    """Held until all are found: none is given twice."""
    for number in (liked, 0):
        probe = held.enter_context(socket.socket())
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            continue
        return int(probe.getsockname()[1])
    raise OSError("no port is free")


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
