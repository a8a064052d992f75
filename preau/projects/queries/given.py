"""« Dites-le-nous une fois »: what an organisation has given already, offered to its members.

Only to somebody wearing the hat of that organisation, once it is verified, and for a project of
its own: a stranger who types its number gets nothing from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.core.formats import day, local
from preau.projects.enums import ProjectState, QuestionKind
from preau.projects.models import Answer, Project, QuestionnaireVersion
from preau.projects.questions import Known, choices_of


@dataclass(frozen=True, slots=True)
class GivenContact:
    """Whom the organisation named last, and where that was said."""

    name: str
    function: str
    email: str
    phone: str
    source: str


def giver(actor: Actor, project: Project) -> Organization | None:
    """The organisation whose past answers may be shown to the actor for this project."""
    worn = actor.organization
    if worn is None or not worn.is_verified or project.holder_organization_id != worn.pk:
        return None
    return worn


def _said_in(project: Project) -> str:
    at = local(project.deposited_at or project.created_at, project.zone)
    return f"repris du projet {project.reference} du {day(at.date(), weekday=False)}"


def contact(actor: Actor, project: Project) -> GivenContact | None:
    organization = giver(actor, project)
    if organization is None:
        return None
    last = (
        Project.objects.filter(holder_organization=organization)
        .exclude(state=ProjectState.DRAFT)
        .exclude(pk=project.pk)
        .exclude(contact_name="")
        .select_related("lead_commune")
        .order_by("-deposited_at", "-pk")
        .first()
    )
    if last is None:
        return None
    return GivenContact(
        last.contact_name,
        last.contact_function,
        last.contact_email,
        last.contact_phone,
        _said_in(last),
    )


def answers(actor: Actor, project: Project, version: QuestionnaireVersion) -> dict[str, Known]:
    """Code of question → its last answer on another project of the organisation."""
    organization = giver(actor, project)
    if organization is None:
        return {}
    asked = {one.code: one for one in version.questions.all()}
    found = (
        Answer.objects.filter(
            assessment__project__holder_organization=organization,
            question__code__in=asked,
            value__isnull=False,
        )
        .exclude(assessment__project__state=ProjectState.DRAFT)
        .exclude(assessment__project=project)
        .select_related("question", "assessment__project__lead_commune")
        .order_by("question__code", "-answered_at", "-pk")
        .distinct("question__code")
    )
    known = {}
    for one in found:
        now = asked[one.question.code]
        if one.question.kind != now.kind:
            continue  # asked otherwise since
        value = one.value
        if now.kind in {QuestionKind.CHOICE, QuestionKind.CHOICES}:
            offered = {code for code, _ in choices_of(now)}
            if not set(value if isinstance(value, list) else [value]) <= offered:
                continue
        known[now.code] = Known(value, _said_in(one.assessment.project))
    return known
