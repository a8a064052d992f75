"""Where the service is, and its démarches as it describes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings

from preau.connectors.models import Dossier, Procedure
from preau.connectors.models.dossiers import PURPOSE
from preau.connectors.procedures.states import DossierState
from preau.core.errors import Refusal
from preau.core.sealed import Unreadable, unseal
from preau.integrations import demarches
from preau.integrations.demarches import graphql
from preau.integrations.http import Rejected, Service, Unavailable
from preau.outside.calls import calling

#: Its key among the outside services.
KEY = "demarches"
NAME = "Démarche numérique"
OFF = "La liaison avec Démarche numérique n’est pas ouverte sur ce site."


def is_on() -> bool:
    return bool(settings.DEMARCHES_URL)


def service(*, timeout: float = 3.0, tries: int = 1) -> Service:
    return demarches.service(settings.DEMARCHES_URL, timeout=timeout, tries=tries)


def path_of(typed: str) -> str:
    """The last part of a démarche's public address, from that address, itself, or the number of
    the démarche: the service is then asked, outside any transaction.

    Raises:
        Refusal: none of them ("path"); of a number, as `fetch`, or the service hides it ("number").
    """
    text = _last(typed)
    if re.fullmatch(r"[0-9]{1,9}", text):
        text = _last(_address(int(text)))
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{1,119}", text) or text.isdecimal():
        raise Refusal(
            "Collez l’adresse de la démarche, par exemple"
            f" {settings.DEMARCHES_URL or 'https://…'}/commencer/detr-2027.",
            field="path",
            code="path",
        )
    return text


def _last(typed: str) -> str:
    text = typed.strip()
    if "/" in text:
        text = next((one for one in reversed(urlsplit(text).path.split("/")) if one), "")
    return text


def _address(number: int) -> str:
    hidden = (
        f"Le service ne dit rien de la démarche n° {number} : ce numéro n’existe pas, ou ses"
        " questions ne sont pas publiques. Vérifiez-le, ou demandez à l’administrateur de la"
        " démarche de la déclarer en données ouvertes. Sans cela, les porteurs la remplissent"
        " eux-mêmes sur le service."
    )
    with _asked("number", hidden):
        return graphql.address_of(service(), number)


def fetch(path: str) -> demarches.Demarche:
    """A démarche and its champs, asked now: outside any transaction.

    Raises:
        Refusal: "off", "down", "missing".
    """
    missing = (
        "Le service ne donne pas cette démarche : elle n’existe pas à cette adresse, elle est"
        " fermée, ou ses champs ne sont pas publics. Demandez à son administrateur de la"
        " déclarer en données ouvertes."
    )
    with _asked("missing", missing):
        return demarches.schema(service(), path)


@contextmanager
def _asked(code: str, rejected: str) -> Iterator[None]:
    """
    Raises:
        Refusal: "off", "down"; of that code and in those words, where the service says no.
    """
    if not is_on():
        raise Refusal(OFF, field="path", code="off")
    try:
        with calling(KEY):
            yield
    except Unavailable:
        raise Refusal(
            f"{NAME} ne répond pas pour l’instant : rien n’est perdu, réessayez dans quelques"
            " minutes.",
            field="path",
            code="down",
        ) from None
    except Rejected:
        raise Refusal(rejected, field="path", code=code) from None


def address_of(procedure: Procedure) -> str:
    """Where anybody fills it, from nothing."""
    return f"{settings.DEMARCHES_URL}/commencer/{procedure.path}" if is_on() else ""


def link_to(dossier: Dossier) -> str:
    """Where its holder goes on; "" when there is nowhere to go."""
    if not is_on() or not dossier.is_there or dossier.is_lapsed:
        return ""
    if dossier.state == DossierState.PREFILLED:
        try:
            return unseal(dossier.sealed_url, purpose=PURPOSE)
        except Unreadable:
            return ""
    return f"{settings.DEMARCHES_URL}/dossiers/{dossier.number}"
