"""`manage.py load_programmes`: programmes and questionnaires delivered. Twice changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from preau.projects.programmes import load


class Command(BaseCommand):
    help = "Load the programmes and questionnaires delivered with Préau; edited ones are kept."

    def handle(self, *args: Any, **options: Any) -> None:
        done = load()
        self.stdout.write(
            f"Programmes: {done.programmes} made, {done.versions} versions put in force."
        )
