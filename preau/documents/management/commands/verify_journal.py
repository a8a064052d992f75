"""`manage.py verify_journal`: every chain, line by line, and the time-stamped heads."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from preau.documents import journal
from preau.documents.integrity import faults


class Command(BaseCommand):
    help = "Verify the hash chains of the journal and their time-stamped heads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--chain", default="", help="one chain only, such as agreement:12")

    def handle(self, *args: Any, **options: Any) -> None:
        chain: str = options["chain"]
        if chain:
            seq = journal.verify(chain)
            found = [f"{chain} is broken at line {seq}."] if seq is not None else []
        else:
            found = faults()
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{len(found)} fault(s) in the journal.")
        self.stdout.write("The journal is whole.")
