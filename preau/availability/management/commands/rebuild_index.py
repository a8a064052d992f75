"""`manage.py rebuild_index`: every row of the search index from the truth, then verified."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from preau.availability.care import checking
from preau.availability.care.progress import Teller
from preau.availability.care.scope import LOWEST, Key


class Command(BaseCommand):
    help = "Write the whole search index again from the truth, then verify it; people go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--after", default="", help="go on from there (TILE:SPACE)")

    def handle(self, *, after: str, **options: Any) -> None:
        done, teller = _key(after), Teller(self.stderr)
        try:
            for reached in checking.rebuild(done, teller):
                done = reached
        except KeyboardInterrupt:
            again = f"rebuild_index --after {done[0]}:{done[1]}"
            raise CommandError(f"Stopped. To go on: {again}") from None
        strays = checking.check(repair=True, progress=teller).differences
        if strays:
            self.stdout.write(f"{strays} rows that belong to nothing removed.")
            left = checking.check(repair=False, progress=teller).differences
            if left:
                raise CommandError(f"{left} differences are left: `check_index` tells them.")
        self.stdout.write("The search index is rebuilt and equal to the truth.")


def _key(text: str) -> Key:
    tile, _, space = text.partition(":")
    return (int(tile), int(space)) if text else LOWEST
