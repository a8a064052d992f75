"""One result of Aides-territoires, as values of our columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from django.db.models import TextChoices

from preau.resources.enums import AidType, Audience, Recurrence, Theme
from preau.resources.loading.html_text import first_sentence, text_of
from preau.resources.loading.perimeters import Perimeters
from preau.resources.loading.report import Report
from preau.resources.loading.words import PHASES, blockages_of, kind_of, themes_of
from preau.territories.names import search_key

Choice = TypeVar("Choice", bound=TextChoices)
SITE = "https://aides-territoires.beta.gouv.fr"
_ADDRESS = re.compile(r"https?://[^\s<>\"']+\Z", re.I)
#: Answers give labels or slugs, by version; both are read.
_AUDIENCES = {
    "communes": Audience.COMMUNE,
    "commune": Audience.COMMUNE,
    "intercommunalites pays": Audience.EPCI,
    "epci a fiscalite propre": Audience.EPCI,
    "epci": Audience.EPCI,
    "departements": Audience.DEPARTMENT,
    "department": Audience.DEPARTMENT,
    "regions": Audience.REGION,
    "region": Audience.REGION,
    "etablissements publics dont services de l etat": Audience.PUBLIC_BODY,
    "etablissement public dont services de l etat": Audience.PUBLIC_BODY,
    "public org": Audience.PUBLIC_BODY,
    "public cies": Audience.PUBLIC_BODY,
    "entreprises publiques locales sem spl semop": Audience.PUBLIC_BODY,
    "associations": Audience.ASSOCIATION,
    "association": Audience.ASSOCIATION,
    "entreprises privees": Audience.COMPANY,
    "entreprise privee": Audience.COMPANY,
    "private sector": Audience.COMPANY,
    "particuliers": Audience.PRIVATE_PERSON,
    "particulier": Audience.PRIVATE_PERSON,
    "private person": Audience.PRIVATE_PERSON,
    "agriculteurs": Audience.FARMER,
    "agriculteur": Audience.FARMER,
    "farmer": Audience.FARMER,
    "recherche": Audience.RESEARCHER,
    "researcher": Audience.RESEARCHER,
    "special": Audience.SPECIAL,
    "collectivites d outre mer a statuts particuliers": Audience.SPECIAL,
}
_TYPES = {
    "subvention": AidType.GRANT,
    "pret": AidType.LOAN,
    "avance recuperable": AidType.RECOVERABLE_ADVANCE,
    "certificat d economie d energie cee": AidType.CEE,
    "autre aide financiere": AidType.OTHER,
    "ingenierie technique": AidType.TECHNICAL,
    "ingenierie financiere": AidType.FINANCIAL,
    "ingenierie juridique administrative": AidType.LEGAL,
} | {search_key(one.value): one for one in AidType}
_STEPS = {
    "reflexion conception": "preop",
    "mise en oeuvre realisation": "op",
    "usage valorisation": "postop",
    "preop": "preop",
    "op": "op",
    "postop": "postop",
}
_RECURRENCES = {
    "permanente": Recurrence.ONGOING,
    "ongoing": Recurrence.ONGOING,
    "recurrente": Recurrence.RECURRING,
    "recurring": Recurrence.RECURRING,
    "ponctuelle": Recurrence.ONEOFF,
    "oneoff": Recurrence.ONEOFF,
}


class BadLine(ValueError):
    """A line that cannot be an aid, and why."""


def values_of(line: Mapping[str, Any], perimeters: Perimeters, report: Report) -> dict[str, Any]:
    """Raises: BadLine."""
    title = text_of(_text(line, "name")).replace("\n", " ")[:180].strip()
    if not title:
        raise BadLine("no name")
    body = text_of(_text(line, "description"))[:40_000]
    types = _chosen(_names(line, "aid_types"), _TYPES, report)
    themes = _themes(line, report)
    recurrence = _chosen([_text(line, "recurrence")], _RECURRENCES, report)
    closes_on = _day(line, "submission_deadline")
    return {
        "kind": kind_of(types),
        "title": title,
        "summary": _summary(line, title, body),
        "body": body,
        "eligibility": text_of(_text(line, "eligibility"))[:40_000],
        "provider_name": ", ".join(_names(line, "financers") or _names(line, "instructors"))[:160],
        "url": _address(_text(line, "origin_url")),
        "application_url": _address(_text(line, "application_url")),
        "themes": themes,
        "blockage_kinds": blockages_of(types, themes),
        "phases": _phases(line, report),
        "audiences": _chosen(_names(line, "targeted_audiences"), _AUDIENCES, report),
        "areas": _areas(line, perimeters, report),
        "aid_types": types,
        **_money(line),
        "recurrence": recurrence[0] if recurrence else "",
        "is_call": _flag(line, "is_call_for_project"),
        "is_charged": _flag(line, "is_charged"),
        "opens_on": _opening(_day(line, "start_date"), closes_on),
        "closes_on": closes_on,
        "financers": _names(line, "financers")[:50],
        "programs": _names(line, "programs")[:50],
        "source_url": _source_url(_text(line, "url"), _text(line, "slug")),
    }


def _text(line: Mapping[str, Any], name: str) -> str:
    value = line.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadLine(f"{name} is no text")
    return value.replace("\x00", "")


def _flag(line: Mapping[str, Any], name: str) -> bool:
    return line.get(name) is True


def _names(line: Mapping[str, Any], name: str) -> list[str]:
    """A list of words; some versions give objects with a name."""
    value = line.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadLine(f"{name} is no list")
    named = [one.get("name") if isinstance(one, Mapping) else one for one in value]
    return [one.replace("\x00", "").strip()[:200] for one in named if isinstance(one, str) and one]


def _chosen(words: Iterable[str], known: Mapping[str, Choice], report: Report) -> list[Choice]:
    found: dict[Choice, None] = {}
    for word in words:
        choice = known.get(search_key(word))
        if choice is not None:
            found[choice] = None
        elif word:
            report.unknown_words[word[:80]] += 1
    return list(found)


def _themes(line: Mapping[str, Any], report: Report) -> list[Theme]:
    found: set[Theme] = set()
    for category in _names(line, "categories"):
        themes = themes_of(category)
        found |= set(themes)
        if not themes:
            report.unknown_words[category[:80]] += 1
    return [one for one in Theme if one in found]


def _phases(line: Mapping[str, Any], report: Report) -> list[str]:
    found: set[str] = set()
    for word in _names(line, "mobilization_steps"):
        step = _STEPS.get(search_key(word))
        if step is None:
            report.unknown_words[word[:80]] += 1
        else:
            found |= {phase.value for phase in PHASES[step]}
    return [one for one in ("idee", "etude", "operation") if one in found]


def _areas(line: Mapping[str, Any], perimeters: Perimeters, report: Report) -> list[str]:
    name, scale = _text(line, "perimeter"), _text(line, "perimeter_scale")
    found = perimeters.find(name, scale)
    if not found:
        report.unknown_areas[f"{name or '(none)'} ({scale})"] += 1
    return found


def _money(line: Mapping[str, Any]) -> dict[str, Any]:
    low = _percent(line, "subvention_rate_lower_bound")
    high = _percent(line, "subvention_rate_upper_bound")
    if low is not None and high is not None and low > high:
        low, high = high, low
    loan = _amount(line, "loan_amount") or _amount(line, "recoverable_advance_amount")
    return {
        "rate_min": low,
        "rate_max": high,
        "rate_note": text_of(_text(line, "subvention_comment")).replace("\n", " ")[:300],
        "ceiling_cents": loan,
    }


def _number(line: Mapping[str, Any], name: str) -> float | None:
    value = line.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadLine(f"{name} is no number")
    try:
        return float(value)
    except ValueError:
        raise BadLine(f"{name} is no number") from None


def _percent(line: Mapping[str, Any], name: str) -> int | None:
    value = _number(line, name)
    if value is not None and not 0 <= value <= 100:
        raise BadLine(f"{name} is no percentage")
    return None if value is None else round(value)


def _amount(line: Mapping[str, Any], name: str) -> int | None:
    value = _number(line, name)
    if value is not None and not 0 <= value < 1e13:
        raise BadLine(f"{name} is no amount")
    return None if value is None else round(value * 100)


def _day(line: Mapping[str, Any], name: str) -> date | None:
    text = _text(line, name)[:10]
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadLine(f"{name} is no date") from None


def _opening(opens_on: date | None, closes_on: date | None) -> date | None:
    """Some answers close before they open: the last day is what matters."""
    return None if opens_on and closes_on and opens_on > closes_on else opens_on


def _address(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 700 and _ADDRESS.match(text) else ""


def _source_url(url: str, slug: str) -> str:
    """Answers give a path from the root of the site, older ones a whole address."""
    if url.startswith("/"):
        return _address(SITE + url)
    return _address(url) or (_address(f"{SITE}/aides/{slug}/") if slug else "")


def _summary(line: Mapping[str, Any], title: str, body: str) -> str:
    short = text_of(_text(line, "short_title")).replace("\n", " ").strip()
    if short and search_key(short) != search_key(title):
        return short[:400]
    return first_sentence(body)
