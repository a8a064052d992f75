"""One page sent twice does its deed once: a double click, a second try.

Each rendering of a form carries a CSRF token masked anew
(https://docs.djangoproject.com/en/5.2/ref/csrf/), so two requests that are the same to the last
letter come from one page that was sent twice. What a person meant twice, or corrected after going
back, differs, and is done. So does the same letter for letter from two tabs, or from a page that
the browser fetched again when going back: where that does harm, the deed itself compares what the
page had shown (`payments.actions.seen`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect

from preau.core import clock, rows
from preau.core.models import SentForm

#: How long a page that was sent is known.
KEPT = timedelta(days=2)


def once(request: HttpRequest, act: Callable[[], str]) -> HttpResponseRedirect:
    """Do it and go where it says; when this very form was sent before, only go there.

    Args:
        act: does the deed and gives the address to go to. What it raises undoes everything: the
            same form may be sent again. The second of two at once waits for the first.
    """
    key = _key(request)
    if key is None:
        return HttpResponseRedirect(act())
    with transaction.atomic():
        if not rows.insert([SentForm(key=key, at=clock.now())], unless=["key"]):
            return HttpResponseRedirect(SentForm.objects.get(key=key).address)
        address = act()
        SentForm.objects.filter(key=key).update(address=address)
    return HttpResponseRedirect(address)


def forget() -> int:
    """Delete those that nobody goes back to any more."""
    return SentForm.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


def _key(request: HttpRequest) -> str | None:
    """What tells this sending from any other; None when it carries no token of a page."""
    if not request.POST.get("csrfmiddlewaretoken"):
        return None
    files = [(name, file.name, file.size) for name, sent in request.FILES.lists() for file in sent]
    said = [request.get_full_path(), sorted(request.POST.lists()), sorted(files, key=repr)]
    return hashlib.sha256(repr(said).encode()).hexdigest()
