"""The true OpenID providers of the tests: a process of `fakes.oidc`, and whoever clicks there."""

import json
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from html import unescape
from urllib.parse import urljoin

import httpx
import pytest
from django.conf import settings

KEYS = ("proconnect", "franceconnect")


@contextmanager
def running(site="http://testserver"):
    """Both providers; gives their issuers by key."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.fail("These tests need node and npm: apt-get install nodejs npm", pytrace=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "fakes.oidc", "--site", site],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def configure(settings, issuers, **changes):
    """Say to the site that these are ProConnect and FranceConnect."""
    for key, issuer in issuers.items():
        known = {
            "issuer": issuer,
            "client_id": f"preau-{key}",
            "client_secret": f"secret-of-the-demonstration-{key}",
            "levels": ["eidas1", "eidas1-mfa", "eidas2", "eidas3"],
        }
        setattr(settings, key.upper(), known | changes)


class Browser:
    """Somebody at a provider: keeps its cookies, clicks on a persona."""

    def __init__(self):
        self.cookies = httpx.Cookies()

    def answer(self, url, sub):
        """Follow to the provider, be `sub` there; the address that leads back to the site."""
        with httpx.Client(timeout=10, cookies=self.cookies) as http:
            found = self._follow(http, url, sub)
            self.cookies = http.cookies
        return found

    def _follow(self, http, url, sub):
        response = http.get(url)
        while True:
            if response.is_redirect:
                url = urljoin(str(response.url), response.headers["location"])
                if "/retour/" in url or "/fin/" in url:
                    return url
                response = http.get(url)
            elif form := re.search(
                r'<form method="post" action="(/interaction/[^"]+)"', response.text
            ):
                target = urljoin(str(response.url), form[1])
                response = http.post(target, data={"sub": sub})
            elif form := re.search(r'<form[^>]*action="([^"]*session/end/confirm)"', response.text):
                hidden = re.search(r'name="xsrf" value="([^"]+)"', response.text)
                data = {"xsrf": hidden[1], "logout": "yes"}
                response = http.post(unescape(form[1]), data=data)
            else:
                raise AssertionError(f"{response.status_code} {response.text}")
