"""`manage.py load_aids FILE…`: answers of Aides-territoires' `/aids/`. Twice changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from preau.resources.loading import load_aids


class Command(BaseCommand):
    help = "Load the aids of Aides-territoires from files of its answers (one page, or a list)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument(
            "--force", action="store_true", help="put away whatever the files no longer hold"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = load_aids(_pages(options["files"]), force=options["force"])
        for line in report.lines():
            self.stdout.write(f"Aids: {line}" if not line.startswith(" ") else line)


def _pages(files: list[Path]) -> Iterator[Any]:
    for file in files:
        try:
            found = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{file}: {error}") from error
        yield from found if isinstance(found, list) else [found]
