"""What processes cost, as the kernel counts it: seconds of processor, and memory."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")
#: utime, stime, then those of the children that ended and were waited for (proc(5)).
_USER, _REAPED_SYSTEM = 11, 14
_PARENT = 1


def children(pid: int) -> list[int]:
    return [one for one in _pids() if (words := _words(one)) and int(words[_PARENT]) == pid]


def parent(pid: int) -> int:
    return int(_words(pid)[_PARENT])


def seconds(pids: Iterable[int]) -> float:
    """Processor time of these processes and of their ended children, user and system."""
    every = (_words(pid)[_USER : _REAPED_SYSTEM + 1] for pid in pids)
    return sum(int(word) for words in every for word in words) * _TICK


def memory(pid: int) -> tuple[float, float]:
    """Resident megabytes, and its share of those when divided with others (PSS)."""
    found = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, size, *_ = line.split()
        found[name] = int(size) / 1024
    return found["Rss:"], found["Pss:"]


def _words(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name; none when the process has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _pids() -> list[int]:
    return [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
