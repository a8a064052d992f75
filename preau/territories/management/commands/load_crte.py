"""`manage.py load_crte file.csv`: perimeters of the CRTE, from a CSV or XLSX file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser

from preau.core import clock
from preau.core.errors import Refusal
from preau.territories import crte


class Command(BaseCommand):
    help = "Bring the CRTE that a file names to the perimeters it gives (again: only the changes)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="columns id_crte, lib_crte, insee_com or siren_epci"
        )
        parser.add_argument(
            "--on", type=date.fromisoformat, help="from this day on (2027-01-31); today by default"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what it would do")

    def handle(
        self, *args: Any, file: Path, on: date | None, dry_run: bool, **options: Any
    ) -> None:
        try:
            lines = crte.read_perimeters(file.read_bytes())
        except OSError as error:
            raise CommandError(str(error)) from error
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        on = on or clock.today(ZoneInfo("Europe/Paris"))
        report = crte.import_perimeters(lines, on=on, dry_run=dry_run)
        for one in report.problems:
            self.stderr.write(f"line {one.number}, {one.column}: {one.sentence}")
        verb = "would change" if dry_run else "changed"
        self.stdout.write(
            f"CRTE {verb} on {on}: {len(report.created)} created, {len(report.renamed)} renamed; "
            f"communes: {report.entered} in, {report.left} out, {report.unchanged} as before; "
            f"{len(report.problems)} of {report.lines} lines wrong."
        )
