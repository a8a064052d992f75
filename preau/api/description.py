"""The description of the API (OpenAPI 3.1): what ninja draws from the types, and what all share."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings

from preau.api.enums import Scope
from preau.api.http import limits, problems
from preau.api.http.bodies import LONGEST_BODY
from preau.api.http.problems import MEDIA_TYPE, Kind
from preau.api.routes.kit import KEY_NAME
from preau.api.schemas.kit import ProblemOut
from preau.api.service import PREFIX, api

Json = dict[str, Any]
_PROBLEM = "#/components/schemas/ProblemOut"
_RATE_HEADERS = {
    "RateLimit-Limit": "Requêtes permises par minute.",
    "RateLimit-Remaining": "Ce qu’il en reste.",
    "RateLimit-Reset": "Dans combien de secondes le compte repart.",
    "X-Request-Id": "À donner en cas de panne.",
}


@cache
def description() -> Json:
    """The whole of it; the same until the process ends."""
    said: Json = api.get_openapi_schema(path_prefix=PREFIX)
    components = said["components"]
    components["schemas"].update(_problem_schemas())
    components["securitySchemes"] = {"token": _token_scheme()}
    components["headers"] = {
        name: {"description": text, "schema": {"type": "string"}}
        for name, text in _RATE_HEADERS.items()
    }
    for path, method, operation in operations(said):
        _complete(path, method, operation)
    said["servers"] = [{"url": settings.SITE_URL}]
    return said


def operations(said: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _problem_schemas() -> Json:
    drawn = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**drawn.pop("$defs"), "ProblemOut": drawn}


def _token_scheme() -> Json:
    scopes = "\n".join(f"- `{one.value}` : {one.label}" for one in Scope)
    return {
        "type": "http",
        "scheme": "bearer",
        "description": f"Un jeton de la structure.\n\n{scopes}",
    }


def _complete(path: str, method: str, operation: Json) -> None:
    """What can go wrong, in the order it is looked at, and the headers of every answer."""
    for kind in _problems_of(path, method, operation):
        answers = operation["responses"]
        if kind.status in answers:
            continue
        answers[kind.status] = {
            "description": kind.title,
            "content": {MEDIA_TYPE: {"schema": {"$ref": _PROBLEM}}},
        }
    for answer in operation["responses"].values():
        headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _RATE_HEADERS}
        answer["headers"] = headers


def _problems_of(path: str, method: str, operation: Json) -> Iterator[Kind]:
    # 401 also where anybody reads: a token that is shown must be a good one.
    yield from (problems.TOKEN, problems.RIGHTS, problems.TOO_MANY, problems.FAULT, problems.AWAY)
    if "{" in path or method == "post" or path.endswith(("/projects", "/statistics")):
        yield problems.ABSENT
    if operation.get("parameters") or method == "post":
        yield problems.INPUT
    if method == "post":
        yield from (problems.BODY, problems.CONFLICT, problems.TOO_LONG, problems.MEDIA)


INTRODUCTION = f"""
Les mêmes recherches, les mêmes règles et les mêmes droits que les pages du site.

Un jeton agit au nom de la personne qui l’a créé, pour sa structure ; il s’arrête avec son
adhésion. Les lectures publiques s’en passent.

- **Débit** : {limits.TOKEN} requêtes par minute et par jeton, {limits.ANONYMOUS} sans jeton ; les
  en-têtes `RateLimit-*` disent ce qui reste.
- **Écritures** : l’en-tête `{KEY_NAME}` est nécessaire ; la même requête renvoyée avec la même
  clé dans les 24 heures n’est faite qu’une fois. Corps : JSON, {LONGEST_BODY} octets au plus.
- **Pages** : rendez `next` en `cursor` jusqu’à ce qu’il soit `null`.
- **Heures** : avec leur décalage (`2027-03-12T18:00:00+01:00`), au quart d’heure.
- **Erreurs** : au format « problem details » (RFC 9457), avec un `code` stable.
""".strip()
