"""Which steps may be skipped: those whose inputs are the same, byte for byte, as last time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from ops.bootstrap import ROOT

_ROOM = "preau/*"
INPUTS = {
    "migrate": ["requirements/main.lock", f"{_ROOM}/migrations/*.py"],
    "collectstatic": ["requirements/main.lock", "config/settings.py", f"{_ROOM}/static/**/*"],
    "load_territories": ["preau/territories/**/*"],
    "load_models": ["preau/agreements/data/*.toml", "preau/agreements/loading.py"],
    "load_resources": ["preau/resources/data/*.json", "preau/resources/loading/*.py"],
    "load_programmes": ["preau/projects/data/*.json", "preau/projects/programmes.py"],
    "load_demo": [
        "preau/**/management/commands/load_demo.py",
        "preau/**/demo.py",
        "preau/**/demo/**/*",
    ],
    "demo_accounts": [
        "preau/**/management/commands/demo_accounts.py",
        "preau/**/demo.py",
        "preau/**/demo/**/*",
    ],
}


def digest(step: str) -> str:
    """The content of every file that the step reads."""
    total = hashlib.sha256()
    for path in _files(INPUTS[step]):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(patterns: Iterable[str]) -> list[Path]:
    found = {path for pattern in patterns for path in ROOT.glob(pattern)}
    return sorted(p for p in found if p.is_file() and "__pycache__" not in p.parts)


class Stamps:
    """What was done, kept beside the thing that it was done to (it goes when that goes)."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "preau-steps.json"
        try:
            self._done: dict[str, list[str]] = json.loads(self._file.read_text())
        except (OSError, ValueError):
            self._done = {}

    def result(self, step: str) -> str | None:
        """What the step printed, if it was done on the same inputs."""
        known = self._done.get(step)
        return known[1] if known and known[0] == digest(step) else None

    def record(self, step: str, result: str = "") -> None:
        self._done[step] = [digest(step), result]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(".new")
        partial.write_text(json.dumps(self._done, indent=1))
        partial.replace(self._file)
