"""The documentation of the API: drawn here from its description, without anything from outside."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import preau.api.perms  # noqa: F401  (declares the matrix)
from preau.accounts.perms import permission
from preau.api.description import description
from preau.api.documented import chapters
from preau.api.enums import EventType
from preau.api.http import limits
from preau.api.http.problems import KINDS
from preau.api.service import absent


@permission("api.docs")
@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {
        "chapters": chapters(),
        "kinds": KINDS,
        "events": EventType.choices,
        "anonymous_limit": limits.ANONYMOUS,
        "token_limit": limits.TOKEN,
    }
    return render(request, "api/docs.html", context)


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """For programs; anybody may read it from any site."""
    response = JsonResponse(description(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=3600"
    return response


def nothing_there(request: HttpRequest) -> HttpResponse:
    """Below `/api/v1/`, an address that is not one."""
    return absent()
