"""The description as a person reads it: chapters, routes, fields, an example to try."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from preau.api.description import Json, description, operations


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body or of an answer. `depth`: how far it is inside."""

    name: str
    kind: str
    text: str = ""
    required: bool = False
    where: str = ""
    default: str = ""
    source: str = ""

    @property
    def is_list(self) -> bool:
        return self.kind.startswith("liste")


@dataclass(frozen=True, slots=True)
class Route:
    anchor: str
    method: str
    path: str
    summary: str
    text: str
    scope: str
    is_public: bool
    parameters: list[Field]
    body: list[Field]
    answer: list[Field]
    statuses: list[tuple[str, str]]
    example: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    name: str
    routes: list[Route] = field(default_factory=list)


@cache
def chapters() -> list[Chapter]:
    said = description()
    found: dict[str, Chapter] = {}
    for path, method, operation in operations(said):
        [tag] = operation["tags"]
        chapter = found.setdefault(tag, Chapter(tag))
        chapter.routes.append(_route(said, path, method, operation))
    return list(found.values())


def _route(said: Json, path: str, method: str, operation: Json) -> Route:
    security = operation["security"]
    answers = operation["responses"]
    good = next(one for status, one in answers.items() if int(status) < 300)
    body = operation.get("requestBody")
    schema = _resolved(said, _content(body)) if body else {}
    return Route(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        text=_plain(operation.get("description", "")),
        scope=next((scope for one in security for scope in one.get("token", [])), ""),
        is_public={} in security,
        parameters=[_parameter(said, one) for one in operation["parameters"]],
        body=_fields(said, schema),
        answer=_fields(said, _resolved(said, _content(good))),
        statuses=[(str(status), one["description"]) for status, one in sorted(answers.items())],
        example=json.dumps(_example(said, schema), ensure_ascii=False, indent=2) if body else "",
    )


def _plain(text: str) -> str:
    """Without the marks of code, which a page shows otherwise."""
    return " ".join(text.replace("`", "").split())


def _content(said: Json) -> Json:
    schema: Json = next(iter(said["content"].values()))["schema"]
    return schema


def _resolved(said: Json, schema: Json) -> Json:
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = {**said["components"]["schemas"][name], **_without_ref(schema)}
    return schema


def _without_ref(schema: Json) -> Json:
    return {key: value for key, value in schema.items() if key != "$ref"}


def _parameter(said: Json, one: Json) -> Field:
    schema = one["schema"]
    return Field(
        name=one["name"],
        kind=_kind(said, schema),
        text=_plain(one.get("description", "")),
        required=one["required"],
        where={"path": "chemin", "query": "adresse", "header": "en-tête"}[one["in"]],
        default=_default(schema),
        source=one["in"],
    )


def _fields(said: Json, schema: Json, prefix: str = "", depth: int = 0) -> list[Field]:
    """The fields of an object, those of the objects inside it after it, three levels at most."""
    found = []
    required = set(schema.get("required", []))
    for name, inner in schema.get("properties", {}).items():
        whole = prefix + name
        found.append(
            Field(
                whole,
                _kind(said, inner),
                _plain(inner.get("description", "")),
                name in required,
                default=_default(inner),
            )
        )
        deeper, mark = _inside(said, inner)
        if deeper and depth < 2:
            found += _fields(said, deeper, f"{whole}{mark}.", depth + 1)
    return found


def _inside(said: Json, schema: Json) -> tuple[Json, str]:
    """The object that a field holds, alone or in a list."""
    schema = _resolved(said, _some(schema))
    if schema.get("type") == "array":
        return _resolved(said, _some(schema.get("items", {}))), "[]"
    return (schema, "") if "properties" in schema else ({}, "")


def _some(schema: Json) -> Json:
    """Without « or null »."""
    choices: list[Json] = schema.get("anyOf") or schema.get("allOf") or [schema]
    return next((one for one in choices if one.get("type") != "null"), schema)


_WORDS = {
    "string": "texte",
    "integer": "entier",
    "number": "nombre",
    "boolean": "vrai ou faux",
    "object": "objet",
    "date": "date",
    "date-time": "date et heure",
    "uuid": "UUID",
}


def _kind(said: Json, schema: Json) -> str:
    or_null = any(one.get("type") == "null" for one in schema.get("anyOf", []))
    inner = _resolved(said, _some(schema))
    if "enum" in inner:
        words = " | ".join(str(one) for one in inner["enum"])
    elif "const" in inner:
        words = str(inner["const"])
    elif inner.get("type") == "array":
        words = f"liste : {_kind(said, inner.get('items', {}))}"
    else:
        kind = str(inner.get("format") or inner.get("type", ""))
        words = _WORDS.get(kind, kind)
    return f"{words}, ou null" if or_null else words


def _default(schema: Json) -> str:
    value = schema.get("default")
    if isinstance(value, bool):
        return "vrai" if value else "faux"
    return "" if value in (None, "", []) else str(value)


_SAMPLES: dict[str, Any] = {
    "space_id": 1,
    "start": "2027-03-12T18:00:00+01:00",
    "end": "2027-03-12T20:00:00+01:00",
    "purpose": "Assemblée générale",
    "attendance": 30,
    "contact_name": "Camille Martin",
    "contact_phone": "04 76 00 00 00",
    "accepts_rules": True,
    "frequency": "semaine",
    "first_day": "2027-03-09",
    "last_day": "2027-06-29",
    "start_time": "18:00",
    "end_time": "20:00",
    "conflicts": "tout",
    "reason": "Réunion reportée",
}


def _example(said: Json, schema: Json) -> Json:
    """A body to start from: what is necessary, and what one nearly always says."""
    return {name: _SAMPLES[name] for name in schema.get("properties", {}) if name in _SAMPLES}
