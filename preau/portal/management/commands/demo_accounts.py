"""`manage.py demo_accounts`: who a visitor of the demonstration may become."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from preau.portal.demo.people import PERSONAS


class Command(BaseCommand):
    help = "List the people of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        for one in PERSONAS:
            self.stdout.write(f"  {one.title:<30} {one.first_name} {one.last_name:<10} {one.email}")
