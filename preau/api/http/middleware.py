"""Answers made before the guard is reached: a host that is not ours, a middleware that failed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from preau.api.http.problems import KINDS, MEDIA_TYPE, Problem
from preau.api.service import PREFIX

View = Callable[[HttpRequest], HttpResponse]
#: The first of a status is the plain one.
_KINDS = {kind.status: kind for kind in reversed(KINDS)}


class ProblemMiddleware:
    """Below the API's root, a page that says no becomes a problem; its headers stay."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        kind = _KINDS.get(response.status_code)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if kind is None or not is_page or not request.path_info.startswith(f"/{PREFIX}"):
            return response
        problem = Problem(kind, "Vérifiez l’adresse appelée et les en-têtes, ou réessayez.")
        response.content = problem.body.encode()
        response.headers["Content-Type"] = MEDIA_TYPE
        response.headers["Content-Length"] = str(len(response.content))
        return response
