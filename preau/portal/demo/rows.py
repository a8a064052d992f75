"""Rows written together, table by table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model


@dataclass
class Rows:
    """What is still to be written, by table, in the order of the tables."""

    kept: dict[type[Model], list[Any]] = field(default_factory=dict)

    def add(self, row: Model) -> None:
        self.kept.setdefault(type(row), []).append(row)

    def write(self) -> None:
        for model, rows in self.kept.items():
            model._default_manager.bulk_create(rows, batch_size=500)
