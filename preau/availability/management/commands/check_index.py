"""`manage.py check_index`: the search index against the truth."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from preau.availability.care import checking
from preau.availability.care.progress import Teller
from preau.availability.care.reports import Report


class Command(BaseCommand):
    help = "Compare the search index with bookings, spaces and hours; searches and bookings go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="write right what differs")
        parser.add_argument("--spaces", type=int, nargs="+", default=[], help="only these, by id")
        parser.add_argument("--since", type=date.fromisoformat, help="only from this day on")

    def handle(
        self, *, repair: bool, spaces: list[int], since: date | None, **options: Any
    ) -> None:
        kept = None if spaces or since else checking.begin(repaired=repair)
        report = checking.check(
            spaces=spaces, since=since, repair=repair, progress=Teller(self.stderr)
        )
        self.tell(report)
        if kept is not None:
            checking.remember(kept, report)
        if report.differences and not repair:
            raise CommandError("The index differs from the truth: `check_index --repair`.")

    def tell(self, report: Report) -> None:
        for one in report.told:
            self.stdout.write(str(one))
        untold = report.differences - len(report.told)
        if untold:
            self.stdout.write(f"… and {untold} more")
        self.stdout.write(
            f"Index: {report.spaces} spaces, {report.rows} taken days, {report.calendars} opening "
            f"hours compared; {report.differences} differences."
        )
