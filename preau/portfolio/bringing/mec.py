"""The shape in which Mon espace collectivité sends its projects: read, and written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet

from preau.core.errors import Refusal
from preau.projects.enums import STILL_BLOCKING, PhaseStatus
from preau.projects.models import ExternalRef, Project, ProjectCommune, ProjectProgramme
from preau.resources.enums import Theme

SYSTEM = "mec"
#: Name in the payload → our column, for what is one text.
_TEXTS = {
    "externalId": "external_id",
    "nom": "name",
    "description": "description",
    "budgetPrevisionnel": "budget_cents",
    "dateDebut": "starts_on",
    "dateFin": "ends_on",
    "phase": "phase",
    "phaseStatut": "phase_status",
    "porteurSiret": "holder_siret",
    "porteurNom": "holder_name",
    "crteId": "crte",
    "crteAnneeInscription": "crte_year",
    "crteOrientationStrategique": "crte_orientation",
}
HEADINGS = [*_TEXTS.values(), "communes", "epci", "programmes", "themes"]
_PAGE = 500


def read(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rank from 1, and cells under `HEADINGS`, of each project of the file.

    Raises:
        Refusal: it is no such file.
    """
    try:
        given = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refusal(
            "Ce fichier JSON est abîmé : demandez-le de nouveau.", field="file", code="broken"
        ) from error
    if isinstance(given, dict):
        given = given.get("projets", given.get("projects", [given]))
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise Refusal(
            "Ce fichier JSON n’est pas une liste de projets.", field="file", code="not_a_list"
        )
    for number, one in enumerate(given, start=1):
        yield number, _cells(one)


def _cells(one: dict[str, Any]) -> list[str]:
    found = {key: _text(one.get(name)) for name, key in _TEXTS.items()}
    places = [_pair(place) for place in _list(one.get("collectivites"))]
    communes = [code for kind, code in places if kind == "commune"]
    communes += [_text(code) for code in _list(one.get("territoireCommunes"))]
    found["communes"] = ";".join(dict.fromkeys(code for code in communes if code))
    found["epci"] = next((code for kind, code in places if kind == "epci"), "")
    found["programmes"] = ";".join(_text(name) for name in _list(one.get("programmes")))
    found["themes"] = ";".join(_text(name) for name in _list(one.get("thematiques")))
    return [found[key] for key in HEADINGS]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _pair(place: Any) -> tuple[str, str]:
    if not isinstance(place, dict):
        return "", ""
    return _text(place.get("type")).lower(), _text(place.get("code"))


def _text(value: Any) -> str:
    """Numbers as a person would type them; what is neither text nor number says nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", ",") if value < 1e15 else ""
    return " ".join(str(value).replace("\0", "").split())


# --- The way out


def written(projects: QuerySet[Project]) -> Iterator[str]:
    """A JSON list, a piece at a time, with as many statements a page whatever the number."""
    yield "["
    first = True
    for project in _pages(projects):
        piece = json.dumps(payload(project), ensure_ascii=False)
        yield f"{'' if first else ','}\n{piece}"
        first = False
    yield "\n]\n"


def _pages(projects: QuerySet[Project]) -> Iterator[Project]:
    last = 0
    whole = projects.select_related("holder_organization").prefetch_related(
        Prefetch("communes", ProjectCommune.objects.order_by("pk")),
        Prefetch(
            "programmes", ProjectProgramme.objects.filter(until=None).select_related("programme")
        ),
        Prefetch("external_refs", ExternalRef.objects.filter(system=SYSTEM)),
        "blockages",
    )
    while page := list(whole.filter(pk__gt=last).order_by("pk")[:_PAGE]):
        yield from page
        last = page[-1].pk


def payload(project: Project) -> dict[str, Any]:
    """One project. « Bloqué » is what its blockages say."""
    refs = list(project.external_refs.all())
    codes = [one.commune_id for one in project.communes.all()]
    lead = project.lead_commune_id
    codes = [lead, *(code for code in codes if code != lead)] if lead else codes
    standing = any(one.state in STILL_BLOCKING for one in project.blockages.all())
    blocked = standing and project.is_live
    organization = project.holder_organization
    status = "Bloqué" if blocked else PhaseStatus(project.phase_status).label
    places = [{"type": "Commune", "code": code} for code in codes[:1]]
    if project.epci_id:
        places.append({"type": "EPCI", "code": project.epci_id})
    return {
        "externalId": refs[0].external_id if refs else project.reference,
        "nom": project.name,
        "description": project.description or project.purpose,
        "porteurSiret": (organization.siret if organization else "")
        or project.holder_siret
        or None,
        "porteurNom": project.holder,
        "budgetPrevisionnel": _euros(project.budget_cents),
        "dateDebut": project.starts_on.isoformat() if project.starts_on else None,
        "dateFin": project.ends_on.isoformat() if project.ends_on else None,
        "phase": project.get_phase_display(),
        "phaseStatut": status,
        "programmes": [one.programme.name for one in project.programmes.all()],
        "thematiques": [Theme(one).label for one in project.themes],
        "collectivites": places,
        "territoireCommunes": codes,
        "crteId": project.crte_id,
        "crteAnneeInscription": project.crte_year,
        "crteOrientationStrategique": project.crte_orientation or None,
    }


def _euros(cents: int | None) -> int | float | None:
    if cents is None:
        return None
    return cents // 100 if cents % 100 == 0 else cents / 100
