"""The answers of Recherche d'entreprises, as our types."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from preau.integrations.http import Unavailable

#: "[NON-DIFFUSIBLE]", "[ND]": what the owner asked not to be published.
_HIDDEN = re.compile(r"\[N[A-Z -]*\]")
_OPEN, _CLOSED = "A", {"C", "F"}


@dataclass(frozen=True, slots=True)
class Establishment:
    """A place where a company works. Texts are empty, and the position None, where unknown,
    hidden or abroad; `commune_code` is INSEE's; degrees; `names` are those on its door."""

    siret: str
    address: str = field(repr=False)
    postcode: str
    commune_code: str
    commune_name: str
    latitude: float | None = field(repr=False)
    longitude: float | None = field(repr=False)
    is_seat: bool
    is_closed: bool
    names: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Collectivity:
    """What a local authority governs: `level` in the service's words ("commune", "epci"…), `code`
    of this level (a SIREN for an EPCI), `insee_code` empty where the level has none."""

    code: str
    insee_code: str
    level: str


@dataclass(frozen=True, slots=True)
class Company:
    """A legal unit of Sirene: company, association, local authority, person in business.

    Attributes:
        legal_name: as registered; empty when hidden.
        full_name: the same with its short name or sign in brackets.
        legal_form: code of 4 digits of INSEE's "catégories juridiques" ("7210": commune).
        is_closed: the whole unit has ceased; its establishments say it each for itself.
        is_hidden_in_part: its owner asked for names or addresses to be withheld.
        seat: None when the service does not give it.
        asked: the establishment of the SIRET that was looked up, None otherwise.
        association_number: "W381234567" (RNA), empty where unknown.
    """

    siren: str
    legal_name: str = field(repr=False)
    full_name: str = field(repr=False)
    legal_form: str
    is_closed: bool
    is_hidden_in_part: bool
    seat: Establishment | None
    asked: Establishment | None
    is_association: bool
    is_social_economy: bool
    association_number: str
    collectivity: Collectivity | None


def companies_of(said: Any, *, asked: str = "") -> list[Company]:
    """
    Args:
        asked: SIRET looked up.

    Raises:
        Unavailable: another shape.
    """
    try:
        return [_company(one, asked) for one in _list(said["results"])]
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Unavailable("the answer has another shape") from None


def _company(said: Mapping[str, Any], asked: str) -> Company:
    seat = _establishment({**said["siege"], "est_siege": True}) if said.get("siege") else None
    near = [_establishment(one) for one in _list(said.get("matching_etablissements") or [])]
    more = said.get("complements") or {}
    full_name = _text(said, "nom_complet")
    return Company(
        siren=_digits(said["siren"], 9),
        legal_name=_text(said, "nom_raison_sociale") or full_name,
        full_name=full_name,
        legal_form=_text(said, "nature_juridique"),
        is_closed=_is_closed(said),
        is_hidden_in_part=said.get("statut_diffusion") in {"P", "N"},
        seat=seat,
        asked=next((one for one in [*near, seat] if one and one.siret == asked), None),
        is_association=more.get("est_association") is True,
        is_social_economy=more.get("est_ess") is True,
        association_number=_text(more, "identifiant_association"),
        collectivity=_collectivity(more.get("collectivite_territoriale")),
    )


def _establishment(said: Mapping[str, Any]) -> Establishment:
    position = _degrees(said, "latitude", 90), _degrees(said, "longitude", 180)
    latitude, longitude = position if None not in position else (None, None)
    names = [_shown(one) for one in _list(said.get("liste_enseignes") or [])]
    return Establishment(
        siret=_digits(said["siret"], 14),
        address=_text(said, "adresse"),
        postcode=_text(said, "code_postal"),
        commune_code=_text(said, "commune"),
        commune_name=_text(said, "libelle_commune"),
        latitude=latitude,
        longitude=longitude,
        is_seat=said.get("est_siege") is True,
        is_closed=_is_closed(said),
        names=tuple(name for name in names if name),
    )


def _collectivity(said: Mapping[str, Any] | None) -> Collectivity | None:
    """Not its elected members: they come along, and are nobody's business here."""
    if said is None:
        return None
    return Collectivity(_text(said, "code"), _text(said, "code_insee"), _text(said, "niveau"))


def _is_closed(said: Mapping[str, Any]) -> bool:
    state = _text(said, "etat_administratif")
    if state != _OPEN and state not in _CLOSED:
        raise ValueError("an unknown state")
    return state in _CLOSED


def _list(said: Any) -> list[Any]:
    if not isinstance(said, list):
        raise TypeError("no list")
    return said


def _digits(said: Any, count: int) -> str:
    if not isinstance(said, str) or not re.fullmatch(rf"[0-9]{{{count}}}", said):
        raise ValueError("no number of Sirene")
    return said


def _text(said: Mapping[str, Any], name: str) -> str:
    return _shown(said.get(name))


def _shown(said: Any) -> str:
    if said is None:
        return ""
    if not isinstance(said, str):
        raise TypeError("no text")
    return "" if _HIDDEN.fullmatch(said) else said.strip()


def _degrees(said: Mapping[str, Any], name: str, most: float) -> float | None:
    """They come as text."""
    text = _text(said, name)
    if not text:
        return None
    degrees = float(text)
    if not math.isfinite(degrees) or abs(degrees) > most:
        raise ValueError("no position")
    return degrees
