"""`manage.py load_resources`: the records delivered with Préau. Twice changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from preau.resources.loading import load_delivered


class Command(BaseCommand):
    help = "Load the records delivered with Préau (again: only those whose text has changed)."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in load_delivered().lines():
            self.stdout.write(f"Resources: {line}" if not line.startswith(" ") else line)
