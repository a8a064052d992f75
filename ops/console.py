"""What the commands say: steps with their time, progress, one clear sentence on failure."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CannotGoOn(Exception):
    """A failure that its one sentence explains: shown without a traceback."""


def say(text: str = "") -> None:
    print(text, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    began = time.monotonic()
    say(f"→ {title}…")
    yield
    say(f"  done in {time.monotonic() - began:.1f} s")


def progress(done: int, total: int, what: str) -> None:
    """One line that moves on a terminal; a line now and then elsewhere."""
    if sys.stdout.isatty():
        print(f"\r  {done}/{total} {what[:50]:<50}", end="\n" if done >= total else "", flush=True)
    elif done % 10 == 0 or done == total:
        say(f"  {done}/{total} {what}")


def tail(log: Path, lines: int = 15) -> str:
    try:
        text = log.read_text(errors="replace")
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
