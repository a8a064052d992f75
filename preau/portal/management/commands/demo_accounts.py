"""`manage.py demo_accounts`: who a visitor of the demonstration may become."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from preau.portal.demo.people import PERSONAS


class Command(BaseCommand):
    help = "List the people of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        title = max(len(one.title) for one in PERSONAS)
        name = max(len(f"{one.first_name} {one.last_name}") for one in PERSONAS)
        for one in PERSONAS:
            who = f"{one.first_name} {one.last_name}"
            self.stdout.write(f"  {one.title:<{title}}  {who:<{name}}  {one.email}")
