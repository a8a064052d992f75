"""What a signed link leads to, for whoever follows it signed out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.ratelimit import consume_or_429
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from preau.notifications import links

View = Callable[..., HttpResponse]


def opened_by(
    purpose: str, what: str, load: Callable[..., Any], stands: Callable[[Any, Any], bool]
) -> Callable[[View], View]:
    """Give the view what its link leads to, and the link; who follows an old one reads whom to ask.

    Args:
        what: the fact that holds its key; `load` takes it as `<what>_key`.
        stands: whether the link, by its facts, still leads there.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, **named: Any) -> HttpResponse:
            token, *more = named.values()
            if request.method == "POST" and (over := consume_or_429(request, action="act_by_link")):
                return over  # type: ignore[no-any-return]
            try:
                facts, is_over = links.read(purpose, token), False
            except links.Expired as expired:
                facts, is_over = expired.facts, True
            if facts is None:
                raise Http404
            found = load(**{f"{what}_key": facts[what]})
            if is_over or not stands(facts, found):
                response = render(
                    request, "payments/link_over.html", {"office": found.office}, status=410
                )
            else:
                response = view(request, found, token, *more)
            response.headers.setdefault("Cache-Control", "no-store")
            # Not `no-referrer`: browsers then send no origin, and the form is refused.
            response["Referrer-Policy"] = "same-origin"
            return response

        return opened

    return decorate
