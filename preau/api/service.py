"""The API itself: its routes gathered, and how what they raise becomes an answer."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from preau.api.http import problems
from preau.api.http.problems import Problem, of_refusal
from preau.api.http.validation import of_pydantic
from preau.api.routes import agreements, bookings, others, places, projects, search, series
from preau.core.errors import Refusal

PREFIX = "api/v1/"
api = NinjaAPI(
    title="API de Préau",
    version="1.0.0",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api-v1",
)
for _router in (
    search.router,
    places.router,
    bookings.router,
    series.router,
    agreements.router,
    projects.router,
    others.router,
):
    api.add_router("", _router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem.response()


@api.exception_handler(Refusal)
def _refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return of_refusal(refusal).response()


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return of_pydantic(error.errors).response()


@api.exception_handler(HttpError)
def _unread(request: HttpRequest, error: HttpError) -> HttpResponse:
    return Problem(problems.BODY, "Le corps n’est pas du JSON lisible.").response()


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Http404) -> HttpResponse:
    return absent()


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return Problem(problems.RIGHTS, "Cette action n’est pas ouverte à ce jeton.").response()


@api.exception_handler(Exception)
def _fault(request: HttpRequest, error: Exception) -> HttpResponse:
    raise error  # the guard says it, and logs it


def absent() -> HttpResponse:
    return Problem(
        problems.ABSENT, "Il n’y a rien à cette adresse, ou rien que ce jeton puisse voir."
    ).response()
