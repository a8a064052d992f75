"""What the description of the API refuses, told in French, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from preau.api.http.problems import Problem, of_fields

#: What pydantic finds → what the author of the program reads.
_SENTENCES = {
    "missing": "Ce champ est nécessaire.",
    "extra_forbidden": "Ce champ n’existe pas ici.",
    "enum": "Cette valeur n’est pas de la liste.",
    "literal_error": "Cette valeur n’est pas de la liste.",
    "string_too_long": "Ce texte est trop long.",
    "string_too_short": "Ce texte est trop court.",
    "string_pattern_mismatch": "Ce texte n’a pas la forme attendue.",
    "greater_than_equal": "Ce nombre est trop petit.",
    "less_than_equal": "Ce nombre est trop grand.",
    "too_long": "Cette liste est trop longue.",
    "too_short": "Cette liste est trop courte.",
    "timezone_aware": "Le décalage horaire manque, par exemple +01:00.",
}
_FAMILIES = {
    "int": "Un nombre entier est attendu.",
    "float": "Un nombre est attendu.",
    "bool": "true ou false est attendu.",
    "datetime": "Une date et une heure sont attendues, par exemple 2027-03-12T18:00:00+01:00.",
    "date": "Une date est attendue, par exemple 2027-03-12.",
    "time": "Une heure est attendue, par exemple 18:00.",
    "string": "Un texte est attendu.",
    "list": "Une liste est attendue.",
    "model": "Un objet JSON est attendu.",
    "dict": "Un objet JSON est attendu.",
}


def of_pydantic(errors: Iterable[Mapping[str, Any]]) -> Problem:
    return of_fields([_line(one) for one in errors])


def _line(error: Mapping[str, Any]) -> dict[str, str]:
    kind = str(error["type"])
    where, *path = (str(part) for part in error["loc"])
    if where == "body" and path and path[0] == "asked":  # the name of our own argument
        path = path[1:]
    sentence = _SENTENCES.get(kind) or _FAMILIES.get(kind.partition("_")[0])
    if kind == "value_error":
        sentence = str(error.get("ctx", {}).get("error", ""))
    return {
        "field": ".".join(path),
        "in": where,
        "code": kind,
        "detail": sentence or "Cette valeur n’est pas acceptée.",
    }


def of_form(form: forms.BaseForm, names: Mapping[str, str]) -> Problem:
    """What a form of the pages refuses, in the names of the API."""
    lines = []
    for field, errors in form.errors.get_json_data().items():
        name = "" if field == "__all__" else names.get(field, field)
        lines += [
            {"field": name, "code": one["code"] or "refused", "detail": one["message"]}
            for one in errors
        ]
    return of_fields(lines)
