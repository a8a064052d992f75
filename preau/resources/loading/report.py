"""What a load did, line by line where it could not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Report:
    """Counts of one load. `skipped`: which line, and why; the others are loaded all the same."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    retired: int = 0
    kept: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)
    unknown_areas: Counter[str] = field(default_factory=Counter)
    unknown_words: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The report, for a terminal or a log."""
        said = [
            f"read {self.read}: created {self.created}, updated {self.updated},"
            f" unchanged {self.unchanged}, retired {self.retired}, edited here {self.kept},"
            f" skipped {len(self.skipped)}"
        ]
        said += [f"  skipped {which}: {why}" for which, why in self.skipped]
        said += [f"  no such territory, {n} times: {name}" for name, n in _most(self.unknown_areas)]
        said += [f"  no such word, {n} times: {name}" for name, n in _most(self.unknown_words)]
        return said + [f"  warning: {one}" for one in self.warnings]


def _most(counted: Counter[str]) -> list[tuple[str, int]]:
    return counted.most_common(20)
