"""Aids, engineering, services and experts of the library that may lift a blockage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from django.urls import reverse

from preau.core.formats import count, day
from preau.projects.enums import BlockageState, RecommendationState
from preau.projects.models import Blockage, Recommendation
from preau.projects.suggestions import weights as w
from preau.projects.suggestions.one import Need, Suggestion
from preau.resources.enums import Audience, HelpKind, Phase, ResourceKind, Scale
from preau.resources.queries import Candidate, for_need
from preau.territories.distances import in_box

#: How far « nearby » is for what helped others.
NEARBY_KM = 50.0
_KINDS = {
    ResourceKind.AID: HelpKind.FUNDING,
    ResourceKind.ENGINEERING: HelpKind.ENGINEERING,
    ResourceKind.SERVICE: HelpKind.EXPERTISE,
    ResourceKind.EXPERT: HelpKind.EXPERTISE,
    ResourceKind.GUIDE: HelpKind.EXPERTISE,
}
_WHERE = {
    Scale.COMMUNE: "Elle est propre à {}.",
    Scale.EPCI: "Elle est réservée au territoire : {}.",
    Scale.DEPARTEMENT: "Elle couvre votre département : {}.",
    Scale.REGION: "Elle couvre votre région : {}.",
    Scale.NATIONAL: "Elle est ouverte partout en France.",
}


def suggestions(need: Need) -> list[Suggestion]:
    """Every record that fits, weighed; the caller keeps the best."""
    candidates = for_need(
        themes=need.themes,
        blockage_kind=need.kind,
        commune_codes=need.commune_codes,
        phase=need.project.phase,
        audience=need.audience or "",
        text=need.text,
        on=need.on,
    )
    helped = helped_nearby(need, (one.resource.pk for one in candidates))
    return [_suggestion(one, need, helped.get(one.resource.pk, 0)) for one in candidates]


def helped_nearby(need: Need, resource_ids: Iterable[int]) -> Mapping[int, int]:
    """How many projects around engaged or realised each record and saw a like blockage lifted.

    Association, not proof. A count only: whose projects they are is not said, for they may be
    hidden from whoever reads.
    """
    project = need.project
    if project.latitude is None or project.longitude is None:
        return {}
    lifted = Blockage.objects.filter(
        in_box(
            project.latitude,
            project.longitude,
            NEARBY_KM,
            latitude="project__latitude",
            longitude="project__longitude",
        ),
        kind=need.kind,
        state=BlockageState.LIFTED,
    ).exclude(project=project)
    pairs = Recommendation.objects.filter(
        blockage__in=lifted.values("pk"),
        resource__in=list(resource_ids),
        state__in=[RecommendationState.ENGAGED, RecommendationState.REALISED],
    ).values_list("resource_id", "project_id")
    return Counter(resource for resource, _ in set(pairs) if resource is not None)


def _suggestion(found: Candidate, need: Need, helped: int) -> Suggestion:
    resource = found.resource
    return Suggestion(
        id=f"resource:{resource.pk}",
        kind=_KINDS[ResourceKind(resource.kind)],
        title=resource.title,
        summary=resource.summary or resource.provider_name,
        score=max(0, min(100, round(_score(found, need, helped)))),
        reasons=tuple(_reasons(found, need, helped)),
        cautions=tuple(_cautions(found)),
        url=reverse("resources:show", args=[resource.pk]),
        contact=resource.provider_name,
        resource_id=resource.pk,
        due_on=resource.closes_on,
        facts={
            "provider": resource.provider_name,
            "summary": resource.summary,
            "source": resource.source,
            "closes_on": str(resource.closes_on or ""),
        },
    )


def _score(found: Candidate, need: Need, helped: int) -> float:
    resource = found.resource
    score: float = (
        w.FITS + w.AREA[found.area.scale] + w.WORDS * min(1.0, found.text_rank / w.WORDS_ENOUGH)
    )
    if found.is_general:
        score += w.THEMES_GENERAL
    elif need.themes:
        shared = len(found.themes)
        score += w.THEMES_COVERED * shared / len(need.themes)
        score += w.THEMES_PRECISE * shared / len(resource.themes)
    score += w.PHASE_NAMED * (1 if found.phase_named else 0.5)
    if need.audience:
        score += w.AUDIENCE_NAMED * (1 if found.audience_named else 0.5)
    score += w.ANSWERS[need.kind].get(ResourceKind(resource.kind), 0)
    score += w.HELPED_NEARBY if helped else 0
    if found.days_left is not None and found.days_left < w.SOON_DAYS:
        score += w.CLOSES_SOON
    return score + (w.UNVERIFIED if resource.is_to_verify else 0)


def _reasons(found: Candidate, need: Need, helped: int) -> list[str]:
    resource = found.resource
    said = [f"Elle aide à lever un blocage de ce genre : {need.kind.label.lower()}."]
    if found.themes and not found.is_general:
        said.append(f"Elle porte sur : {', '.join(one.label.lower() for one in found.themes)}.")
    said.append(_WHERE[found.area.scale].format(found.area.name))
    if found.audience_named and need.audience:
        said.append(f"Elle s’adresse à votre structure : {Audience(need.audience).label.lower()}.")
    if found.phase_named:
        said.append(f"Elle convient à la phase du projet : {Phase(need.project.phase).label}.")
    if resource.kind == ResourceKind.AID and resource.rate_max:
        said.append(f"Elle finance jusqu’à {resource.rate_max} % de la dépense.")
    if helped:
        projects = count(helped, "projet")
        said.append(
            f"À moins de {NEARBY_KM:.0f} km, elle a servi à {projects} dont un blocage de ce genre"
            " a été levé."
        )
    if found.days_left is not None and resource.closes_on:
        left = count(found.days_left, "jour") if found.days_left else "aujourd’hui"
        said.append(f"À demander avant le {day(resource.closes_on)} (reste : {left}).")
    return said


def _cautions(found: Candidate) -> list[str]:
    said = []
    if found.resource.is_to_verify:
        said.append("Fiche livrée avec Préau : vérifiez-la auprès de l’organisme.")
    if found.is_general:
        said.append("Fiche ouverte à tous les thèmes : vérifiez qu’elle convient à celui-ci.")
    return said
