"""Who of the State's services follows the themes of a project, in its territory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from preau.core.formats import day
from preau.projects.enums import STANDING, TERRITORIAL, ServiceKind
from preau.projects.models import Absence, Assignment, ServiceMember, StateService, ThemeRule
from preau.projects.suggestions import weights as w
from preau.projects.suggestions.one import Need, Suggestion
from preau.resources.enums import HelpKind, Theme
from preau.territories.models import Departement


@dataclass(frozen=True, slots=True)
class _Competence:
    """Somebody, or a whole service, and the themes of the project that are theirs."""

    id: str
    service: StateService
    name: str
    function: str
    email: str
    themes: Sequence[Theme]
    by_rule: bool = False


def suggestions(need: Need) -> list[Suggestion]:
    """People by the themes they follow, then the services that a rule names; four statements."""
    themes = need.themes
    if not themes:
        return []
    there = _services_there(need)
    found = _people(there, themes) + _services(need, themes)
    already = set(
        Assignment.objects.filter(project=need.project, state__in=STANDING).values_list(
            "service_id", flat=True
        )
    )
    away = {
        one.user_id: one
        for one in Absence.objects.filter(
            service__in=[one.service.pk for one in found],
            first_day__lte=need.on,
            last_day__gte=need.on,
        ).select_related("replaced_by")
    }
    users = {f"person:{member.pk}": member.user_id for member in there}
    return [
        _suggestion(one, need, one.service.pk in already, away.get(users.get(one.id, 0)))
        for one in found
    ]


def _services_there(need: Need) -> list[ServiceMember]:
    """People of the services of the project's départements and of their région."""
    project = need.project
    regions = Departement.objects.filter(code__in=project.departement_codes).values("region")
    region = Q(service__kind=ServiceKind.REGION, service__region__in=regions)
    local = Q(service__kind__in=TERRITORIAL, service__departement__in=project.departement_codes)
    rows = ServiceMember.objects.filter(
        local | region,
        service__active=True,
        user__is_active=True,
        themes__overlap=[str(one) for one in need.themes],
    )
    return list(rows.select_related("service__organization", "user").order_by("pk"))


def _people(there: Sequence[ServiceMember], themes: Sequence[Theme]) -> list[_Competence]:
    return [
        _Competence(
            id=f"person:{member.pk}",
            service=member.service,
            name=member.user.full_name,
            function=member.function,
            email=member.user.email,
            themes=[one for one in themes if one in member.themes],
        )
        for member in there
    ]


def _services(need: Need, themes: Sequence[Theme]) -> list[_Competence]:
    """Services that a rule of the département names, when it names nobody."""
    rules = ThemeRule.objects.filter(
        departement__in=need.project.departement_codes,
        theme__in=themes,
        user=None,
        service__active=True,
    ).select_related("service__organization", "service__referent")
    by_service: dict[int, list[ThemeRule]] = {}
    for rule in rules.order_by("service", "theme"):
        by_service.setdefault(rule.service_id, []).append(rule)
    return [
        _Competence(
            id=f"service:{pk}",
            service=lines[0].service,
            name="",
            function="",
            email=lines[0].service.referent.email,
            themes=[one for one in themes if one in {line.theme for line in lines}],
            by_rule=True,
        )
        for pk, lines in sorted(by_service.items())
    ]


def _suggestion(one: _Competence, need: Need, already: bool, absence: Absence | None) -> Suggestion:
    service = str(one.service)
    score = w.SERVICE_FITS + w.SERVICE_THEMES * len(one.themes) / len(need.themes)
    score += w.SERVICE_ANSWERS[need.kind] + (w.SERVICE_ALREADY_THERE if already else 0)
    themes = ", ".join(theme.label.lower() for theme in one.themes)
    who = f"{one.name}, {one.function}" if one.name and one.function else one.name or service
    subject = "Ce service suit" if one.by_rule else "Cette personne suit"
    reasons = [f"{subject} : {themes}.", f"{service} est compétent sur votre territoire."]
    if already:
        reasons.append("Son service accompagne déjà votre projet.")
    cautions = []
    if absence is not None:
        instead = f" ; {absence.replaced_by} répond" if absence.replaced_by else ""
        cautions.append(f"Absence jusqu’au {day(absence.last_day)}{instead}.")
    title = f"{one.name} ({service})" if one.name else service
    return Suggestion(
        id=one.id,
        kind=HelpKind.EXPERTISE,
        title=f"Échanger avec {title}"[:200],
        summary=f"Un échange avec le service de l’État qui connaît le sujet : {themes}.",
        score=max(0, min(100, round(score))),
        reasons=tuple(reasons),
        cautions=tuple(cautions),
        contact=f"{who}, {service}, {one.email}"[:300] if one.name else f"{service}, {one.email}",
        facts={"service": service, "themes": [str(theme) for theme in one.themes]},
    )
