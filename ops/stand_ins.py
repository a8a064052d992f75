"""Stand-ins of outside services for the demonstration: real servers, on loopback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class StandIn:
    """One of `fakes/`: how it is started, and the settings that lead to it.

    Attributes:
        settings: "{url}" and "{host}" stand for where it is, known once it runs.
    """

    name: str
    module: str
    settings: Mapping[str, str]
    words: tuple[str, ...] = field(default=())


ALL = (
    StandIn(
        "aids",
        "fakes.aides_territoires",
        {"PREAU_AIDES_TERRITOIRES_URL": "{url}", "PREAU_AIDES_TERRITOIRES_KEY": "a-key-of-tests"},
        ("--aids", "120"),
    ),
    StandIn("companies", "fakes.companies", {"PREAU_COMPANIES_URL": "{url}"}),
    StandIn("demarches", "fakes.demarches", {"PREAU_DEMARCHES_URL": "{url}"}, ("--clock", "real")),
    StandIn("grist", "fakes.grist", {"PREAU_GRIST_HOSTS": "{host}"}),
)


def wanted(env: Mapping[str, str]) -> list[StandIn]:
    """Those whose service this demonstration has no other address of."""
    return [one for one in ALL if not any(env.get(name) for name in one.settings)]


def port(log: Path) -> int:
    """What it printed first; 0 while it has printed nothing."""
    first, line, _ = log.read_text().partition("\n")
    return int(first) if line and first.isdigit() else 0
