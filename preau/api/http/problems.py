"""How the API says no: « problem details » (RFC 9457), the same for every address."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from preau.core.errors import Forbidden, Refusal

MEDIA_TYPE = "application/problem+json"
#: Refusals that come of what others did meanwhile: the same call may go well later, or elsewhere.
CONFLICTS = frozenset(
    {"slot_taken", "too_many_holds", "gone", "already_answered", "expired", "moved", "not_public",
     "price_changed", "option_gone", "quota_gone", "dates_taken"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A family of problems: its anchor in the documentation, its status, its title."""

    anchor: str
    status: int
    title: str


BODY = Kind("corps", 400, "La requête n’a pas pu être lue")
TOKEN = Kind("jeton", 401, "Un jeton valable est nécessaire")
RIGHTS = Kind("droits", 403, "Ce jeton n’y donne pas droit")
ABSENT = Kind("introuvable", 404, "Rien à cette adresse")
METHOD = Kind("methode", 405, "Cette adresse ne répond pas à cette méthode")
CONFLICT = Kind("conflit", 409, "L’état des choses ne le permet pas")
TOO_LONG = Kind("taille", 413, "Le corps est trop long")
MEDIA = Kind("format", 415, "Le corps doit être du JSON")
INPUT = Kind("saisie", 422, "La demande n’est pas acceptée")
REUSED = Kind("cle-reutilisee", 422, "Cette clé a déjà servi à autre chose")
TOO_MANY = Kind("debit", 429, "Trop de requêtes")
FAULT = Kind("panne", 500, "Une erreur de notre fait")
AWAY = Kind("indisponible", 503, "Momentanément indisponible")
KINDS = (
    BODY, TOKEN, RIGHTS, ABSENT, METHOD, CONFLICT, TOO_LONG, MEDIA, INPUT, REUSED, TOO_MANY, FAULT,
    AWAY,
)  # fmt: skip


class Problem(Exception):
    """Stop the call with this answer.

    Attributes:
        code: machine name, finer than the kind ("slot_taken").
        errors: one line for each field: `{"field": …, "code": …, "detail": …}`.
    """

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        code: str = "",
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.code = code or kind.anchor
        self.errors = list(errors)
        self.headers = dict(headers or {})

    @property
    def body(self) -> str:
        said: dict[str, Any] = {
            "type": f"{settings.SITE_URL}{reverse('api:docs')}#{self.kind.anchor}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "code": self.code,
        }
        if self.errors:
            said["errors"] = self.errors
        return json.dumps(said, ensure_ascii=False)

    def response(self) -> HttpResponse:
        return HttpResponse(
            self.body, status=self.kind.status, content_type=MEDIA_TYPE, headers=self.headers
        )


def of_refusal(refusal: Refusal, names: Mapping[str, str] | None = None) -> Problem:
    """What an action refused, with its own sentence and code.

    Args:
        names: the action’s field → the API’s, where they differ.
    """
    if isinstance(refusal, Forbidden):
        return Problem(RIGHTS, refusal.sentence, code=refusal.code)
    kind = CONFLICT if refusal.code in CONFLICTS else INPUT
    field = (names or {}).get(refusal.field, refusal.field)
    errors = [{"field": field, "code": refusal.code, "detail": refusal.sentence}] if field else []
    return Problem(kind, refusal.sentence, code=refusal.code, errors=errors)


def of_fields(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Several fields to mend at once."""
    many = len(errors) > 1
    detail = "Des champs sont à corriger." if many else str(errors[0]["detail"])
    return Problem(INPUT, detail, code="fields", errors=errors)
