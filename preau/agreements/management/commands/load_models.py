"""`manage.py load_models`: the national models of agreement. Twice changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from preau.agreements.loading import load_national_models


class Command(BaseCommand):
    help = "Load the national models of agreement (again: only those whose text has changed)."

    def handle(self, *args: Any, **options: Any) -> None:
        new = load_national_models()
        if not new:
            self.stdout.write("Models of agreement: already loaded.")
        for version in new:
            self.stdout.write(f"Models of agreement: {version}.")
