"""`manage.py load_demo`: fill an empty Préau with an invented Isère. Twice changes nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from preau.availability.care import checking
from preau.portal.demo import connected, loading


class Command(BaseCommand):
    help = "Load the demonstration: places, people and bookings of an invented Isère."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bookings", type=int, default=loading.BOOKINGS)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("The demonstration is not for production.")
        if loading.is_loaded():
            self.stdout.write("Demonstration already loaded.")
            return
        try:
            loading.load(self._report, options["bookings"])
        except LookupError as error:
            raise CommandError(str(error)) from error
        connected.publish_demarche()
        connected.read_aids()
        checking.nightly()  # the operator's page has its figures before the first night
        self.stdout.write("")

    def _report(self, what: str, done: int, whole: int) -> None:
        if self.stdout.isatty():
            of = f" / {whole}" if whole else ""
            self.stdout.write(f"\r  {what} : {done}{of}    ", ending="")
            self.stdout.flush()
