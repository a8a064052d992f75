"""Where a project is, and all that follows from it: départements, position, EPCI, CRTE, programmes.

Nothing here asks who may: filing, editing and imports do, before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from preau.core import clock
from preau.core.errors import Refusal
from preau.core.french import by_name
from preau.projects.models import Programme, Project, ProjectCommune, ProjectProgramme
from preau.territories import crte as crtes
from preau.territories.models import Commune, Epci

#: The programme whose perimeter is the CRTE of the territory.
CRTE = "crte"
#: The largest EPCI has fewer communes.
MOST_COMMUNES = 200
_FIELDS = (
    "lead_commune",
    "epci",
    "crte",
    "departement_code",
    "departement_codes",
    "latitude",
    "longitude",
)


@transaction.atomic
def set_territory(project: Project, communes: Sequence[Commune], epci: Epci | None = None) -> None:
    """Put the project in these communes, saved with all that follows.

    The lead commune stays while it is one of them; otherwise it is the first given.

    Args:
        epci: the whole EPCI carries it; without one, that of the lead commune.

    Raises:
        Refusal: no commune, or more than a project has.
    """
    if not communes:
        raise Refusal("Indiquez au moins une commune.", field="commune", code="no_commune")
    if len(communes) > MOST_COMMUNES:
        raise Refusal(
            f"Un projet concerne {MOST_COMMUNES} communes au plus : choisissez"
            " l’intercommunalité, ou la commune principale.",
            field="commune",
            code="too_many_communes",
        )
    by_code = {one.pk: one for one in communes}
    lead = by_code.get(project.lead_commune_id or "", communes[0])
    project.lead_commune = lead
    project.epci = epci or lead.epci
    project.crte = crtes.crte_of(lead, _today(lead))
    project.departement_code = lead.departement_id
    others = sorted({one.departement_id for one in communes} - {lead.departement_id})
    project.departement_codes = [lead.departement_id, *others]
    project.latitude, project.longitude = middle(by_code.values())
    project.save(update_fields=_FIELDS)
    kept = project.communes.filter(commune__in=by_code)
    project.communes.exclude(pk__in=kept).delete()
    here = set(kept.values_list("commune_id", flat=True))
    ProjectCommune.objects.bulk_create(
        ProjectCommune(project=project, commune=one) for one in communes if one.pk not in here
    )


def _today(commune: Commune) -> date:
    return clock.today(ZoneInfo(commune.time_zone))


def middle(communes: Collection[Commune]) -> tuple[float, float]:
    """Where a project in these communes is shown; the centre of one alone."""
    points = [one.centre for one in communes]
    return (
        sum(latitude for latitude, _ in points) / len(points),
        sum(longitude for _, longitude in points) / len(points),
    )


# --- Programmes


def programmes_there(project: Project) -> QuerySet[Programme]:
    """Programmes in force whose perimeter holds a commune of the project today."""
    if project.lead_commune is None:
        return Programme.objects.none()
    today = _today(project.lead_commune)
    within = Q(perimeter__commune__in=project.communes.values("commune")) & (
        Q(perimeter__since__lte=today) & (Q(perimeter__until=None) | Q(perimeter__until__gt=today))
    )
    if project.crte_id:
        within |= Q(slug=CRTE)
    return Programme.objects.filter(within, active=True).distinct().order_by(*by_name("name"))


def programmes_everywhere() -> QuerySet[Programme]:
    """Programmes in force open to any territory: a project is in one when it says so."""
    return Programme.objects.filter(active=True, is_national=True).order_by(*by_name("name"))


@transaction.atomic
def set_programmes(project: Project, programmes: Iterable[Programme]) -> None:
    """Put the project in these programmes and no other; past ones are kept with their dates."""
    wanted = {one.pk for one in programmes}
    today = _today(project.lead_commune) if project.lead_commune else clock.today()
    standing = ProjectProgramme.objects.filter(project=project, until=None)
    left = standing.exclude(programme__in=wanted)
    if project.is_draft:
        left.delete()
    else:
        left.update(until=today)
    here = set(standing.values_list("programme_id", flat=True))
    ProjectProgramme.objects.bulk_create(
        ProjectProgramme(project=project, programme_id=pk, since=today)
        for pk in sorted(wanted - here)
    )
