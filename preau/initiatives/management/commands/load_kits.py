"""`manage.py load_kits`: the kits delivered with Préau. Twice changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from preau.initiatives.kit_files import load_kits


class Command(BaseCommand):
    help = "Publish the kits delivered with Préau; a new version of those that changed."

    def handle(self, *args: Any, **options: Any) -> None:
        published = load_kits()
        self.stdout.write(f"Kits: {len(published)} published. {', '.join(published)}".strip())
