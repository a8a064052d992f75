"""`manage.py load_territories`: communes, EPCI, départements, régions and school holidays."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from preau.territories import loading
from preau.territories.models import Commune, SchoolHoliday

WIDTH = 30


class Command(BaseCommand):
    help = "Load the communes of France and the school holidays (again: only what has changed)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="compare every row again")

    def handle(self, *args: Any, force: bool = False, **options: Any) -> None:
        start = time.monotonic()
        changed = loading.load_territories(self.show, force=force)
        changed |= loading.load_school_holidays(force=force)
        if not changed:
            self.stdout.write("Territories: already loaded.")
            return
        communes = Commune.objects.filter(active=True).count()
        holidays = SchoolHoliday.objects.count()
        seconds = time.monotonic() - start
        self.stdout.write(
            f"Territories: {communes} communes, {holidays} school holidays in {seconds:.1f} s."
        )

    def show(self, done: int, total: int) -> None:
        """A bar on a terminal, nothing in a log."""
        if not self.stdout.isatty():
            return
        full = WIDTH * done // total
        bar = "█" * full + "░" * (WIDTH - full)
        self.stdout.write(f"\rTerritories {bar} {100 * done // total:3} %", ending="")
        if done == total:
            self.stdout.write("")
        self.stdout.flush()
