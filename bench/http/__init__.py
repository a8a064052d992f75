"""`make bench ONLY=http`: the pages over HTTP, by the production server, with 1 and 8 visitors.

Visitors, web processes and PostgreSQL share the machine. `.rps` is what one machine serves when
nobody waits between two pages; `.web_cpu` and `.postgres_cpu` are what a page costs, whatever else
the machine does, and say best what another machine would serve.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from bench.country import Country
from bench.figures import figure, progress, spread
from bench.http import usage
from bench.http.server import HEADERS, Site, serving
from bench.http.visits import PAGES, Page
from bench.reads.questions import Crowd
from ops.bootstrap import ROOT
from preau.accounts.middleware import ACTING_MEMBERSHIP
from preau.accounts.models import Membership, User
from preau.core import clock

#: Visitors at once → pages asked for in all.
LOADS = {1: 200, 8: 400}
WARMING = 60
#: In a process that knows nothing of the product.
CLIENT = Path(__file__).with_name("client.py")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def main(country: Country) -> None:
    pages = [page for page in PAGES if country.wants(f"http.{page.name}")]
    today = max(country.today, clock.now().date())
    postmaster = postmaster_pid()
    with serving(country.url) as site:
        for number, page in enumerate(pages, 1):
            crowd = Crowd(f"{country.seed} http.{page.name}", today)
            headers = HEADERS | signed_in(page.person, site.secret)
            ask(site, page, list(page.draw(crowd, WARMING)), headers, 4)
            for clients, count in LOADS.items():
                urls = list(page.draw(crowd, count))
                measure(site, page, urls, headers, clients, postmaster)
            progress("http", number, len(pages))
        for rank, pid in enumerate(site.workers, 1):
            resident, proportional = usage.memory(pid)
            figure(f"http.worker{rank}.rss", resident, "MB")
            figure(f"http.worker{rank}.pss", proportional, "MB")


def measure(
    site: Site, page: Page, urls: list[str], headers: dict[str, str], clients: int, postmaster: int
) -> None:
    name, count = f"http.{page.name}.clients{clients}", len(urls)
    web, base = [site.parent, *site.workers], [postmaster]
    before = usage.seconds(web), usage.seconds(base + usage.children(postmaster))
    seen = ask(site, page, urls, headers, clients)
    after = usage.seconds(web), usage.seconds(base + usage.children(postmaster))
    figure(f"{name}.rps", count / seen["seconds"], "pages/s")
    spread(name, seen["milliseconds"])
    figure(f"{name}.web_cpu", 1000 * (after[0] - before[0]) / count, "ms/page")
    figure(f"{name}.postgres_cpu", 1000 * (after[1] - before[1]) / count, "ms/page")
    figure(f"{name}.client_cpu", 1000 * seen["client_cpu"] / count, "ms/page")
    figure(f"{name}.html", seen["bytes"] // count, "bytes")
    figure(f"{name}.shown", seen["marks"] / count, "lines/page")


def ask(
    site: Site, page: Page, urls: list[str], headers: dict[str, str], clients: int
) -> dict[str, Any]:
    """Have the visitors, in their own process, ask for these pages; every answer is looked at."""
    task = {
        "port": site.port,
        "clients": clients,
        "urls": urls,
        "headers": headers,
        "mark": page.mark,
        "least": page.least,
    }
    done = subprocess.run(  # noqa: S603  our own script
        [sys.executable, "-P", str(CLIENT)],
        input=json.dumps(task),
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        check=True,
    )
    seen: dict[str, Any] = json.loads(done.stdout)
    if seen["faults"]:
        raise RuntimeError(f"{page.name}: {len(seen['faults'])} bad answers: {seen['faults'][:3]}")
    if not seen["marks"]:
        raise RuntimeError(f"{page.name}: the answers show nothing: {urls[:3]}")
    return seen


def signed_in(name: str, secret: str) -> dict[str, str]:
    """The cookie of somebody who acts for their organisation; none for a visitor."""
    if not name:
        return {}
    user = User.objects.get(email=f"{name}@demo.example")
    membership = Membership.objects.filter(user=user, ended_at=None).order_by("pk").first()
    client = Client()
    with override_settings(SECRET_KEY=secret):  # which signs sessions
        client.force_login(user, BACKEND)
        session = client.session
        session[ACTING_MEMBERSHIP] = membership.pk if membership else None
        session.save()
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}


def postmaster_pid() -> int:
    """The database server's first process, which is the parent of every other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return usage.parent(pid)
