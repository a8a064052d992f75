"""How an address of the API is declared: what it asks, what it answers, what can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ninja import Router, Schema

from preau.api.enums import Scope
from preau.api.http.access import Access

Declare = Callable[[Callable[..., Any]], Callable[..., Any]]
#: Said in the header of every write.
KEY_NAME = "Idempotency-Key"


def read(
    router: Router,
    path: str,
    *,
    scope: Scope,
    answer: type[Schema],
    summary: str,
    public: bool = False,
) -> Declare:
    """An address that only reads; `public`: also without a token."""
    return _declare(router, "GET", path, scope, {200: answer}, summary, public)


def write(
    router: Router,
    path: str,
    *,
    scope: Scope,
    answer: type[Schema],
    summary: str,
    status: int = 201,
) -> Declare:
    return _declare(router, "POST", path, scope, {status: answer}, summary, False)


def _declare(
    router: Router,
    method: str,
    path: str,
    scope: Scope,
    answers: dict[int, type[Schema]],
    summary: str,
    public: bool,
) -> Declare:
    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        asked = {"token": [str(scope)]}
        found: Callable[..., Any] = router.api_operation(
            [method],
            path,
            auth=Access(scope, public=public),
            response=answers,
            summary=summary,
            operation_id=view.__name__,
            url_name=view.__name__,
            openapi_extra={"security": [{}, asked] if public else [asked]},
        )(view)
        return found

    return declare
